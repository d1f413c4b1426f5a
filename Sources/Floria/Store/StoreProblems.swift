// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The problems that every store reports in the same words.
enum StoreProblem {
    /// The version of an entity or a record isn't the expected one.
    static func conflict(_ subject: String, expected: UInt64, found: UInt64) -> Problem {
        let message =
            switch (expected, found) {
            case (0, _): "\(subject) is there already, with version \(found)"
            case (_, 0): "\(subject) is no longer there; version \(expected) was expected"
            default: "\(subject) has version \(found); version \(expected) was expected"
            }
        return Problem("store.conflict", message, hint: "somebody else was faster: read again and decide again")
    }

    /// A property has begun to read what is about to change.
    static func newReader(_ reader: PropertyReference) -> Problem {
        Problem(
            "store.conflict", "‘\(reader)’ reads what is changed, and was not evaluated with it",
            hint: "somebody else was faster: read again and decide again")
    }

    /// What was found by following edges or containment is no longer so.
    static func changedStructure(_ read: Read) -> Problem {
        let message =
            if case .entity(let id) = read { "‘\(id)’ is not what it was when it was looked at" } else {
                "\(read) has changed since it was looked at"
            }
        return Problem("store.conflict", message, hint: "somebody else was faster: read again and decide again")
    }

    /// A rule of the graph would be broken.
    static func invalid(_ message: String, _ id: ID?, hint: String? = nil) -> Problem {
        Problem("store.invalid", message, at: id.map { .entity($0.description, property: nil) }, hint: hint)
    }

    /// One problem for all the rules that a change would break.
    static func broken(_ problems: [Problem]) -> Problem? {
        joined(problems, "the change would break \(problems.count) rules of the graph")
    }

    /// One problem for several of one code.
    static func joined(_ problems: [Problem], _ message: @autoclosure () -> String) -> Problem? {
        guard let first = problems.first else { return nil }
        guard problems.count > 1 else { return first }
        return Problem(first.code, message(), causes: problems, hint: first.hint)
    }
}
