// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What holds for all expressions, tried with seeded random ones.
@Suite struct NotationPropertyTests {
    private static let seeds: [UInt64] = [1, 2, 3, 4]

    @Test(arguments: seeds)
    func `every value survives the notation, and its structured form too`(seed: UInt64) throws {
        var random = RandomExpressions(seed: seed)
        for _ in 0..<1500 {
            let value = random.value()
            let line = Notation.encode(value)
            #expect(!line.contains("\n"), "\(line)")
            for text in [line, Notation.encode(value, pretty: true)] {
                let read = try Notation.decode(text)
                #expect(read == value, "\(text)")
                #expect(Notation.encode(read) == line)
                #expect(Notation.encode(try JSON.decode(JSON.encode(read))) == line)
                #expect(JSON.encode(read) == JSON.encode(value))
                #expect(Notation.encode(try CBOR.decode(CBOR.encode(read))) == line)
            }
        }
    }

    @Test(arguments: seeds)
    func `no text crashes the reader, and what it accepts is kept`(seed: UInt64) throws {
        var random = RandomExpressions(seed: seed)
        let pieces = [
            "[", "]", "{", "}", "(", ")", "<", ">", "@", "*", "&", ",", ":", "\"", "\\", "#", "\n", "-", "a:b", "null", "é",
            "1.", "e",
        ]
        var accepted = 0
        for _ in 0..<1500 {
            var characters = Array(Notation.encode(random.value(depth: 2)))
            for _ in 0...random.random.next() % 3 {
                let place = Int(random.random.next() % UInt64(characters.count + 1))
                if random.random.next() % 2 == 0, place < characters.count {
                    characters.remove(at: place)
                } else {
                    characters.insert(contentsOf: pieces[Int(random.random.next() % UInt64(pieces.count))], at: place)
                }
            }
            guard let value = try? Notation.decode(String(characters)) else { continue }
            accepted += 1
            #expect(try Notation.decode(Notation.encode(value)) == value)
        }
        #expect(accepted > 50)
    }

    @Test func `what is as deep as is allowed passes through every form`() throws {
        let kinds: [(Value) -> Value] = [
            { [$0] }, { [$0: $0.isLiteral ? 1 : $0] }, { .custom(kind: "k", value: $0) }, { .t("f", 1, $0, mode: .eager) },
            { ["$a": $0] },
        ]
        let limits = CodecLimits(size: 1 << 20, depth: 24, count: 1 << 20)
        for (kind, wrap) in kinds.enumerated() {
            var value: Value = "x"
            for level in 0..<24 { value = level % 3 == 0 || kind != 1 ? wrap(value) : [value] }
            let deeper: Value = [value]
            #expect(try Notation.decode(Notation.encode(value), limits: limits) == value)
            #expect(try JSON.decode(JSON.encode(value), limits: limits) == value)
            #expect(try CBOR.decode(CBOR.encode(value), limits: limits) == value)
            let yaml = YAMLLimits(size: 1 << 20, depth: 24, count: 1 << 20)
            #expect(try YAML.decode(Array(YAML.encode(value).utf8), limits: yaml) == value)
            #expect(throws: Problems.self) { try YAML.decode(Array(YAML.encode(deeper).utf8), limits: yaml) }
            #expect(throws: Problem.self) { try Notation.decode(Notation.encode(deeper), limits: limits) }
            #expect(throws: Problem.self) { try JSON.decode(JSON.encode(deeper), limits: limits) }
            #expect(throws: Problem.self) { try CBOR.decode(CBOR.encode(deeper), limits: limits) }
        }
    }
}
