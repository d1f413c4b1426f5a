// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// An edge to be made by hand.
public struct EdgeRequest: Sendable, Hashable {
    /// The node where it starts.
    public var source: ID
    /// The node where it ends.
    public var target: ID
    /// Its name among the edges that leave the source.
    public var name: String
    /// A class that it is to be of.
    public var `class`: ID?

    /// Makes a request.
    public init(source: ID, target: ID, name: String, class: ID? = nil) {
        self.source = source
        self.target = target
        self.name = name
        self.class = `class`
    }
}

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
    /// The host where it happened; nil if it happened to the graph.
    public var host: String?

    /// Makes a request.
    public init(
        entity: ID, type: String, payload: Value = .null, delay: Int64 = 0, id: String? = nil, host: String? = nil
    ) {
        self.entity = entity
        self.type = type
        self.payload = payload
        self.delay = delay
        self.id = id
        self.host = host
    }
}

/// Which events are wanted.
public struct EventsRequest: Sendable, Hashable {
    /// Only those after this sequence number.
    public var after: UInt64
    /// At most this many.
    public var limit: Int
    /// Only those of this entity.
    public var entity: ID?

    /// Makes a request.
    public init(after: UInt64 = 0, limit: Int = 1000, entity: ID? = nil) {
        self.after = after
        self.limit = limit
        self.entity = entity
    }
}

/// A handler to be attached by hand.
public struct HandlerRequest: Sendable, Hashable {
    /// What it does.
    public enum Action: Sendable, Hashable {
        /// Calls an operation of the node, `INTERFACE.OPERATION`.
        case operation(String)
        /// Calls a function of a plugin.
        case function(FunctionName)
        /// Runs a script, an artifact of this digest, known by this file name.
        case script(digest: String, file: String)
    }

    /// The node.
    public var node: ID
    /// The type of the events.
    public var event: String
    /// What it does.
    public var action: Action
    /// Its name among the node's handlers; nil lets the agent choose.
    public var name: String?

    /// Makes a request.
    public init(node: ID, event: String, action: Action, name: String? = nil) {
        self.node = node
        self.event = event
        self.action = action
        self.name = name
    }
}

/// A change of the graph by a host's agent: the `commit` of `plugin-interface.md`.
public struct GraphChanges: Sendable, Hashable {
    /// Candidates to be pushed onto properties.
    public var set: [PropertyReference: Value] = [:]
    /// Entities to be made or replaced.
    public var put: [Entity] = []
    /// Entities to be removed.
    public var delete: [ID] = []
    /// The versions that entities must still have; 0 means that there must be none.
    public var expect: [ID: UInt64] = [:]
    /// The event and the handler that it is made for: it is made once for both.
    public var effect: Effect?
    /// Who makes it.
    public var provenance: Provenance

    /// A change that changes nothing yet.
    public init(provenance: Provenance) { self.provenance = provenance }

    /// What an event's handler is allowed to have once.
    public struct Effect: Sendable, Hashable {
        /// The event's ID.
        public var event: String
        /// The handler: entity and name.
        public var handler: String

        /// Makes it.
        public init(event: String, handler: String) {
            self.event = event
            self.handler = handler
        }
    }
}
