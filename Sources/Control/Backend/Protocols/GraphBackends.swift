// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Tells about services.
public protocol ServicesBackend: Sendable {
    /// `{"name", "state", "nodes", "updated", "unfinished"}` of each service.
    func services() async throws(Problems) -> [Value]
    /// `{"name", "state", "inputs", "outputs", "nodes", "unfinished"}`.
    func service(_ name: String) async throws(Problems) -> Value
    /// What happens to a service from a sequence number on; the last line is
    /// `{"done": true, "state", "problems"}`.
    func progress(of service: String, after: UInt64) async throws(Problems) -> APIStream<Value>
}

/// Tells about nodes and changes their properties.
public protocol NodesBackend: Sendable {
    /// `{"node", "type", "state", "host", …}` of each node, of one service or of all.
    func nodes(of service: String?) async throws(Problems) -> [Value]
    /// A node's entity with what it contains, its edges and its handlers.
    func node(_ id: ID) async throws(Problems) -> Value
    /// Sets a property to a value or to an updater, through its preparer, and updates what depends on it. Returns the property.
    func set(_ property: String, of node: ID, to setting: PropertySetting, for caller: Caller) async throws(Problems) -> Value
}

/// Tells about the ledger.
public protocol OperationsBackend: Sendable {
    /// The rows of one service or of all, and of one state or of any, oldest first.
    func operations(of service: String?, state: String?) async throws(Problems) -> [Value]
    /// The row of an operation, by its ID or by `SERVICE/ID`, and the key of its record.
    func operation(_ id: String) async throws(Problems) -> (key: String, row: Value)
}

/// Tells about plans that were shown and are kept.
public protocol PlansBackend: Sendable {
    /// `{"id", "service", "goal", "time", "changes", "operations"}` of each plan, of one service or of all, oldest first.
    func plans(of service: String?) async throws(Problems) -> [Value]
    /// A plan's document, as it was shown.
    func plan(_ id: String) async throws(Problems) -> Value
}

/// Makes and removes edges by hand.
public protocol EdgesBackend: Sendable {
    /// Makes an edge and returns its entity.
    func addEdge(_ edge: EdgeRequest, for caller: Caller) async throws(Problems) -> Value
    /// Removes an edge.
    func removeEdge(_ id: ID, for caller: Caller) async throws(Problems)
}

/// Tells about the graph.
public protocol GraphBackend: Sendable {
    /// `{"vertexes", "edges"}`, of one service or of all.
    func graph(of service: String?) async throws(Problems) -> Value
}

/// Tells about events and makes them.
public protocol EventsBackend: Sendable {
    /// Stored events, oldest first, `{"sequence", "id", "type", "entity", "payload", "host", "time"}` each.
    func events(_ request: EventsRequest) async throws(Problems) -> [Value]
    /// The events that are stored after a sequence number, or from now on.
    func watchEvents(after: UInt64?, filter: EventFilter) async throws(Problems) -> APIStream<Value>
    /// Makes an event and returns it.
    func emit(_ event: EmitRequest, for caller: Caller) async throws(Problems) -> Value
}

/// Attaches handlers by hand.
public protocol HandlersBackend: Sendable {
    /// The handlers that events of one entity reach, those that are attached to one directory, or those of all nodes and
    /// directories: `{"entity"?, "class"?, "directory"?, "name", "event", "call", …}` each.
    func handlers(of target: EventTarget?) async throws(Problems) -> [Value]
    /// Attaches a handler and returns it.
    func addHandler(_ handler: HandlerRequest, for caller: Caller) async throws(Problems) -> Value
    /// Detaches a handler.
    func removeHandler(_ name: String, of target: EventTarget, for caller: Caller) async throws(Problems)
}

/// Lets events happen at times that are known before.
public protocol TimersBackend: Sendable {
    /// The timers of one target or of all, as documents.
    func timers(of target: EventTarget?) async throws(Problems) -> [Value]
    /// Adds a timer and returns it.
    func addTimer(_ timer: TimerRequest, for caller: Caller) async throws(Problems) -> Value
    /// Removes a timer.
    func removeTimer(_ name: String, of target: EventTarget, for caller: Caller) async throws(Problems)
}

/// Reaches the events that handlers did not take, on whatever host.
public protocol LettersBackend: Sendable {
    /// All of them, oldest first: `{"id", "host", "event", "handler", "failures", "problem", "time"}` each.
    func letters() async throws(Problems) -> [Value]
    /// One of them.
    func letter(_ id: String) async throws(Problems) -> Value
    /// Delivers one again, to the handler that did not take it.
    func retryLetter(_ id: String) async throws(Problems)
    /// Forgets one.
    func dropLetter(_ id: String) async throws(Problems)
}

/// Tells about plugins.
public protocol PluginsBackend: Sendable {
    /// The registrations.
    func plugins() async throws(Problems) -> [Value]
    /// One registration.
    func plugin(_ name: String) async throws(Problems) -> Value
}

/// Tells about reserved ports.
public protocol PortsBackend: Sendable {
    /// `{"host", "protocol", "address", "port", "node", "capability", "since"}` of each reservation.
    func ports() async throws(Problems) -> [Value]
}

/// Reads and changes the store for the hosts' agents.
public protocol EntitiesBackend: Sendable {
    /// The entity of an ID; nil if there is none.
    func entity(_ id: ID) async throws(Problems) -> Entity?
    /// The entities that a scan selects, in order of ID.
    func entities(_ scan: Scan) async throws(Problems) -> [Entity]
    /// The handlers that events of an entity and of a type reach, in the order in which they are called.
    func handlers(of entity: ID, for type: String) async throws(Problems) -> [AttachedHandler]
    /// Stores what has happened on a host. What is stored already is left out.
    func record(_ events: [Event]) async throws(Problems)
    /// Changes the graph whole or not at all. Returns the commit's position.
    func commit(_ changes: GraphChanges) async throws(Problems) -> UInt64
}
