// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Finds functions, initializers and closures of properties by their braces in blanked Swift code.
struct FunctionScanner {
    /// A function with a body.
    struct Function {
        var name: String
        var row: Int
        /// The lines from the declaration to the closing brace.
        var length: Int
    }

    /// The functions of a file, nested ones too.
    static func functions(of code: [String]) -> [Function] {
        let bytes = Array(code.joined(separator: "\n").utf8)
        var rows: [Int] = []
        rows.reserveCapacity(bytes.count)
        var row = 1
        for byte in bytes {
            rows.append(row)
            if byte == UInt8(ascii: "\n") { row += 1 }
        }
        return declarations(bytes).compactMap { name, start in
            guard let opening = body(bytes, from: start), let closing = closingBrace(bytes, from: opening) else { return nil }
            return Function(name: name, row: rows[start], length: rows[closing] - rows[start] + 1)
        }
    }

    private static let endsSearch: Set<String> = [
        "func", "var", "let", "case", "init", "deinit", "subscript", "static", "mutating", "associatedtype", "typealias",
        "struct", "enum", "class", "actor", "extension", "protocol", "import",
    ]

    /// The places after `func`, `init` and `deinit` where they begin a declaration.
    private static func declarations(_ bytes: [UInt8]) -> [(name: String, start: Int)] {
        var found: [(String, Int)] = []
        var index = 0
        while index < bytes.count {
            guard isWord(bytes[index]) else {
                index += 1
                continue
            }
            let start = index
            while index < bytes.count, isWord(bytes[index]) { index += 1 }
            guard index - start <= 6, start == 0 || bytes[start - 1] != UInt8(ascii: ".") else { continue }
            switch String(decoding: bytes[start..<index], as: UTF8.self) {
            case "func": found.append((name(bytes, after: index), index))
            case "init": found.append(("init", index))
            case "deinit": found.append(("deinit", index))
            default: break
            }
        }
        return found
    }

    private static func name(_ bytes: [UInt8], after index: Int) -> String {
        let rest = bytes[index...].drop { $0 == UInt8(ascii: " ") }
        return String(decoding: rest.prefix { $0 != UInt8(ascii: "(") && $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// The opening brace of the body, or nil for a requirement without one.
    private static func body(_ bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "("), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: "{") where depth == 0: return index
            case UInt8(ascii: "}") where depth == 0: return nil
            case let byte where depth == 0 && isWord(byte):
                let word = bytes[index...].prefix(while: isWord)
                if endsSearch.contains(String(decoding: word, as: UTF8.self)) { return nil }
                index += word.count - 1
            default: break
            }
            if depth < 0 { return nil }
            index += 1
        }
        return nil
    }

    private static func closingBrace(_ bytes: [UInt8], from opening: Int) -> Int? {
        var depth = 0
        for index in opening..<bytes.count {
            if bytes[index] == UInt8(ascii: "{") { depth += 1 }
            if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
