// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Problems in the Static Analysis Results Interchange Format, version 2.1.0 of OASIS.
enum SARIF {
    /// The log of one run.
    static func document(_ problems: [Problem], version: String) -> Value {
        let codes = Set(problems.map(\.code)).sorted()
        let driver: Value = [
            "name": "khutulun", "version": .text(version), "rules": .list(codes.map { ["id": .text($0)] }),
        ]
        let run: Value = [
            "tool": ["driver": driver], "columnKind": "unicodeCodePoints",
            "results": .list(problems.map { result($0, codes.firstIndex(of: $0.code) ?? 0) }),
        ]
        return ["$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]]
    }

    private static func result(_ problem: Problem, _ rule: Int) -> Value {
        var text = problem.message
        if let hint = problem.hint { text += "\n\(hint)" }
        var result: Value = [
            "ruleId": .text(problem.code), "ruleIndex": .integer(rule), "level": .text(problem.severity.rawValue),
            "message": ["text": .text(text)],
        ]
        if let place = location(problem.place, to: problem.end) {
            var location: Value = ["physicalLocation": place]
            if let path = problem.path { location["logicalLocations"] = [["fullyQualifiedName": .text(path)]] }
            result["locations"] = [location]
        }
        let related = problem.related.enumerated().compactMap { index, related -> Value? in
            location(related.place, to: nil).map {
                ["id": .integer(index + 1), "message": ["text": .text(related.message)], "physicalLocation": $0]
            }
        }
        if !related.isEmpty { result["relatedLocations"] = .list(related) }
        return result
    }

    private static func location(_ place: Problem.Place?, to end: SourcePosition?) -> Value? {
        guard case .source(let start)? = place else { return nil }
        var region: Value = ["startLine": .integer(start.row), "startColumn": .integer(start.column)]
        if let end {
            region["endLine"] = .integer(end.row)
            region["endColumn"] = .integer(end.column)
        }
        return ["artifactLocation": ["uri": .text(address(start.file))], "region": region]
    }

    /// The path of a file as a URI, absolute if the path is.
    private static func address(_ path: String) -> String {
        let encoded = path.utf8.map { byte in
            let isPlain = byte >= 0x80 ? false : Character(Unicode.Scalar(byte)).isLetter || (0x30...0x39).contains(byte)
            let isAllowed = isPlain || "/-._~!".utf8.contains(byte)
            return isAllowed
                ? String(Unicode.Scalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
        return path.hasPrefix("/") ? "file://\(encoded)" : encoded
    }
}
