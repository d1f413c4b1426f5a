// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Floria
public import Support

/// Sends the events of the graph to the hosts that carry their entities, and to those that they spread to.
///
/// Events are in the store since the change that caused them; this only wakes and carries. A host takes an event in once,
/// whatever is sent again. What was sent is kept for as long as the retention says.
public struct Outbox: Sendable {
    /// Up to which event it has sent.
    public static let sent = SubscriptionPosition("outbox")

    private let store: any Store
    private let bus: any Bus
    private let host: @Sendable () -> String
    private let now: @Sendable () -> Int64
    private let retention: EventRetention
    private let failpoint: Failpoint

    /// Makes an outbox.
    ///
    /// - Parameters:
    ///   - host: names the host of entities that have none.
    ///   - now: the time in milliseconds since 1970 UTC.
    public init(
        store: any Store, bus: any Bus, retention: EventRetention = .standard, failpoint: Failpoint = .none,
        host: @escaping @Sendable () -> String, now: @escaping @Sendable () -> Int64 = { Timestamp.now() }
    ) {
        self.store = store
        self.bus = bus
        self.retention = retention
        self.failpoint = failpoint
        self.host = host
        self.now = now
    }

    /// Sends until the task is cancelled. It sleeps until an event is stored.
    public func run(report: @escaping @Sendable (Problem) -> Void) async {
        let follower = EventFollower(Self.sent, of: store, failpoint: failpoint)
        await follower.run(report: report) { batch async throws(Problem) in try await send(batch, report) }
    }

    /// Sends a batch, the events of each host together, and gives the transaction that forgets what is too old.
    private func send(_ batch: Subscription.Batch, _ report: (Problem) -> Void) async throws(Problem) -> Transaction? {
        let parcels = try await store.read { [host, retention, now] snapshot throws(Problem) in
            var parcels = Parcels()
            // What happened on a host is there already, unless that was another one.
            for stored in batch.events where stored.event.host == nil || stored.event.carried != nil {
                try parcels.add(stored.event, in: snapshot, host)
            }
            try retention.trim(&parcels.transaction, upTo: batch.position, in: snapshot, now: now())
            return parcels
        }
        for problem in parcels.problems { report(problem) }
        for (host, events) in parcels.events.sorted(by: { $0.key < $1.key }) {
            failpoint.reach("outbox.before-send")
            _ = try await bus.ask(host, Message("events", .list(events.map(\.document))))
        }
        let mustCommit = !parcels.events.isEmpty || parcels.transaction.eventsTrimmed > 0
        return mustCommit ? parcels.transaction : nil
    }
}

/// What is to be sent to which host.
private struct Parcels: Sendable {
    var events: [String: [Event]] = [:]
    var problems: [Problem] = []
    var transaction = Transaction()
    private var hosts: [ID: String] = [:]

    mutating func add(_ event: Event, in snapshot: any Snapshot, _ fallback: () -> String) throws(Problem) {
        let (copies, isCut) = try event.spread(in: snapshot)
        if isCut {
            problems.append(
                Problem(
                    "event.cut", "the event ‘\(event.type)’ reaches only the nearest \(Propagation.limit) entities",
                    at: .entity(event.entity.description, property: nil)))
        }
        for copy in copies {
            // No host takes what could have no name, and nothing else is to wait for it.
            do { try copy.check() } catch {
                problems.append(error)
                continue
            }
            events[try host(of: copy.entity, in: snapshot) ?? fallback(), default: []].append(copy)
        }
    }

    /// The host of an entity, or of what it is contained in; nil if none is known.
    private mutating func host(of entity: ID, in snapshot: any Snapshot) throws(Problem) -> String? {
        if let known = hosts[entity] { return known }
        var next: ID? = entity
        while let id = next {
            switch try snapshot.entity(id) {
            case .vertex(let vertex):
                if let host = vertex.properties["host"]?.value?.text {
                    hosts[entity] = host
                    return host
                }
                next = vertex.container
            case .edge(let edge): next = edge.source
            default: return nil
            }
        }
        return nil
    }
}
