// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Whether a byte is an ASCII letter or digit.
func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}

/// A text with its ASCII letters in upper case.
func asciiUppercased(_ text: String) -> String {
    let bytes = text.utf8.map { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) ? $0 - 32 : $0 }
    return String(decoding: bytes, as: UTF8.self)
}

/// The parts of a text between the separators; empty ones are left out.
func parts(_ text: String, of separator: UInt8) -> [String] {
    text.utf8.split(separator: separator).map { String(decoding: $0, as: UTF8.self) }
}

/// Whether a text stands somewhere in another.
func contains(_ text: String, _ part: String) -> Bool {
    let bytes = Array(text.utf8)
    let wanted = Array(part.utf8)
    guard bytes.count >= wanted.count else { return false }
    return (0...(bytes.count - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
}

/// Texts with a separator between them.
func joined(_ texts: [String], _ separator: String) -> String {
    var result = ""
    for (position, text) in texts.enumerated() { result += position == 0 ? text : separator + text }
    return result
}

/// The last lines of a text, without the line breaks. A last line without a line break counts.
func lastLines(_ text: String, count: Int) -> [String] {
    var lines: [String] = []
    var rest = Array(text.utf8)[...]
    if rest.last == UInt8(ascii: "\n") { rest.removeLast() }
    while !rest.isEmpty, lines.count < count {
        let start = rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.startIndex
        lines.append(String(decoding: rest[start...], as: UTF8.self))
        rest = start == rest.startIndex ? [] : rest[..<(start - 1)]
    }
    return lines.reversed()
}

/// Whether a text ends with another.
func hasSuffix(_ text: String, _ suffix: String) -> Bool { text.utf8.reversed().starts(with: suffix.utf8.reversed()) }
