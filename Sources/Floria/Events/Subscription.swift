// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// The stored events from a position on, and all later ones as they are stored. In between nothing happens.
///
/// A consumer that keeps the position of each batch that it is done with, best in the transaction of what it does, resumes
/// exactly where it was: ``SubscriptionPosition`` is a place for that.
public struct Subscription: AsyncSequence, Sendable {
    /// What it fails with.
    public typealias Failure = Problem

    /// Some events, and the position that they end at.
    public struct Batch: Sendable, Hashable {
        /// The wanted events, oldest first. Empty if all up to the position are unwanted.
        public var events: [StoredEvent]
        /// The sequence of the last event that was looked at: where to go on.
        public var position: UInt64
    }

    private let store: any Store
    private let start: UInt64
    private let filter: EventFilter
    private let limit: Int

    /// Makes a subscription.
    ///
    /// - Parameters:
    ///   - after: The sequence of the last event that isn't wanted any more; 0 is all that are kept. For those from now on,
    ///     read a snapshot's ``Snapshot/sequence``.
    ///   - limit: The most events that are looked at for one batch.
    public init(to store: any Store, after: UInt64, filter: EventFilter = EventFilter(), limit: Int = 512) {
        self.store = store
        start = after
        self.filter = filter
        self.limit = Swift.max(1, limit)
    }

    /// Begins at the subscription's position.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    /// Goes through a subscription once.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let subscription: Subscription
        private var sequences: AsyncStream<UInt64>.AsyncIterator
        private var position: UInt64
        private var mustWait = false

        fileprivate init(_ subscription: Subscription) {
            self.subscription = subscription
            sequences = subscription.store.sequences().makeAsyncIterator()
            position = subscription.start
        }

        /// The next batch; nil when the task is cancelled.
        ///
        /// - Throws: `event.trimmed` if events after the position are no longer kept, `event.unknown-position` if the store
        ///   has never come so far.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(Problem) -> Batch? {
            while !Task.isCancelled {
                if mustWait { guard await sequences.next(isolation: actor) != nil else { return nil } }
                let (subscription, position) = (subscription, position)
                let (batch, looked) = try await subscription.store.read { snapshot throws(Problem) in
                    try subscription.batch(after: position, in: snapshot)
                }
                mustWait = looked < subscription.limit
                if looked > 0 {
                    self.position = batch.position
                    return batch
                }
            }
            return nil
        }
    }

    private func batch(after position: UInt64, in snapshot: any Snapshot) throws(Problem) -> (Batch, looked: Int) {
        let page = try snapshot.events(after: position, limit: limit)
        let oldest = page.first?.sequence ?? snapshot.sequence + 1
        if position > 0, oldest > position + 1 { throw Self.trimmed(position, before: oldest) }
        if position > snapshot.sequence { throw Self.unknown(position, last: snapshot.sequence) }
        var wanted: [StoredEvent] = []
        for stored in page where try filter.accepts(stored.event, in: snapshot) { wanted.append(stored) }
        return (Batch(events: wanted, position: page.last?.sequence ?? position), page.count)
    }

    private static func trimmed(_ position: UInt64, before oldest: UInt64) -> Problem {
        Problem(
            "event.trimmed", "the events \(position + 1) to \(oldest - 1) are no longer kept",
            hint: "begin after \(oldest - 1), and look at what has become of the entities meanwhile")
    }

    private static func unknown(_ position: UInt64, last: UInt64) -> Problem {
        Problem(
            "event.unknown-position", "there was no event \(position) yet: the last one is \(last)",
            hint: "the position may be that of another store, or of this one before it was restored from a backup")
    }
}

/// Where a consumer of events keeps how far it is: a record of the store.
public struct SubscriptionPosition: Sendable, Hashable {
    /// The collection of all such records.
    public static let collection = "subscriptions"

    /// The consumer's name.
    public var name: String

    /// Makes the place of a consumer.
    public init(_ name: String) { self.name = name }

    /// The position; 0 if none was kept yet.
    public func position(in snapshot: any Snapshot) throws(Problem) -> UInt64 {
        switch try snapshot.record(Self.collection, name)?.value {
        case .integer(let number)? where number >= 0: UInt64(number)
        case .unsigned(let number)?: number
        default: 0
        }
    }

    /// The record that keeps a position, to be put in the transaction of what was done with the events.
    public func record(_ position: UInt64) -> Record { Record(Self.collection, name, .number(position)) }
}
