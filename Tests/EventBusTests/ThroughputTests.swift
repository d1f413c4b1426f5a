// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Synchronization
import Testing

/// What events cost, on a store on disk.
@Suite struct ThroughputTests {
    @Test func `events come and go in batches, with a commit for each batch and not for each event`() async throws {
        try await withStore { store in
            let (batches, size) = (40, 512)
            let count = Count()
            let processor = EventProcessor(spool: Spool(store: store), report: { Issue.record($0) })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await processor.run { _, _ in
                        count.value.add(1, ordering: .relaxed); return .init()
                    }
                }
                let time = Timestamp.now()
                let start = ContinuousClock.now
                for batch in 0..<batches {
                    try await processor.take(
                        (0..<size).map { number in
                            Event(id: "\(batch)-\(number)", type: "t", entity: .vertex(.root, "v\(number % 64)"), time: time)
                        })
                }
                try await until { count.value.load(ordering: .relaxed) == batches * size }
                let seconds = (ContinuousClock.now - start) / .seconds(1)
                let commits = try await store.read { snapshot throws(Problem) in snapshot.position }
                print("events taken and handled: \(Int(Double(batches * size) / seconds)) per second, in \(commits) commits")
                // One for each batch, and what was handled is written together while the next is under way.
                #expect(commits < batches * size / 8)
                group.cancelAll()
            }
        }
    }

    private func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let folder = "/tmp/events-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let store = try SQLiteStore(path: folder + "/spool.db")
        defer { store.close() }
        try await body(store)
    }
}

private final class Count: Sendable {
    let value = Atomic(0)
}
