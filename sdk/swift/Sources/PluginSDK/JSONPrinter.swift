// SPDX-License-Identifier: Apache-2.0 OR MIT

extension JSON: CustomStringConvertible {
    /// The JSON text, without spaces.
    public var description: String { String(decoding: encoded, as: UTF8.self) }

    /// The UTF-8 bytes of the JSON text, without spaces.
    public var encoded: [UInt8] {
        var printer = JSONPrinter()
        printer.write(self)
        return printer.bytes
    }
}

struct JSONPrinter {
    var bytes: [UInt8] = []

    mutating func write(_ value: JSON) {
        switch value {
        case .null: write("null")
        case .boolean(let flag): write(flag ? "true" : "false")
        case .integer(let number): write(number.description)
        case .unsigned(let number): write(number.description)
        case .float(let number): write(number)
        case .text(let text): writeQuoted(text)
        case .list(let items): write(items)
        case .object(let object): write(object)
        }
    }

    private mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }

    private mutating func write(_ number: Double) {
        if number.isNaN {
            write("{\"$float\":\"nan\"}")
        } else if number.isInfinite {
            write(number < 0 ? "{\"$float\":\"-inf\"}" : "{\"$float\":\"inf\"}")
        } else {
            write(number.description)
        }
    }

    private mutating func write(_ items: [JSON]) {
        bytes.append(UInt8(ascii: "["))
        for (position, item) in items.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            write(item)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ object: JSONObject) {
        bytes.append(UInt8(ascii: "{"))
        for (position, member) in object.members.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            writeQuoted(member.key)
            bytes.append(UInt8(ascii: ":"))
            write(member.value)
        }
        bytes.append(UInt8(ascii: "}"))
    }

    private mutating func writeQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case UInt8(ascii: "\n"): write("\\n")
            case 0..<0x20:
                write("\\u00")
                bytes.append(UInt8(ascii: "0") + byte >> 4)
                bytes.append(byte & 15 < 10 ? UInt8(ascii: "0") + byte & 15 : UInt8(ascii: "a") + (byte & 15) - 10)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
