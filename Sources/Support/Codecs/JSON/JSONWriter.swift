// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Writes values as JSON.
struct JSONWriter {
    private(set) var output: [UInt8] = []
    private let pretty: Bool
    private let sink: (([UInt8]) -> Void)?

    /// - Parameter sink: what takes the bytes whenever there are some; without one all of them stay.
    init(pretty: Bool, sink: (([UInt8]) -> Void)? = nil) {
        self.pretty = pretty
        self.sink = sink
    }

    /// Gives away what is there.
    mutating func flush() {
        sink?(output)
        output.removeAll(keepingCapacity: true)
    }

    /// How many bytes are gathered for the sink.
    private static let portion = 1 << 18
    /// New lines, by their level of nesting.
    private static let newLines = (0...64).map { [UInt8(ascii: "\n")] + [UInt8](repeating: UInt8(ascii: " "), count: 2 * $0) }

    /// Writes a value that stands at a level of nesting.
    mutating func write(_ value: Value, level: Int) {
        switch value {
        case .null: append("null")
        case .integer(let number): write(number)
        case .unsigned(let number): append(number.description)
        case .float(let number) where number.isFinite: append(number.description)
        case .boolean(let flag): append(flag ? "true" : "false")
        case .text(let text): write(text)
        case .list(let items): write(items, level: level)
        case .map(let map) where !ReservedForm.isNeeded(for: map): write(map, level: level)
        default:
            guard let form = ReservedForm.encode(value) else { return }
            open("{", level: level + 1)
            writeKey(form.key)
            write(form.content, level: level + 1)
            close("}", level: level)
        }
    }

    private mutating func write(_ items: [Value], level: Int) {
        if items.isEmpty { return append("[]") }
        var separator: Unicode.Scalar = "["
        for item in items {
            open(separator, level: level + 1)
            write(item, level: level + 1)
            separator = ","
        }
        close("]", level: level)
    }

    private mutating func write(_ map: ValueMap, level: Int) {
        if map.isEmpty { return append("{}") }
        var separator: Unicode.Scalar = "{"
        for (key, item) in map {
            guard case .text(let text) = key else { continue }
            open(separator, level: level + 1)
            writeKey(text)
            write(item, level: level + 1)
            separator = ","
        }
        close("}", level: level)
    }

    private mutating func writeKey(_ key: String) {
        write(key)
        output.append(UInt8(ascii: ":"))
        if pretty { output.append(UInt8(ascii: " ")) }
    }

    private mutating func write(_ number: Int64) {
        if number >= 0 && number < 10 {
            output.append(UInt8(ascii: "0") + UInt8(number))
        } else {
            append(number.description)
        }
    }

    private mutating func write(_ text: String) {
        output.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for index in 0..<bytes.count {
                let byte = bytes[index]
                guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
                output.append(contentsOf: bytes[start..<index])
                start = index + 1
                writeEscape(byte)
            }
            output.append(contentsOf: bytes[start...])
        }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case UInt8(ascii: "\n"): append("\\n")
        case UInt8(ascii: "\r"): append("\\r")
        case UInt8(ascii: "\t"): append("\\t")
        default:
            append(byte < 0x10 ? "\\u000" : "\\u001")
            append(String(byte & 0xf, radix: 16))
        }
    }

    private mutating func open(_ character: Unicode.Scalar, level: Int) {
        if sink != nil, output.count >= Self.portion { flush() }
        output.append(UInt8(ascii: character))
        if pretty { newLine(level) }
    }

    private mutating func close(_ character: Unicode.Scalar, level: Int) {
        if pretty { newLine(level) }
        output.append(UInt8(ascii: character))
    }

    private mutating func newLine(_ level: Int) {
        if level < Self.newLines.count { return output.append(contentsOf: Self.newLines[level]) }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }

    private mutating func append(_ text: String) { output.append(contentsOf: text.utf8) }
}
