// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Words and constructs that this code does without.
enum BannedConstructs {
    /// What stands in code and hides failures, and marks of unfinished work wherever they stand.
    static func findings(_ file: Repository.File) -> [Finding] {
        var findings = marks(file)
        guard file.isSwift else { return findings }
        for (index, line) in file.code.enumerated() {
            for construct in constructs(for: file) where contains(construct, in: line) {
                findings.append(Finding(path: file.path, row: index + 1, message: construct))
            }
            if line.contains("@unchecked Sendable"), !hasReason(file, index) {
                findings.append(
                    Finding(path: file.path, row: index + 1, message: "@unchecked Sendable without a comment that says why"))
            }
        }
        return findings
    }

    /// Names of the demo's programs, which other people's services don't use.
    static func demoWords(_ file: Repository.File) -> [Finding] {
        file.lines.enumerated().flatMap { index, line in
            ["guestbook", "nginx", "redis"].filter(line.lowercased().contains).map {
                Finding(path: file.path, row: index + 1, message: $0)
            }
        }
    }

    private static func constructs(for file: Repository.File) -> [String] {
        let always = ["try!", "as!", "fatalError(", ".disabled(", "unsafeBitCast("]
        // Folders of programs have names in lower case.
        let isLibrary = file.isWithin("plugins") || file.target?.first?.isUppercase == true
        return always + (isLibrary ? ["print("] : [])
    }

    private static func marks(_ file: Repository.File) -> [Finding] {
        guard !file.isWithin("Tests/TidyTests"), !file.path.hasSuffix(".md") else { return [] }
        return file.lines.enumerated().flatMap { index, line in
            ["TODO", "FIXME", "XXX", "HACK"].filter { contains($0, in: line) }.map {
                Finding(path: file.path, row: index + 1, message: $0)
            }
        }
    }

    /// Whether a line has the construct and it isn't the end of a longer word.
    private static func contains(_ construct: String, in line: String) -> Bool {
        line.ranges(of: construct).contains { range in
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            let after = range.upperBound < line.endIndex ? line[range.upperBound] : " "
            let mayGoOn = construct.last?.isLetter == false
            return !isWord(before) && before != "." || construct.hasPrefix(".") ? mayGoOn || !isWord(after) : false
        }
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }

    /// Whether the line, or the comment right above it, holds a comment of some words.
    private static func hasReason(_ file: Repository.File, _ index: Int) -> Bool {
        let comment = file.lines[..<index].reversed().prefix { isCommentOrAttribute($0) }.joined(separator: " ")
        let sameLine = file.lines[index].split(separator: "//").dropFirst().joined()
        return max(comment.split(separator: " ").count, sameLine.split(separator: " ").count) > 3
    }

    private static func isCommentOrAttribute(_ line: String) -> Bool {
        let text = line.drop { $0 == " " }
        return text.hasPrefix("//") || text.hasPrefix("@")
    }
}
