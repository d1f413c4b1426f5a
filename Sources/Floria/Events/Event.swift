// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Something that happened to an entity.
public struct Event: Sendable, Hashable {
    /// Unique; delivering an event of the same ID again has no further effect.
    public var id: String
    /// The type, for example `exited`. Those of Floria itself begin with `floria.`.
    public var type: String
    /// The entity that it happened to.
    public var entity: ID
    /// Data about it.
    public var payload: Value
    /// The host where it happened; nil if it happened to the graph.
    public var host: String?
    /// When, in milliseconds since 1970 UTC.
    public var time: Int64
    /// Not to be delivered before this, in milliseconds since 1970 UTC; nil is at once.
    public var due: Int64?
    /// How it spreads to other entities; nil if it doesn't.
    public var propagation: Propagation?
    /// The entity that it happened to first, if it has spread from there to this one.
    public var origin: ID?
    /// What a host had noted of it that had taken it in before it was exported: whoever delivers it goes on from there, and it spreads
    /// no more. Nil if none had.
    public var carried: Value?

    /// Makes an event.
    public init(
        id: String, type: String, entity: ID, payload: Value = .null, host: String? = nil, time: Int64, due: Int64? = nil,
        propagation: Propagation? = nil, origin: ID? = nil
    ) {
        self.id = id
        self.type = type
        self.entity = entity
        self.payload = payload
        self.host = host
        self.time = time
        self.due = due
        self.propagation = propagation
        self.origin = origin
    }

    /// The event as it reaches an entity that it has spread to. The entity is part of its ID, so that it gets there once.
    func spread(to other: ID) -> Event {
        guard other != entity else { return self }
        return Event(
            id: "\(id)@\(other.documentText)", type: type, entity: other, payload: payload, host: host, time: time, due: due,
            propagation: propagation, origin: entity)
    }

    /// Fails if the ID or the type could be none: they name records and stand in lines of text.
    ///
    /// - Throws: `event.malformed`.
    public func check() throws(Problem) {
        try Self.check(id, "id", limit: StoreLimits.keyLength)
        try Self.check(type, "type", limit: ID.nameLengthLimit)
    }

    static func check(_ text: String, _ what: String, limit: Int) throws(Problem) {
        let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
        guard !text.isEmpty, isPrintable, text.utf8.count <= limit else {
            throw Problem(
                "event.malformed", "the \(what) of an event is empty, too long, or has control characters",
                hint: "it has 1 to \(limit) bytes")
        }
    }

    /// The time after a delay in milliseconds.
    ///
    /// - Throws: `event.malformed` if the delay is negative or longer than a hundred years.
    public static func due(after delay: Int64, from time: Int64) throws(Problem) -> Int64 {
        guard (0...3_155_760_000_000).contains(delay) else {
            throw Problem(
                "event.malformed", "an event can't be delayed by \(delay) ms", hint: "the delay is in milliseconds, from 0")
        }
        return time + delay
    }
}
