// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization
import Testing

/// Counts up from 1.
final class Counter: Sendable {
    private let count = Mutex(0)
    func next() -> Int {
        count.withLock {
            $0 += 1; return $0
        }
    }
}

@Suite struct StoreConcurrencyTests {
    private static func increment(_ store: any Store) async throws {
        while true {
            let before = try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("count")) }
            let value = before?.properties["value"]?.value?.integer ?? 0
            let change = Transaction(
                puts: [.vertex(.shop("count"), value: .integer(value + 1))],
                expectations: [.shop("count"): before?.header.version ?? 0])
            do throws(Problem) {
                try await store.commit(change)
                return
            } catch {
                guard error.code == "store.conflict" else { throw error }
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `concurrent increments by compare-and-set lose no update`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<16 { group.addTask { for _ in 0..<10 { try await Self.increment(store) } } }
                try await group.waitForAll()
            }
            let value = try await store.read { snapshot throws(Problem) in
                try snapshot.entity(.shop("count"))?.properties["value"]?.value
            }
            #expect(value == 160)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the failure of one concurrent transaction takes no other with it`(kind: StoreKind) async throws {
        try await kind.with { store in
            let refused = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<60 {
                    group.addTask {
                        let isBad = number % 3 == 0
                        let container: ID? = isBad ? .shop("none") : nil
                        do throws(Problem) {
                            try await store.commit(Transaction(puts: [.vertex(.shop("v\(number)"), in: container)]))
                            #expect(!isBad)
                        } catch {
                            #expect(isBad && error.code == "store.invalid")
                            _ = refused.next()
                        }
                    }
                }
                try await group.waitForAll()
            }
            let ids = try await store.read { snapshot throws(Problem) in
                try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map(\.id)
            }
            #expect(ids.count == 40)
            #expect(refused.next() == 21)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a snapshot never shows half a transaction`(kind: StoreKind) async throws {
        try await kind.with { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...60 {
                        try await store.commit(
                            Transaction(puts: ["a", "b"].map { .vertex(.shop($0), value: .integer(number)) }))
                    }
                }
                group.addTask {
                    for _ in 0..<60 {
                        let values = try await store.read { snapshot throws(Problem) in
                            try snapshot.entities(.directory(.vertex, Directory(["shop"]), isDeep: false)).map {
                                $0.properties["value"]?.value
                            }
                        }
                        #expect(values.isEmpty || (values.count == 2 && values[0] == values[1]))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
