// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Looks for public declarations without a documentation comment.
enum Documentation {
    /// The public declarations of a file that no `///` stands above.
    static func missing(_ file: Repository.File) -> [Finding] {
        file.code.enumerated().compactMap { index, line in
            guard isPublicDeclaration(line), !isDocumented(file, index) else { return nil }
            let name = line.split(separator: " ").joined(separator: " ")
            return Finding(path: file.path, row: index + 1, message: "no documentation: \(name.prefix(80))")
        }
    }

    private static func isPublicDeclaration(_ line: String) -> Bool {
        var words = line.split(separator: " ").drop { $0.hasPrefix("@") }
        guard let first = words.popFirst(), first == "public" || first == "open" else { return false }
        return !words.contains("import") && words.first != "extension"
    }

    private static func isDocumented(_ file: Repository.File, _ index: Int) -> Bool {
        var row = index - 1
        while row >= 0, isAttribute(file.code[row]) { row -= 1 }
        return row >= 0 && file.lines[row].drop { $0 == " " }.hasPrefix("///")
    }

    private static func isAttribute(_ code: String) -> Bool {
        let text = code.drop { $0 == " " }
        return text.hasPrefix("@") || text.hasPrefix("#if") || text.hasPrefix("#else")
    }
}
