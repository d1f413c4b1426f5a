// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The kinds of CBOR data items, by the number in the three high bits of their first byte.
enum CBORMajorType: UInt8 {
    case unsigned, negative, bytes, text, array, map, tag, simple
}

/// Writes values as deterministic CBOR.
package struct CBORWriter {
    /// What was written.
    package private(set) var output: [UInt8] = []

    /// Begins with nothing.
    ///
    /// - Parameter capacity: How many bytes are likely to be written, so that the output needn't grow.
    package init(capacity: Int = 0) { output.reserveCapacity(capacity) }

    /// Writes the head of a list of so many items, which are to be written next.
    package mutating func writeList(of count: Int) { head(.array, UInt64(count)) }

    /// Writes an item that is encoded already.
    package mutating func write(encoded bytes: [UInt8]) { output += bytes }

    /// Writes a value.
    package mutating func write(_ value: Value) {
        switch value {
        case .null: output.append(0xf6)
        case .boolean(let flag): output.append(flag ? 0xf5 : 0xf4)
        case .integer(let number) where number < 0: head(.negative, UInt64(-1 - number))
        case .integer(let number): head(.unsigned, UInt64(number))
        case .unsigned(let number): head(.unsigned, number)
        case .float(let number): write(number)
        case .text(let text): write(text)
        case .blob(let bytes):
            head(.bytes, UInt64(bytes.count))
            output += bytes
        case .list(let items): write(items)
        case .map(let map): write(map)
        case .custom(let kind, let inner):
            head(.tag, CBOR.customTag)
            write([.text(kind), inner])
        case .call(let call):
            head(.tag, CBOR.callTag)
            let mode: [Value] = call.mode == .normal ? [] : [.text(call.mode.rawValue)]
            write([.text(call.function.description), .list(call.arguments)] + mode)
        }
    }

    /// Writes a text.
    package mutating func write(_ text: String) {
        head(.text, UInt64(text.utf8.count))
        output.append(contentsOf: text.utf8)
    }

    private mutating func write(_ items: [Value]) {
        head(.array, UInt64(items.count))
        for item in items { write(item) }
    }

    private mutating func write(_ map: ValueMap) {
        head(.map, UInt64(map.count))
        if writeTextKeys(of: map) { return }
        let entries = map.map { (key: CBOR.encode($0.key), value: $0.value) }
        for entry in entries.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            output += entry.key
            write(entry.value)
        }
    }

    /// Writes the entries if all keys are texts, and gives whether they are. A shorter text has a smaller encoding, and texts
    /// of one length are in order already: so one length after the other is written.
    private mutating func writeTextKeys(of map: ValueMap) -> Bool {
        var length = Int.max
        for position in map.indices {
            guard let size = map.textSize(at: position) else { return false }
            length = min(length, size)
        }
        while length < Int.max {
            var next = Int.max
            for position in map.indices {
                guard let size = map.textSize(at: position), size >= length else { continue }
                if size == length {
                    let (key, value) = map[position]
                    write(key)
                    write(value)
                } else {
                    next = min(next, size)
                }
            }
            length = next
        }
        return true
    }

    private mutating func write(_ number: Double) {
        if number.isNaN { return append(UInt16(0x7e00), kind: 25) }
        if let half = Self.half(number) { return append(half, kind: 25) }
        let single = Float(number)
        if Double(single) == number { return append(single.bitPattern, kind: 26) }
        append(number.bitPattern, kind: 27)
    }

    /// The bits of the number in half precision (IEEE 754 binary16), if it keeps its value there.
    private static func half(_ number: Double) -> UInt16? {
        let sign: UInt16 = number.sign == .minus ? 0x8000 : 0
        if number == 0 { return sign }
        if number.isInfinite { return sign | 0x7c00 }
        let exponent = number.exponent
        guard (-24...15).contains(exponent) else { return nil }
        // The bits of the significand that half precision has no place for at this exponent must be zero.
        let lost = UInt64(42 + max(0, -14 - exponent))
        let full = number.significandBitPattern | 1 << 52
        guard full & (1 << lost - 1) == 0 else { return nil }
        let significand = UInt16(full >> lost)
        return sign | (exponent >= -14 ? UInt16(exponent + 15) << 10 | significand & 0x3ff : significand)
    }

    private mutating func head(_ type: CBORMajorType, _ argument: UInt64) {
        let high = type.rawValue << 5
        switch argument {
        case 0..<24: output.append(high | UInt8(argument))
        case 24...0xff: append(UInt8(argument), kind: 24, high)
        case 0x100...0xffff: append(UInt16(argument), kind: 25, high)
        case 0x1_0000...0xffff_ffff: append(UInt32(argument), kind: 26, high)
        default: append(argument, kind: 27, high)
        }
    }

    private mutating func append<Number: FixedWidthInteger>(_ number: Number, kind: UInt8, _ high: UInt8 = 0xe0) {
        output.append(high | kind)
        for shift in stride(from: Number.bitWidth - 8, through: 0, by: -8) {
            output.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }
}
