// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization
import Testing

/// Random histories of concurrent transactions, compared with a model that does one after the other.
@Suite struct StoreHistoryTests {
    /// A transaction that was committed, with what it had read.
    private struct Step: Sendable {
        var position: UInt64
        var read: [ID: Value?]
        var written: [ID: Value?]
    }

    private final class Steps: Sendable {
        private let steps = Mutex<[Step]>([])
        var all: [Step] { steps.withLock { $0 } }
        func add(_ step: Step) { steps.withLock { $0.append(step) } }
    }

    private static let keys = (0..<5).map { ID.shop("k\($0)") }

    /// Reads some values and writes others that follow from them, or removes one, until it is faster than all others.
    private static func step(_ store: any Store, _ random: inout RandomEntities) async throws -> Step {
        let shuffled = keys.shuffled(using: &random)
        let (read, write) = (Array(shuffled.prefix(3)), Array(shuffled.dropFirst(1).prefix(2)))
        let removes = random.next() % 5 == 0
        while true {
            let before = try await store.read { snapshot throws(Problem) in
                var found: [ID: Entity?] = [:]
                for id in read { found[id] = try snapshot.entity(id) }
                return found
            }
            let values = before.mapValues { $0?.properties["value"]?.value }
            let sum = values.values.reduce(0) { $0 &+ ($1?.integer ?? 1) } % 1_000_003 + 1
            var transaction = Transaction()
            var written: [ID: Value?] = [:]
            for (index, id) in write.enumerated() where before[id] != nil {
                let value: Value? = removes && index == 0 ? nil : .integer(sum + index)
                written[id] = .some(value)
                if let value { transaction.puts.append(.vertex(id, value: value)) } else { transaction.deletions.append(id) }
            }
            for (id, entity) in before { transaction.expectations[id] = entity?.header.version ?? 0 }
            transaction.records = [Record("steps", "\(random.next())", 1)]
            do throws(Problem) {
                return Step(position: try await store.commit(transaction).position, read: values, written: written)
            } catch {
                guard error.code == "store.conflict" else { throw error }
            }
        }
    }

    @Test(arguments: StoreKind.allCases, [1, 2, 3, 4] as [UInt64])
    func `concurrent transactions do what some order of them would have done`(kind: StoreKind, seed: UInt64) async throws {
        try await kind.with { store in
            let steps = Steps()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<12 as Range<UInt64> {
                    group.addTask {
                        var random = RandomEntities(seed: seed * 100 + writer)
                        for _ in 0..<15 {
                            let step = try await Self.step(store, &random)
                            steps.add(step)
                        }
                    }
                }
                try await group.waitForAll()
            }
            var model: [ID: Value] = [:]
            let history = steps.all.sorted { $0.position < $1.position }
            #expect(history.map(\.position) == Array(1...180), "each has a place of its own in the order")
            for step in history {
                for (id, value) in step.read { #expect(model[id] == value, "at \(step.position)") }
                for (id, value) in step.written { model[id] = value }
            }
            let (present, records) = try await store.read { snapshot throws(Problem) in
                (
                    try snapshot.entities(.directory(.vertex, .root, isDeep: true)),
                    try snapshot.records("steps", prefix: "", after: nil, limit: .max)
                )
            }
            #expect(Dictionary(uniqueKeysWithValues: present.map { ($0.id, $0.properties["value"]?.value) }) == model)
            #expect(Set(records.map(\.version)).count == 180)
        }
    }
}
