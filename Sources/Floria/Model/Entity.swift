// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What every stored entity has.
public struct EntityHeader: Sendable, Hashable {
    /// Its identity.
    public var id: ID
    /// Literal data about it.
    public var metadata: ValueMap
    /// The version that the store gave it at the last commit; 0 if it isn't stored yet.
    public var version: UInt64
    /// When it was first committed, in milliseconds since 1970 UTC; the store sets it.
    public var created: Int64
    /// When it was last committed, in milliseconds since 1970 UTC; the store sets it. It never goes back, also if the clock does.
    public var updated: Int64
    /// Who made it.
    public var provenance: Provenance?

    /// Makes the header of a new entity.
    public init(_ id: ID, metadata: ValueMap = ValueMap(), provenance: Provenance? = nil) {
        self.id = id
        self.metadata = metadata
        self.version = 0
        self.created = 0
        self.updated = 0
        self.provenance = provenance
    }
}

/// What happens when an event reaches an entity: a call, which gets the event as its last argument.
public struct Handler: Sendable, Hashable {
    /// The event's type.
    public var event: String
    /// The call.
    public var call: Call
    /// Names the handler among those of one entity, so that it can be removed.
    public var name: String
    /// The place in a design that asked for it.
    public var location: SourceLocation?

    /// Makes a handler.
    public init(event: String, call: Call, name: String, location: SourceLocation? = nil) {
        self.event = event
        self.call = call
        self.name = name
        self.location = location
    }
}

/// A class: what entities are selected by. Classes are not types; nothing conforms to them.
public struct Class: Sendable, Hashable {
    /// The common part.
    public var header: EntityHeader
    /// The class that this one specializes.
    public var parent: ID?
    /// What happens when an event reaches an entity of the class.
    public var handlers: [Handler]

    /// Makes a class.
    public init(_ header: EntityHeader, parent: ID? = nil, handlers: [Handler] = []) {
        self.header = header
        self.parent = parent
        self.handlers = handlers
    }
}

/// A plugin's registration.
public struct Plugin: Sendable, Hashable {
    /// The common part.
    public var header: EntityHeader
    /// The SHA-256 digest of its component, in lower-case hexadecimal digits.
    public var digest: String
    /// What it says of itself: functions, drivers, handlers, grants it asks for.
    public var description: Value
    /// The grants that it has.
    public var grants: Value

    /// Makes a registration.
    public init(_ header: EntityHeader, digest: String, description: Value, grants: Value) {
        self.header = header
        self.digest = digest
        self.description = description
        self.grants = grants
    }
}

/// What vertexes are made from.
public struct VertexTemplate: Sendable, Hashable {
    /// The common part.
    public var header: EntityHeader
    /// The classes of its instances: a type's and all its ancestors'.
    public var classes: [ID]
    /// The properties of its instances.
    public var properties: [String: Property]
    /// The handlers of its instances.
    public var handlers: [Handler]
    /// What may veto or alter the instances, in order.
    public var instantiationHandlers: [InstantiationHandler]
    /// The expression that gives the number of instances; nil is one, whose name has no index.
    public var count: Value?
    /// The templates of the vertexes that its instances contain.
    public var contained: [ID]
    /// The templates of the edges that leave its instances.
    public var edges: [ID]
    /// The name of an instance within its container; the index is appended if there is a count.
    public var instanceName: String
    /// Whether instances are the root of a service: what they contain is named in a directory of their name, and edges
    /// look for targets there.
    public var opensDirectory: Bool
    /// What is made in its place: the first that will do; nil if it is made itself. The instances have the name, the number,
    /// the index and the origin of this template, and everything else of the alternative.
    public var alternatives: [Alternative]?

    /// Makes a template.
    public init(_ header: EntityHeader, classes: [ID] = [], instanceName: String, opensDirectory: Bool = false) {
        self.header = header
        self.classes = classes
        self.properties = [:]
        self.handlers = []
        self.instantiationHandlers = []
        self.count = nil
        self.contained = []
        self.edges = []
        self.instanceName = instanceName
        self.opensDirectory = opensDirectory
        self.alternatives = nil
    }
}

/// What edges are made from.
///
/// A property with the metadata `allocates: NAME` takes its value of the target's property `NAME`, which is a capacity.
public struct EdgeTemplate: Sendable, Hashable {
    /// The common part.
    public var header: EntityHeader
    /// The classes of its instances.
    public var classes: [ID]
    /// The properties of its instances.
    public var properties: [String: Property]
    /// The handlers of its instances.
    public var handlers: [Handler]
    /// The name of its instances among the edges of their source.
    public var instanceName: String
    /// What its instances lead to.
    public var target: TargetSelector
    /// What may veto or alter the instances, in order.
    public var instantiationHandlers: [InstantiationHandler]
    /// The expression that gives how many edges leave each source, all to different targets; nil is one. A list
    /// `[LOWER, UPPER]` asks for as many as there are targets: below the lower bound they must be there, above it they
    /// may; null is no upper bound.
    public var count: Value?
    /// How many edges of the name may leave each source, all templates of the name together; nil is any number.
    public var range: CountRange?
    /// Whether a source may do without.
    public var isOptional: Bool

    /// Makes a template.
    public init(_ header: EntityHeader, classes: [ID] = [], instanceName: String, target: TargetSelector) {
        self.header = header
        self.classes = classes
        self.properties = [:]
        self.handlers = []
        self.instanceName = instanceName
        self.target = target
        self.instantiationHandlers = []
        self.count = nil
        self.range = nil
        self.isOptional = false
    }
}

/// Selects the targets of edges among the vertexes that are there. All conditions that are given must hold.
public struct TargetSelector: Sendable, Hashable {
    /// Only this vertex, which may also be one of another service.
    public var vertex: ID?
    /// Only what an expression gives: the ID of a vertex as text, or a list of them, the preferred first. It stands at the
    /// edge's source, and the vertexes may also be those of other services.
    public var finder: Value?
    /// Only what is made from this template, or is contained in what is made from it.
    public var template: ID?
    /// Only vertexes of this class, for example a capability type's.
    public var targetClass: ID?
    /// Only vertexes whose container is of this class, for example a node type's.
    public var containerClass: ID?
    /// Only vertexes of this instance name within their container, for example a capability's.
    public var name: String?
    /// Only containers that are of this index among their template's instances: an expression.
    public var index: Value?
    /// An expression that must be true, evaluated for each candidate edge.
    public var filter: Value?
    /// Where targets are looked for that are neither named nor found, in this order.
    public var scopes: [TargetScope] = [.internal]
    /// Which of several targets is taken.
    public var order = TargetOrder.first

    /// Makes a selector that accepts everything.
    public init() {}
}

/// An entity of any kind.
public enum Entity: Sendable, Hashable {
    // There are many of the last two; the others are few, and large.
    indirect case plugin(Plugin)
    case `class`(Class)
    indirect case vertexTemplate(VertexTemplate)
    indirect case edgeTemplate(EdgeTemplate)
    case vertex(Vertex)
    case edge(Edge)

    /// The common part.
    public var header: EntityHeader {
        get {
            switch self {
            case .plugin(let plugin): plugin.header
            case .class(let `class`): `class`.header
            case .vertexTemplate(let template): template.header
            case .edgeTemplate(let template): template.header
            case .vertex(let vertex): vertex.header
            case .edge(let edge): edge.header
            }
        }
        set {
            switch self {
            case .plugin(var entity): entity.header = newValue; self = .plugin(entity)
            case .class(var entity): entity.header = newValue; self = .class(entity)
            case .vertexTemplate(var entity): entity.header = newValue; self = .vertexTemplate(entity)
            case .edgeTemplate(var entity): entity.header = newValue; self = .edgeTemplate(entity)
            case .vertex(var entity): entity.header = newValue; self = .vertex(entity)
            case .edge(var entity): entity.header = newValue; self = .edge(entity)
            }
        }
    }

    /// Its identity.
    public var id: ID { header.id }
}
