// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Testing

/// What holds for all values and all bytes, tried with seeded random ones.
struct CodecPropertyTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]

    @Test func `what is passed over is as long as what is read`() throws {
        var random = RandomValues(generator: SeededGenerator(seed: 11))
        for _ in 0..<2000 {
            let (first, second) = (random.value(), random.value())
            var cursor = CBORCursor(CBOR.encode(first) + CBOR.encode(.null) + CBOR.encode(second))
            try cursor.skip(2)
            #expect(try cursor.value() == second)
            #expect(cursor.isAtEnd)
        }
    }

    @Test func `nothing is passed over beyond the end`() {
        for bytes: [UInt8] in [
            [], [0x82, 0x01], [0x63, 0x61], [0x9b, 255, 255, 255, 255, 255, 255, 255, 255], [0xa1, 0x01], [0xff],
        ] {
            var cursor = CBORCursor(bytes)
            #expect(throws: Problem.self) { try cursor.skip() }
        }
    }

    @Test(arguments: seeds)
    func `every value survives every codec`(seed: UInt64) throws {
        var values = RandomValues(generator: SeededGenerator(seed: seed))
        for _ in 0..<500 {
            let value = values.value()
            #expect(try JSON.decode(JSON.encodeBytes(value)) == value)
            #expect(try JSON.decode(JSON.encode(value, pretty: true)) == value)
            #expect(try CBOR.decode(CBOR.encode(value)) == value)
            let yaml = YAML.encode(value)
            #expect(throws: Never.self, "\(yaml)") { try #expect(YAML.decode(Array(yaml.utf8)) == value, "\(yaml)") }
        }
    }

    @Test(arguments: seeds)
    func `equal values have equal encodings`(seed: UInt64) throws {
        var values = RandomValues(generator: SeededGenerator(seed: seed))
        for _ in 0..<200 {
            let value = values.value()
            let copy = try CBOR.decode(CBOR.encode(value))
            #expect(copy.hashValue == value.hashValue)
            #expect(CBOR.encode(copy) == CBOR.encode(value))
            #expect(JSON.encode(copy) == JSON.encode(value))
        }
    }

    @Test(arguments: seeds)
    func `no bytes crash a decoder, and what it accepts is kept`(seed: UInt64) throws {
        var values = RandomValues(generator: SeededGenerator(seed: seed))
        for _ in 0..<400 {
            let value = values.value()
            for encoding in [JSON.encodeBytes(value), CBOR.encode(value), Array(YAML.encode(value).utf8)] {
                let bytes = mutated(encoding, &values.generator)
                if let decoded = try? JSON.decode(bytes) { #expect(try JSON.decode(JSON.encodeBytes(decoded)) == decoded) }
                if let decoded = try? CBOR.decode(bytes) { #expect(try CBOR.decode(CBOR.encode(decoded)) == decoded) }
                if let decoded = try? YAML.decode(bytes) {
                    #expect(try YAML.decode(Array(YAML.encode(decoded).utf8)) == decoded)
                }
            }
        }
    }

    private func mutated(_ bytes: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        if generator.chance(10) {
            return (0..<Int.random(in: 0..<40, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
        }
        for _ in 0..<Int.random(in: 1..<6, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: index)
            case 2:
                bytes.insert(Array("{}[]\",:-+.eE0\n \t$&*!|>'%@#?\\u".utf8).randomElement(using: &generator) ?? 0, at: index)
            case 3: bytes.removeLast(bytes.count - index)
            default: bytes += bytes[index...].prefix(20)
            }
        }
        return bytes
    }
}
