// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Blanks comments and the text of strings out of Swift and C, so that what is left can be searched for code.
///
/// Lines and columns stay where they were. Interpolations are part of their string.
struct CodeScanner {
    private let bytes: [UInt8]
    private let hasRawStrings: Bool
    private var result: [UInt8]
    private var position = 0

    /// The bytes of a source with spaces for comments and strings.
    static func blanked(_ bytes: [UInt8], hasRawStrings: Bool) -> [UInt8] {
        var scanner = CodeScanner(bytes: bytes, hasRawStrings: hasRawStrings, result: bytes)
        scanner.scan()
        return scanner.result
    }

    private mutating func scan() {
        while position < bytes.count {
            if at("//") {
                skipLine()
            } else if at("/*") {
                skipBlockComment()
            } else if bytes[position] == UInt8(ascii: "\"") {
                skipString(hashes: 0)
            } else if hasRawStrings, at("`") {
                skipRawIdentifier()
            } else if hasRawStrings, let hashes = rawStringHashes() {
                blank(hashes)
                skipString(hashes: hashes)
            } else if !hasRawStrings, at("'") {
                skipString(hashes: 0)
            } else {
                position += 1
            }
        }
    }

    private func at(_ text: StaticString, _ offset: Int = 0) -> Bool {
        let count = text.utf8CodeUnitCount
        guard position + offset + count <= bytes.count else { return false }
        for index in 0..<count where bytes[position + offset + index] != text.utf8Start[index] { return false }
        return true
    }

    private mutating func blank(_ count: Int) {
        for index in position..<min(position + count, bytes.count) where bytes[index] != UInt8(ascii: "\n") {
            result[index] = UInt8(ascii: " ")
        }
        position += count
    }

    /// Blanks what stands between backticks, which may read like code.
    private mutating func skipRawIdentifier() {
        position += 1
        while position < bytes.count, !at("`"), !at("\n") { blank(1) }
        position += 1
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank(1) }
    }

    private mutating func skipBlockComment() {
        var depth = 0
        repeat {
            if at("/*") {
                depth += 1
                blank(2)
            } else if at("*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && position < bytes.count
    }

    /// The number of `#` here if a string follows them.
    private func rawStringHashes() -> Int? {
        guard bytes[position] == UInt8(ascii: "#") else { return nil }
        let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
        return at("\"", hashes) ? hashes : nil
    }

    /// Skips a string from its opening quote to after its closing one, with the interpolations in it.
    private mutating func skipString(hashes: Int) {
        let quote = bytes[position]
        let quotes = hasRawStrings && at("\"\"\"") ? 3 : 1
        blank(quotes)
        while position < bytes.count {
            if isEscape(hashes) {
                blank(1 + hashes)
                if hasRawStrings, at("(") { skipInterpolation() } else { blank(1) }
            } else if closes(quote, quotes, hashes) {
                blank(quotes + hashes)
                return
            } else if quotes == 1, bytes[position] == UInt8(ascii: "\n") {
                return
            } else {
                blank(1)
            }
        }
    }

    private func isEscape(_ hashes: Int) -> Bool {
        at("\\") && bytes[(position + 1)...].prefix(hashes).allSatisfy { $0 == UInt8(ascii: "#") }
            && position + hashes < bytes.count
    }

    private func closes(_ quote: UInt8, _ quotes: Int, _ hashes: Int) -> Bool {
        let end = position + quotes + hashes
        return end <= bytes.count && bytes[position..<position + quotes].allSatisfy { $0 == quote }
            && bytes[position + quotes..<end].allSatisfy { $0 == UInt8(ascii: "#") }
    }

    private mutating func skipInterpolation() {
        var depth = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "\"") {
                skipString(hashes: 0)
                continue
            }
            if at("(") { depth += 1 }
            if at(")") { depth -= 1 }
            blank(1)
            if depth == 0 { return }
        }
    }
}
