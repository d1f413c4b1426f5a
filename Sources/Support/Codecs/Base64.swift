// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Base64 with the standard alphabet and padding (RFC 4648 §4), strict: one encoding per content.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: .max, count: 256)
        for (digit, character) in alphabet.enumerated() { digits[Int(character)] = UInt8(digit) }
        return digits
    }()

    /// Appends the encoding of the bytes.
    package static func encode(_ bytes: [UInt8], to output: inout [UInt8]) {
        output.reserveCapacity(output.count + (bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[start + offset]) : 0) }
            for position in 0..<4 {
                let digit = alphabet[group >> (18 - 6 * position) & 63]
                output.append(position <= count ? digit : UInt8(ascii: "="))
            }
        }
    }

    /// The bytes that the text encodes; nil if it is not the base64 form of any.
    package static func decode(_ text: String) -> [UInt8]? {
        var characters = Array(text.utf8)
        guard characters.count % 4 == 0 else { return nil }
        var padding = 0
        while padding < 2, characters.last == UInt8(ascii: "=") {
            characters.removeLast()
            padding += 1
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(characters.count / 4 * 3 + 2)
        var group = 0
        var bits = 0
        for character in characters {
            let digit = digits[Int(character)]
            guard digit != .max else { return nil }
            group = (group << 6 | Int(digit)) & 0xfff
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> bits))
            }
        }
        return group & (1 << bits - 1) == 0 ? bytes : nil
    }
}
