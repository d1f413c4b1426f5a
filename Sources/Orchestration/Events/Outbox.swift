// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Floria
public import Support

/// Sends the events of the graph to the hosts that carry their entities.
///
/// Events are in the store since the change that caused them; this only wakes and carries. A host takes an event in once,
/// whatever is sent again.
public struct Outbox: Sendable {
    private static let cursor = RecordKey("outbox", "sent")
    private static let batchSize = 256

    private let store: any Store
    private let bus: any Bus
    private let host: @Sendable () -> String
    private let failpoint: Failpoint

    /// Makes an outbox; `host` names the host of entities that have none.
    public init(store: any Store, bus: any Bus, failpoint: Failpoint = .none, host: @escaping @Sendable () -> String) {
        self.store = store
        self.bus = bus
        self.failpoint = failpoint
        self.host = host
    }

    /// Sends until the task is cancelled. It sleeps until an event is stored.
    public func run(report: @Sendable (Problem) -> Void) async {
        for await _ in store.sequences() {
            await sendAll(report)
        }
    }

    /// Sends what there is. What fails is tried again, ever less often.
    private func sendAll(_ report: (Problem) -> Void) async {
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            do {
                while try await sendBatch() {}
                return
            } catch { report(error) }
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(60))
        }
    }

    /// The sequence of the last event that was sent.
    public static func sent(in snapshot: any Snapshot) throws(Problem) -> UInt64 {
        UInt64(try snapshot.record(cursor.collection, cursor.key)?.value.integer ?? 0)
    }

    /// Sends what has not been sent; gives whether there may be more.
    private func sendBatch() async throws(Problem) -> Bool {
        let (events, sent) = try await store.read { snapshot throws(Problem) in
            let sent = try Self.sent(in: snapshot)
            return (try snapshot.events(after: sent, limit: Self.batchSize), sent)
        }
        guard let last = events.last?.sequence, last > sent else { return false }
        for stored in events where stored.event.host == nil {
            failpoint.reach("outbox.before-send")
            _ = try await bus.ask(try await hostName(of: stored.event.entity), Message("event", stored.event.document))
        }
        var transaction = Transaction()
        transaction.records = [Record(Self.cursor.collection, Self.cursor.key, .number(last))]
        failpoint.reach("outbox.before-commit")
        try await store.commit(transaction)
        return events.count == Self.batchSize
    }

    private func hostName(of entity: ID) async throws(Problem) -> String {
        let name = try await store.read { snapshot throws(Problem) -> String? in
            var next: ID? = entity
            while let id = next {
                switch try snapshot.entity(id) {
                case .vertex(let vertex):
                    if let host = vertex.properties["host"]?.value?.text { return host }
                    next = vertex.container
                case .edge(let edge): next = edge.source
                default: return nil
                }
            }
            return nil
        }
        return name ?? host()
    }
}
