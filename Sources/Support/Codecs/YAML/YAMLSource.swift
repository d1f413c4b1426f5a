// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A text that was checked for what YAML does not allow at all, made ready for libyaml.
///
/// libyaml takes U+0085, U+2028 and U+2029 for line breaks, which YAML 1.2 does not. Where they occur, they are replaced by
/// private-use characters that the text does not hold otherwise, and put back into the scalars.
struct YAMLSource {
    /// UTF-8 without byte order mark.
    private(set) var bytes: [UInt8]
    /// The file's name for messages.
    let file: String
    private var replacements: [(original: Unicode.Scalar, standIn: Unicode.Scalar)] = []

    /// The characters that are line breaks only for libyaml.
    private static let falseBreaks: [Unicode.Scalar] = ["\u{85}", "\u{2028}", "\u{2029}"]

    init(_ text: [UInt8], file: String) throws(Problems) {
        self.file = file
        bytes = text.starts(with: [0xef, 0xbb, 0xbf]) ? Array(text.dropFirst(3)) : text
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let isUTF16 = text.starts(with: [0xff, 0xfe]) || text.starts(with: [0xfe, 0xff])
            throw failure(
                "yaml.utf8", "the file is not valid UTF-8", at: error.byteOffsets.lowerBound,
                hint: isUTF16 ? "it seems to be UTF-16: convert it" : "is it a text file?")
        }
        try checkCharacters()
    }

    /// The text of a scalar with what was replaced put back.
    func restore(_ text: String) -> String {
        if replacements.isEmpty { return text }
        var restored = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            restored.append(replacements.first { $0.standIn == scalar }?.original ?? scalar)
        }
        return String(restored)
    }

    /// The scalar at a byte; nil at the end.
    func scalar(at offset: Int) -> Unicode.Scalar? {
        guard offset < bytes.count else { return nil }
        return String(decoding: bytes[offset..<min(offset + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    }

    private mutating func checkCharacters() throws(Problems) {
        var hasFalseBreaks = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte >= 0x20 && byte < 0x7f || byte == 0x0a {
                index += 1
                continue
            }
            guard let scalar = scalar(at: index) else { break }
            if Self.falseBreaks.contains(scalar) { hasFalseBreaks = true }
            guard Self.isPrintable(scalar) else {
                throw failure(
                    "yaml.character", "the character \(codeName(scalar)) cannot stand in YAML", at: index,
                    hint: byte < 0x20 ? "is it a text file?" : "write it as an escape sequence in double quotes")
            }
            index += UTF8.width(scalar)
        }
        if hasFalseBreaks { replaceFalseBreaks() }
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d, 0x20..<0x7f, 0x85, 0xa0..<0xfeff, 0xff00..<0xfffe, 0x10000...: true
        default: false
        }
    }

    private mutating func replaceFalseBreaks() {
        let text = String(decoding: bytes, as: UTF8.self)
        let privateUse: ClosedRange<UInt32> = 0xf0000...0xffffd
        let used = Set(text.unicodeScalars.filter { privateUse.contains($0.value) })
        var free = privateUse.lazy.compactMap(Unicode.Scalar.init).filter { !used.contains($0) }.makeIterator()
        for original in Self.falseBreaks {
            if let standIn = free.next() { replacements.append((original, standIn)) }
        }
        var replaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            replaced.append(replacements.first { $0.original == scalar }?.standIn ?? scalar)
        }
        bytes = Array(String(replaced).utf8)
    }

    private func failure(_ code: String, _ message: String, at offset: Int, hint: String) -> Problems {
        let place = SourceLocation(file: file, byte: offset, of: bytes.span)
        return Problems([Problem(code, message, at: .source(place), hint: hint)])
    }
}

extension YAMLSource {
    /// The place after the last character.
    var end: SourceLocation {
        let span = bytes.span
        return SourceLocation(file: file, byte: span.count, of: span)
    }

    /// The scalar at a place; nil at the end of the text.
    func scalar(at location: SourceLocation) -> Unicode.Scalar? {
        var row = 1
        var column = 1
        var previous: Unicode.Scalar?
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if row == location.row, column == location.column { return scalar }
            let isBreak = scalar == "\n" || scalar == "\r"
            let endsPrevious = scalar == "\n" && previous == "\r"
            if isBreak {
                row += endsPrevious ? 0 : 1
                column = 1
            } else {
                column += 1
            }
            previous = scalar
        }
        return nil
    }
}
