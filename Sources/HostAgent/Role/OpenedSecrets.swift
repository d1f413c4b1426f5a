// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Support

/// A value whose secrets were opened, for the one use that it leaves for.
struct OpenedSecrets: Sendable {
    /// What stands in texts in the place of a content.
    static let mask = "•••"

    /// The value with contents in the place of references.
    let value: Value
    /// The contents, as texts; the longest first, because one may be a part of another.
    private let contents: [String]

    /// Whether there was any secret in it, whatever its content is.
    let isSensitive: Bool

    /// Opens a value for an entity.
    ///
    /// - Parameter languages: the functions that may make something of contents.
    /// - Throws: `secret.unknown`, `secret.out-of-scope`, `secret.tampered`, `secret.not-computed`.
    init(
        _ value: Value, for entity: ID, client: APIClient, languages: [String: any FunctionLibrary]
    ) async throws(Problem) {
        guard value.holdsSecret else {
            self.value = value
            contents = []
            isSensitive = false
            return
        }
        let references = try value.storedSecrets()
        let opened: [SecretReference: Value]
        do { opened = try await client.open(references, for: entity) } catch { throw error.first }
        let functions = Functions(languages)
        var all = Array(opened.values)
        self.value = try await value.openingSecrets(opened) { function, arguments throws(Problem) in
            all.append(try await Self.compute(function, arguments, functions, entity))
            return all[all.count - 1]
        }
        contents = Set(all.flatMap(\.texts)).sorted { $0.utf8.count > $1.utf8.count }
        isSensitive = true
    }

    private static func compute(
        _ function: FunctionName, _ arguments: [Value], _ functions: Functions, _ entity: ID
    ) async throws(Problem) -> Value {
        do throws(EvaluationFailure) {
            return try await Evaluation(site: CallSite(entity: entity), graph: Graph(), functions: functions)
                .evaluate(.call(Call(function, arguments)))
        } catch {
            // The reason may quote a content.
            throw Problem(
                "secret.not-computed", "‘\(function)’ cannot make anything of a secret of ‘\(entity)’",
                at: .entity(entity.description, property: nil),
                hint: "look at the types of its arguments; the reason is not shown, because it may tell the secret")
        }
    }

    /// A text without any content in it.
    func masked(_ text: String) -> String {
        contents.reduce(text) { $0.replacing($1, with: Self.mask) }
    }

    /// Whether a content stands in a value.
    func isTold(by value: Value) -> Bool {
        let text = JSON.encode(value)
        return contents.contains { text.contains($0) }
    }

    /// The value as the environment variables take it: a text, or anything else as JSON.
    static func text(_ value: Value) -> String { value.text ?? JSON.encode(value) }
}

extension Value {
    /// All texts and numbers in it, which others may come upon.
    fileprivate var texts: [String] {
        switch self {
        case .text(let text): text.isEmpty ? [] : [text, String(JSON.encode(self).dropFirst().dropLast())]
        case .list(let items): items.flatMap(\.texts)
        case .map(let map): map.flatMap { $0.value.texts }
        case .custom(_, let inner): inner.texts
        case .integer, .unsigned, .float: [JSON.encode(self)]
        case .blob(let bytes): bytes.isEmpty ? [] : [bytes.base64]
        case .null, .boolean, .call: []
        }
    }
}

extension [UInt8] {
    /// As they stand in JSON.
    fileprivate var base64: String {
        var text: [UInt8] = []
        Base64.encode(self, to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension Problem {
    /// The problem without any content of a secret in its texts.
    func masked(by secrets: OpenedSecrets) -> Problem {
        guard secrets.isSensitive else { return self }
        var problem = self
        problem.message = secrets.masked(message)
        problem.hint = hint.map(secrets.masked)
        problem.causes = causes.map { $0.masked(by: secrets) }
        if case .command(let arguments, let host)? = place {
            problem.place = .command(arguments.map(secrets.masked), host: host)
        }
        return problem
    }

    /// A secret where everybody would see it.
    static func secretInArgument(_ program: String, _ entity: ID) -> Problem {
        Problem(
            "secret.in-argument", "an argument of ‘\(program)’ is a secret, and arguments can be seen by everybody on the host",
            at: .entity(entity.description, property: nil),
            hint: "give it in the environment or in a file, and let the program read it there")
    }
}
