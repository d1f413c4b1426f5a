// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What a file is read for.
enum Purpose {
    /// To tell whether it is valid.
    case validating
    /// To make a service of it.
    case compiling
}

/// Collects the problems of one run, so that all of them are reported and not only the first.
final class Diagnostics {
    /// What the files are read for.
    let purpose: Purpose
    /// The files that were read.
    var files: [SourceFile] = []
    private var seen: Set<Problem> = []
    private var all: [Problem] = []

    init(_ purpose: Purpose) { self.purpose = purpose }

    /// Takes note of a problem at a place of a source text.
    func report(
        _ code: String, _ message: String, at location: SourceLocation, related: [Problem.Related] = [], hint: String? = nil,
        severity: Problem.Severity = .error
    ) {
        add(Problem(code, message, at: .source(location), related: related, hint: hint, severity: severity))
    }

    /// Takes note of something that is valid, but that no service can be made of yet, or that the service will not do, which is
    /// a warning. Only compiling tells it.
    func unsupported(
        _ message: String, at location: SourceLocation, hint: String? = nil, severity: Problem.Severity = .error
    ) {
        if purpose == .compiling { report("tosca.not-supported", message, at: location, hint: hint, severity: severity) }
    }

    /// Takes note of a problem that is known already.
    func add(_ problem: Problem) {
        if seen.insert(problem).inserted { all.append(problem) }
    }

    /// Whether something is wrong, warnings aside.
    var hasErrors: Bool { all.contains { $0.severity == .error } }

    /// The warnings, in order of place.
    ///
    /// - Throws: all problems in order of place, warnings included, if one of them is an error.
    func finish() throws(Problems) -> [Problem] {
        // Those of one place may have been found in any order.
        let sorted = all.sorted { left, right in
            let (first, second) = (Self.key(left), Self.key(right))
            return first == second ? (left.code, left.message) < (right.code, right.message) : first < second
        }
        let problems = located(sorted)
        if hasErrors { throw Problems(problems) }
        return problems
    }

    /// The problems with the ends of their places and the paths to them.
    private func located(_ problems: [Problem]) -> [Problem] {
        let groups = Dictionary(grouping: problems) { Self.key($0).0 }
        var places: [String: NodePlaces] = [:]
        for file in files {
            if let group = groups[file.path] { places[file.path] = NodePlaces(file.root, file.path, group) }
        }
        return problems.map { places[Self.key($0).0]?.complete($0) ?? $0 }
    }

    private static func key(_ problem: Problem) -> (String, Int, Int) {
        guard case .source(let location) = problem.place else { return ("", 0, 0) }
        return (location.file, location.row, location.column)
    }
}
