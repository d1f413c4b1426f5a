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

    /// Makes an event.
    public init(
        id: String, type: String, entity: ID, payload: Value = .null, host: String? = nil, time: Int64, due: Int64? = nil
    ) {
        self.id = id
        self.type = type
        self.entity = entity
        self.payload = payload
        self.host = host
        self.time = time
        self.due = due
    }
}
