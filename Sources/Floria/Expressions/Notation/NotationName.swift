// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Names and texts, as they are written in the notation.
enum NotationName {
    static func beginsWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }

    static func continuesWord(_ byte: UInt8) -> Bool {
        beginsWord(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
    }

    static func isBase64(_ byte: UInt8) -> Bool {
        beginsWord(byte) && byte != UInt8(ascii: "_") || (UInt8(ascii: "/")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "=")
    }

    /// The name of a function.
    static func written(_ function: FunctionName) -> String { written(function.description) }

    /// A name as it is if it is made of words joined by `:`, else in quotes.
    static func written(_ name: String) -> String {
        let words = name.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        let isPlain = words.allSatisfy { $0.first.map(beginsWord) == true && $0.allSatisfy(continuesWord) }
        return isPlain ? name : quoted(name)
    }

    /// A text in quotes.
    static func quoted(_ text: String) -> String {
        quotedText(text) { isHidden($0) ? "\\u" + codeName($0).dropFirst(2).lowercased() : nil }
    }

    /// Whether a terminal would obey the character, or not show it: controls, marks of direction and breaks of lines.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f..<0xa0, 0x200e...0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}

extension Call.Mode {
    /// What stands before a call of the mode.
    var sign: String {
        switch self {
        case .normal: ""
        case .eager: "*"
        case .lazy: "&"
        }
    }
}
