// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// How long stored events are kept, and with them what is noted of their handlers' effects.
public struct EventRetention: Sendable, Hashable {
    /// For how long, in milliseconds.
    public var age: Int64
    /// How many at most.
    public var count: UInt64

    /// 30 days, and 100,000 events.
    public static let standard = EventRetention(age: 30 * 24 * 3_600_000, count: 100_000)

    /// The most events that are removed at once, and, by count, the fewest: it isn't worth it for a single one.
    private static let portion: UInt64 = 1024

    /// Makes it.
    public init(age: Int64, count: UInt64) {
        self.age = min(max(0, age), 1 << 50)
        self.count = count
    }

    /// Adds to a transaction the removal of the oldest events if there are too many or if they are too old, by a little
    /// more than what was said. To be called where something is stored anyway.
    ///
    /// - Parameters:
    ///   - position: The sequence of the last event that may be removed: nobody needs it any more.
    ///   - now: The time in milliseconds since 1970 UTC.
    public func trim(
        _ transaction: inout Transaction, upTo position: UInt64, in snapshot: any Snapshot, now: Int64
    ) throws(Problem) {
        guard let first = try snapshot.events(after: 0, limit: 1).first else { return }
        let slack = min(Self.portion, count / 16 + 1)
        let surplus = snapshot.sequence > count ? snapshot.sequence - count : 0
        guard first.sequence <= position else { return }
        guard first.sequence + slack <= surplus || first.event.time < now - age - age / 32 else { return }
        var last: UInt64 = 0
        for stored in try snapshot.events(after: 0, limit: Int(Self.portion)) {
            guard stored.sequence <= position, stored.sequence <= surplus || stored.event.time < now - age else { break }
            last = stored.sequence
            transaction.recordDeletions += try EventEffect.records(of: stored.event, in: snapshot).map(\.name)
        }
        transaction.eventsTrimmed = last
    }
}
