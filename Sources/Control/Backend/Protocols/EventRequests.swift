// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// An event to be made.
public struct EmitRequest: Sendable, Hashable {
    /// The entity that it is to happen to.
    public var entity: ID
    /// Its type.
    public var type: String
    /// Data about it.
    public var payload: Value
    /// How long to wait before it is delivered, in milliseconds.
    public var delay: Int64
    /// Its ID; nil lets the agent choose. An event of the same ID is stored once.
    public var id: String?
    /// How it spreads.
    public var propagation: Propagation?

    /// Makes a request.
    public init(
        entity: ID, type: String, payload: Value = .null, delay: Int64 = 0, id: String? = nil,
        propagation: Propagation? = nil
    ) {
        self.entity = entity
        self.type = type
        self.payload = payload
        self.delay = delay
        self.id = id
        self.propagation = propagation
    }
}

/// Which events are wanted.
public struct EventsRequest: Sendable, Hashable {
    /// Only those after this sequence number.
    public var after: UInt64
    /// At most this many.
    public var limit: Int
    /// Only those that it lets through.
    public var filter: EventFilter

    /// Makes a request.
    public init(after: UInt64 = 0, limit: Int = 1000, filter: EventFilter = EventFilter()) {
        self.after = after
        self.limit = limit
        self.filter = filter
    }
}

/// A handler to be attached by hand.
public struct HandlerRequest: Sendable, Hashable {
    /// What it does.
    public enum Action: Sendable, Hashable {
        /// Calls an operation of the node that the event happened to, `INTERFACE.OPERATION`.
        case operation(String)
        /// Calls a function of a plugin.
        case function(FunctionName)
        /// Runs a script, an artifact of this digest, known by this file name.
        case script(digest: String, file: String)
    }

    /// What it is attached to: a vertex, an edge, a class or a directory.
    public var target: EventTarget
    /// The type of the events.
    public var event: String
    /// What it does.
    public var action: Action
    /// Its name among the target's handlers; nil lets the agent choose.
    public var name: String?

    /// Makes a request.
    public init(target: EventTarget, event: String, action: Action, name: String? = nil) {
        self.target = target
        self.event = event
        self.action = action
        self.name = name
    }
}

/// A timer to be added by hand.
public struct TimerRequest: Sendable, Hashable {
    /// When it fires.
    public enum When: Sendable, Hashable {
        /// Once, after a delay in milliseconds.
        case after(Int64)
        /// Once, in milliseconds since 1970 UTC.
        case at(Int64)
        /// Again and again with an interval in milliseconds, first after one.
        case every(Int64)
        /// As an expression of cron says, by the clocks of a zone.
        case cron(String, zone: String)
    }

    /// What its events happen to: a vertex, an edge, the members of a class, or the topmost vertexes of a directory.
    public var target: EventTarget
    /// The type of the events.
    public var type: String
    /// When it fires.
    public var when: When
    /// The data of the events.
    public var payload: Value
    /// How the events spread.
    public var propagation: Propagation?
    /// What happens at times that were missed.
    public var misfire: EventTimer.Misfire
    /// Its name among the target's timers; nil lets the agent choose.
    public var name: String?

    /// Makes a request.
    public init(
        target: EventTarget, type: String, when: When, payload: Value = .null, propagation: Propagation? = nil,
        misfire: EventTimer.Misfire = .once, name: String? = nil
    ) {
        self.target = target
        self.type = type
        self.when = when
        self.payload = payload
        self.propagation = propagation
        self.misfire = misfire
        self.name = name
    }
}
