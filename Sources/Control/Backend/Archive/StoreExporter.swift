// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
public import Floria
public import FloriaSQLite
import Orchestration
public import Support

/// Exports from a store, together with the events that hosts have taken from it.
public struct StoreExporter: Sendable {
    /// How many events are asked for at once.
    private static let portion = 500

    private let store: SQLiteStore
    private let spools: (any SpoolsBackend)?
    private let now: @Sendable () -> Int64

    /// Makes it.
    ///
    /// - Parameters:
    ///   - spools: What the hosts have; nil if there are none.
    ///   - now: The time in milliseconds since 1970 UTC.
    public init(_ store: SQLiteStore, spools: (any SpoolsBackend)?, now: @escaping @Sendable () -> Int64) {
        self.store = store
        self.spools = spools
        self.now = now
    }

    /// Writes an export. What hosts have of events is looked at before the store is: a handler that ends in between is told so again by
    /// the one who imports it, and none is left out.
    ///
    /// - Throws: `exchange.unknown`, what reading throws, and what the sink does.
    public func write(
        _ scope: ExchangeScope, as format: ExchangeFormat, to sink: @escaping @Sendable ([UInt8]) throws(Problem) -> Void
    ) async throws(Problem) {
        let (deliveries, time) = (try await deliveries(), now())
        try await store.readAside { snapshot throws(Problem) in
            try Export.write(scope, of: snapshot, as: format, deliveries, time: time, to: sink)
        }
    }

    private func deliveries() async throws(Problem) -> Export.Deliveries {
        let sent = try await store.read { snapshot throws(Problem) in try Outbox.sent.position(in: snapshot) }
        var deliveries = Export.Deliveries(sent: sent)
        guard let spools else { return deliveries }
        let undelivered = try await spools.undelivered()
        deliveries.carried = undelivered.sorted { $0.key < $1.key }.flatMap(\.value.events)
        let positions = undelivered.mapValues(\.position)
        // What was sent and is not noted as sent yet. What is stored from now on was not there when the hosts were asked.
        let end = try await store.read { snapshot throws(Problem) in snapshot.sequence }
        var last = sent
        while last < end {
            let after = last
            let page = try await store.read { snapshot throws(Problem) in
                try snapshot.events(after: after, limit: Self.portion)
            }
            guard let reached = page.last?.sequence else { break }
            deliveries.taken.formUnion(try await spools.taken(page.map(\.event.id), until: positions))
            last = reached
        }
        return deliveries
    }
}
