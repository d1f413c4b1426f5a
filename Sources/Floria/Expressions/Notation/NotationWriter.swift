// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Writes values in the notation.
struct NotationWriter {
    private(set) var output: [UInt8] = []
    /// Whether it was more than the limit allows. Then no more is written.
    private(set) var isFull = false
    private let limit: Int
    /// The bytes that a line may have before it is broken into several; nil is any number.
    private let width: Int?
    private var lineStart = 0

    init(width: Int?, limit: Int = .max) {
        self.width = width
        self.limit = limit
    }

    /// Writes a value. Parts that don't fit on the line stand on lines of their own, one level deeper.
    mutating func write(_ value: Value, level: Int) {
        if isFull { return }
        guard let group = NotationGroup(value) else { return writeScalar(value) }
        let isBroken = !group.items.isEmpty && !fits(value)
        append(group.open)
        if group.keys == nil, group.items.count == 1, NotationGroup(group.items[0]) != nil {
            write(group.items[0], level: level)
        } else {
            writeItems(of: group, isBroken: isBroken, level: level)
        }
        append(group.close)
    }

    private mutating func writeItems(of group: NotationGroup, isBroken: Bool, level: Int) {
        for (index, item) in group.items.enumerated() {
            if index > 0 { append(isBroken ? "," : ", ") }
            if isBroken { newLine(level + 1) }
            if let keys = group.keys {
                write(keys[index], level: level + 1)
                append(": ")
            }
            write(item, level: level + 1)
        }
        if isBroken { newLine(level) }
    }

    /// Whether the value fits on the rest of the line.
    private func fits(_ value: Value) -> Bool {
        guard let width else { return true }
        var rest = NotationWriter(width: nil, limit: width - (output.count - lineStart))
        rest.write(value, level: 0)
        return !rest.isFull
    }

    private mutating func newLine(_ level: Int) {
        append("\n")
        lineStart = output.count
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * level))
    }

    private mutating func writeScalar(_ value: Value) {
        switch value {
        case .null: append("null")
        case .boolean(let flag): append(flag ? "true" : "false")
        case .integer(let number): append(number.description)
        case .unsigned(let number): append(number.description)
        case .float(let number): append(number.isNaN ? "nan" : number.description)
        case .text(let text) where text.utf8.count > limit: isFull = true
        case .text(let text): append(NotationName.quoted(text))
        case .blob(let bytes) where bytes.count > limit: isFull = true
        case .blob(let bytes):
            append("<")
            Base64.encode(bytes, to: &output)
            append(">")
        case .list, .map, .custom, .call: break
        }
    }

    private mutating func append(_ text: String) {
        output.append(contentsOf: text.utf8)
        if output.count > limit { isFull = true }
    }
}

/// A value that has parts: what stands between which brackets.
private struct NotationGroup {
    let open: String
    let close: String
    let items: [Value]
    /// The keys of the items, if it is a map.
    let keys: [Value]?

    init?(_ value: Value) {
        switch value {
        case .list(let items): self.init("[", items, "]")
        case .map(let map): self.init("{", map.map(\.value), "}", keys: map.map(\.key))
        case .custom(let kind, let inner): self.init("@\(NotationName.written(kind))(", [inner], ")")
        case .call(let call):
            self.init("\(call.mode.sign)\(NotationName.written(call.function))(", call.arguments, ")")
        case .null, .integer, .unsigned, .float, .boolean, .text, .blob: return nil
        }
    }

    private init(_ open: String, _ items: [Value], _ close: String, keys: [Value]? = nil) {
        self.open = open
        self.items = items
        self.close = close
        self.keys = keys
    }
}
