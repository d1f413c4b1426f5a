// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import EventBus
import Floria
import FloriaSQLite
import Orchestration
import Support
import Testing

@Suite struct EventLatencyTests {
    private static let web = ID.vertex(.root, "web")

    @Test func `from the commit of an event to its handler it takes little more than one commit`() async throws {
        let folder = try TemporaryFolder()
        let (graph, spool) = (
            try SQLiteStore(path: "\(folder.path)/graph.db"), try SQLiteStore(path: "\(folder.path)/spool.db")
        )
        var transaction = Transaction()
        transaction.puts = [.vertex(Vertex(EntityHeader(Self.web)))]
        try await graph.commit(transaction)
        let bus = InProcessBus()
        let processor = EventProcessor(spool: Spool(store: spool), report: { Issue.record($0) })
        let (handled, note) = AsyncStream.makeStream(of: ContinuousClock.Instant.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addImmediateTask {
                await bus.serve("here") { message throws(Problem) in
                    try await processor.take([try Event(document: message.body.list?.first ?? .null)])
                    return .null
                }
            }
            group.addTask { await Outbox(store: graph, bus: bus, host: { "here" }).run { Issue.record($0) } }
            group.addTask {
                try await processor.run { _, _ in
                    note.yield(.now)
                    return .init()
                }
            }
            var latencies: [Duration] = []
            var commits: [Duration] = []
            var times = handled.makeAsyncIterator()
            for number in 0..<200 {
                var transaction = Transaction()
                transaction.events = [Event(id: "\(number)", type: "t", entity: Self.web, time: Timestamp.now())]
                let start = ContinuousClock.now
                try await graph.commit(transaction)
                let committed = ContinuousClock.now
                let time = try #require(await times.next())
                commits.append(committed - start)
                latencies.append(time - committed)
                try await Task.sleep(for: .milliseconds(2))
            }
            let (latency, commit) = (latencies.sorted()[100], commits.sorted()[100])
            print("from commit to handler: \(latency), with commits of \(commit)")
            // Tests are built for debugging and run beside others: the bound of the release is 2 ms.
            #expect(latency < commit * 3 + .milliseconds(10))
            group.cancelAll()
        }
        graph.close()
        spool.close()
    }
}
