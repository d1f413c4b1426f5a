// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import FloriaSQLite
import Support
import Synchronization

/// How many events are carried, and how soon one gets to its handler.
struct EventFigures {
    let folder: String

    private static let size = 512
    private static let batches = 40
    private static let rounds = 5
    private static let single = 200

    func measure() async throws -> [Figure] {
        var (rates, raw): ([Double], [Double]) = ([], [])
        for round in 0..<Self.rounds {
            rates.append(try await rate(folder + "/spool-\(round).db"))
            raw.append(try await rawRate(folder + "/raw-\(round).db"))
        }
        let floor = try durableCommit(in: folder)
        let latency = try await latency()
        return [
            Figure(
                name: "events in batches of \(Self.size)", measured: rates.median, unit: "1/s",
                floor: (raw.median, "raw INSERT in the same batches"), bound: .least(20_000)),
            Figure(
                name: "commit → handler", measured: latency, unit: "ms", floor: (floor, "durable commit"),
                bound: .most(2 + floor), note: "through the graph's store and the host's spool, both on disk"),
        ]
    }

    private func event(_ number: Int) -> Event {
        Event(id: "event-\(number)", type: "changed", entity: .vertex(.root, "v\(number % 64)"), payload: ["n": 1], time: 1)
    }

    /// Events per second, from taking them to the end of the last handler.
    private func rate(_ path: String) async throws -> Double {
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        let handled = Handled()
        let taken = try await withProcessor(store, handled) { processor in
            try await seconds {
                for batch in 0..<Self.batches {
                    try await processor.take((0..<Self.size).map { event(batch * Self.size + $0) })
                }
                await handled.wait(for: Self.batches * Self.size)
            }
        }
        return Double(Self.batches * Self.size) / taken
    }

    private func rawRate(_ path: String) async throws -> Double {
        try SQLiteStore(path: path).close()
        let raw = try RawDatabase(path)
        let insert = try raw.statement(
            "INSERT INTO events (sequence, id, content) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING")
        let contents = (0..<Self.batches * Self.size).map { CBOR.encode(event($0).document) }
        let taken = try await seconds {
            for batch in 0..<Self.batches {
                try raw.execute("BEGIN IMMEDIATE")
                for number in batch * Self.size..<(batch + 1) * Self.size {
                    try raw.run(
                        insert, [.integer(Int64(number + 1)), .text(Array("event-\(number)".utf8)), .blob(contents[number])])
                }
                try raw.execute("COMMIT")
            }
        }
        return Double(contents.count) / taken
    }

    /// The milliseconds from the begin of the commit that causes an event to its handler.
    private func latency() async throws -> Double {
        let graph = try SQLiteStore(path: folder + "/graph.db")
        let spool = try SQLiteStore(path: folder + "/spool.db")
        defer {
            graph.close()
            spool.close()
        }
        let handled = Handled()
        return try await withProcessor(spool, handled) { processor in
            let follower = EventFollower(SubscriptionPosition("bench"), of: graph)
            return try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    await follower.run(report: { _ in }) { batch async throws(Problem) in
                        try await processor.take(batch.events.map(\.event))
                        return nil
                    }
                }
                var times: [Double] = []
                for number in 0..<Self.single {
                    var transaction = Transaction()
                    transaction.puts = [.vertex(StoreContent.vertex(number % 64, number))]
                    transaction.events = [event(number)]
                    let begin = ContinuousClock.now
                    try await graph.commit(transaction)
                    await handled.wait(for: number + 1)
                    times.append((handled.last - begin) / .milliseconds(1))
                }
                return times.median
            }
        }
    }

    private func withProcessor<Result: Sendable>(
        _ store: SQLiteStore, _ handled: Handled, _ body: (EventProcessor) async throws -> Result
    ) async throws -> Result {
        let processor = EventProcessor(spool: Spool(store: store), report: { print($0) })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await processor.run { _, _ in
                    handled.add()
                    return Delivery.Outcome()
                }
            }
            return try await body(processor)
        }
    }
}

/// How many events were handled, and when the last one was.
private final class Handled: Sendable {
    private struct State {
        var count = 0
        var last = ContinuousClock.now
        var wanted: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Mutex(State())

    var last: ContinuousClock.Instant { state.withLock { $0.last } }

    func add() {
        let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.count += 1
            state.last = ContinuousClock.now
            guard let wanted = state.wanted, wanted.count <= state.count else { return nil }
            state.wanted = nil
            return wanted.continuation
        }
        waiting?.resume()
    }

    func wait(for count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.count >= count { return true }
                state.wanted = (count, continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
