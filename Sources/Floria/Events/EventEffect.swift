// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What one handler does to the graph for one event: it is committed once, however often the event is delivered.
///
/// A record notes it. It is removed with the event, when the store no longer keeps that.
public struct EventEffect: Sendable, Hashable {
    /// The collection of the records.
    public static let collection = "effects"

    /// The event's ID.
    public var event: String
    /// The handler: ``AttachedHandler/key``.
    public var handler: String

    /// Makes it.
    public init(event: String, handler: String) {
        self.event = event
        self.handler = handler
    }

    private var key: RecordKey { RecordKey(Self.collection, "\(event)\u{1}\(handler)") }

    /// The position of the commit that had the effect; nil if none has.
    public func position(in snapshot: any Snapshot) throws(Problem) -> UInt64? {
        try snapshot.record(key.collection, key.key)?.version
    }

    /// Makes a transaction the one that has the effect. Its commit is a conflict if another one had it.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public func add(to transaction: inout Transaction, now: Int64) {
        transaction.records.append(Record(key.collection, key.key, .integer(now)))
        transaction.recordExpectations[key] = 0
    }

    /// What is noted of the event of an ID.
    static func records(named id: String, in snapshot: any Snapshot) throws(Problem) -> [Record] {
        try snapshot.records(collection, prefix: "\(id)\u{1}", after: nil, limit: .max)
    }

    /// What is noted of an event, also where it has spread to.
    static func records(of event: Event, in snapshot: any Snapshot) throws(Problem) -> [Record] {
        var records = try records(named: event.id, in: snapshot)
        if event.propagation != nil {
            records += try snapshot.records(collection, prefix: "\(event.id)@", after: nil, limit: .max)
        }
        return records
    }
}
