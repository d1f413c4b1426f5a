// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization
import Testing

/// Collects what an export writes.
private final class Sink: Sendable {
    private let content = Mutex<[UInt8]>([])
    var bytes: [UInt8] { content.withLock { $0 } }
    func add(_ bytes: [UInt8]) { content.withLock { $0 += bytes } }
}

private func export(_ store: any Store, _ scope: ExchangeScope, _ format: ExchangeFormat, sent: UInt64 = 0) async throws
    -> [UInt8]
{
    let sink = Sink()
    try await store.read { snapshot throws(Problem) in
        try Export.write(scope, of: snapshot, as: format, Export.Deliveries(sent: sent), time: 5) { sink.add($0) }
    }
    return sink.bytes
}

private func take(
    _ bytes: [UInt8], into store: any Store, replaces: Bool = false, piece: Int = 1000
) async throws -> Import.Summary {
    var input = Import(into: store)
    for start in stride(from: 0, to: bytes.count, by: piece) { try input.add(bytes[start..<min(start + piece, bytes.count)]) }
    return try await input.commit(replaces: replaces)
}

@Suite struct ExchangeTests {
    @Test(arguments: ExchangeFormat.allCases, 1...8)
    func `everything goes from either store to the other without loss, in each format`(
        format: ExchangeFormat, seed: Int
    ) async throws {
        let transaction = {
            var transaction = RandomContent(seed: UInt64(seed)).transaction
            transaction.keepsStamps = true
            return transaction
        }()
        try await StoreKind.sqlite.with { file in
            let memory = MemoryStore(now: { 2000 }), again = MemoryStore()
            try await memory.commit(transaction)
            let content = try await StoreContent(memory)
            let summary = try await take(try await export(memory, .everything, format), into: file, piece: 1 + seed * 7)
            #expect(summary.entities == content.entities.count && summary.events == content.events.count)
            #expect(try await StoreContent(file) == content)
            _ = try await take(try await export(file, .everything, format), into: again)
            #expect(try await StoreContent(again) == content)
        }
    }

    @Test(arguments: StoreKind.allCases, ExchangeFormat.allCases)
    func `a service is exported with all that belongs to it and what it needs`(kind: StoreKind, format: ExchangeFormat)
        async throws
    {
        for seed in 1...3 as ClosedRange<UInt64> {
            try await kind.with { store in
                let source = MemoryStore()
                try await source.commit(RandomContent(seed: seed).transaction)
                let scope = ExchangeScope.service("shop")
                let bytes = try await export(source, scope, format, sent: 2)
                _ = try await take(bytes, into: store)
                let (all, own) = (try await StoreContent(source), try await StoreContent(store))
                func covers(_ id: ID) -> Bool { id == .vertex(.root, "shop") || id.directory.names.first == "shop" }
                #expect(own.entities.filter { covers($0.id) } == all.entities.filter { covers($0.id) })
                #expect(own.baseline == all.baseline.filter { covers($0.id) })
                let timers = own.records.filter { $0.name.collection == "timers" }
                #expect(own.records.filter { !timers.contains($0) }.map(\.name.key) == ["shop/1", "shop", "w-shop"])
                #expect(timers.compactMap { $0.value["target"]?.text }.map { $0.contains(":shop") } == [true, true])
                #expect(own.events == all.events.dropFirst(2).filter { covers($0.entity) })
                let needed = own.entities.filter { !covers($0.id) }
                #expect(needed.allSatisfy { $0.kind == .class && all.entities.contains($0) }, "only what is named")

                let twice = try await problem { _ = try await take(bytes, into: store) }
                #expect(twice.code == "store.conflict")
                #expect(try await StoreContent(store) == own)
                var hand = Transaction(puts: [
                    .vertex(.vertex(Directory(["shop"]), "by hand")), .vertex(.vertex(.root, "shop")),
                ])
                hand.records = [
                    Record("services", "shop", 1), Record("operations", "shop/2", 1), Record("services", "yard", 1),
                ]
                try await store.commit(hand)
                let summary = try await take(bytes, into: store, replaces: true)
                #expect(summary.removed == 2)
                var replaced = try await StoreContent(store)
                #expect(replaced.records.contains { $0.name.key == "yard" }, "what isn't the service's stays")
                replaced.records.removeAll { $0.name.key == "yard" }
                #expect(replaced == own)
            }
        }
    }

    @Test func `a directory that isn't there is no export`() async throws {
        let store = MemoryStore()
        let code = try await problem { _ = try await export(store, .service("none"), .json) }.message
        #expect(code == "there is no service ‘none’")
    }

    @Test(arguments: ExchangeFormat.allCases)
    func `an export that is cut off or changed is refused, and nothing of it is there`(format: ExchangeFormat) async throws {
        let source = MemoryStore()
        try await source.commit(RandomContent(seed: 3).transaction)
        let content = try await StoreContent(source)
        let bytes = try await export(source, .everything, format)
        let store = MemoryStore()
        var random = RandomEntities(seed: 9)
        for end in [0, 1, 5] + (0..<25).map({ _ in Int(random.next() % UInt64(bytes.count - 1)) }) + [bytes.count - 2] {
            _ = try await problem { _ = try await take(Array(bytes[..<end]), into: store) }
        }
        let position = try await store.read { snapshot throws(Problem) in snapshot.position }
        #expect(position == 0)
        for _ in 0..<60 {
            var changed = bytes
            changed[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
            let fresh = MemoryStore()
            do throws(Problem) {
                _ = try await { () async throws(Problem) in
                    var input = Import(into: fresh)
                    try input.add(changed)
                    return try await input.commit(replaces: false)
                }()
                #expect(try await StoreContent(fresh) == content, "what is accepted is what was written")
            } catch {
                let position = try await fresh.read { snapshot throws(Problem) in snapshot.position }
                #expect(position == 0)
            }
        }
    }

    @Test func `what is no export, or another's, is named`() async throws {
        func message(_ text: String) async throws -> String {
            let store = MemoryStore()
            return try await problem { _ = try await take(Array(text.utf8), into: store) }.message
        }
        #expect(try await message("") == "the export has no end")
        #expect(try await message("hello") == "this is no export: it begins neither as CBOR, JSON nor YAML does")
        #expect(try await message("{\"a\": 1}\n") == "this is no export: there is the unknown key ‘a’")
        #expect(
            try await message("{\"floria-export\": 2, \"time\": 1, \"everything\": true}\n")
                == "the export has version 2 of the format, this program knows 1")
        #expect(
            try await message("{\"floria-export\": 1, \"time\": 1, \"service\": \"a/b\"}\n") == "‘a/b’ is no valid name")
        #expect(
            try await message(
                "{\"floria-export\": 1, \"time\": 1, \"service\": \"a\"}\n{\"entity\": {\"id\": \"vertex:b/x\"}}\n")
                == "this is no export: ‘b/x’ doesn't belong to what it says that it holds")
        #expect(
            try await message("{\"entity\": {\"id\": \"vertex:b/x\"}}\n")
                == "this is no export: it doesn't begin with the key ‘floria-export’")
        #expect(
            try await message(
                "{\"floria-export\": 1, \"time\": 1, \"everything\": true}\n{\"end\": {\"count\": 2, \"checksum\": \"x\"}}")
                == "the export is damaged: it isn't what was written")
    }

    @Test func `everything isn't put into a store that has events`() async throws {
        let source = MemoryStore(), target = MemoryStore()
        try await source.commit(RandomContent(seed: 1).transaction)
        var transaction = Transaction()
        transaction.events = [Event(id: "x", type: "t", entity: .shop("web"), time: 1)]
        try await target.commit(transaction)
        let bytes = try await export(source, .everything, .cbor)
        let problem = try await problem { _ = try await take(bytes, into: target, replaces: true) }
        #expect(problem.message == "everything cannot be imported: the store has events already")
    }

    @Test func `the memory that an export takes doesn't grow with what there is`() async throws {
        // What is written last is written from a part of the store at a time: no piece is larger than one document.
        let store = MemoryStore()
        try await store.commit(
            Transaction(puts: (0..<2000).map { .vertex(.shop("v-\($0)"), value: .text(String(repeating: "x", count: 100))) }))
        let largest = Mutex(0)
        try await store.read { snapshot throws(Problem) in
            try Export.write(.everything, of: snapshot, as: .json, time: 1) { bytes in
                largest.withLock { $0 = max($0, bytes.count) }
            }
        }
        #expect(largest.withLock { $0 } < 1000)
    }
}
