// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// A named datum of a vertex or an edge, or the template of one.
public struct Property: Sendable, Hashable {
    /// What it is, apart from its value.
    public var definition: Definition
    /// The current value: the last good one. Absent if there was none yet.
    public var value: Value?
    /// How the value stands.
    public var status: Status
    /// What its updater and preparer read when they were last evaluated, in order.
    public var reads: [Read]
    /// Who gave it its value.
    public var provenance: Provenance?

    /// Makes a property without a value.
    public init(_ definition: Definition) {
        self.definition = definition
        self.status = .unset
        self.reads = []
    }

    /// Makes a property.
    public init(
        value: Value? = nil, updater: Value? = nil, preparer: Value? = nil, isReadOnly: Bool = false,
        metadata: ValueMap = ValueMap(), classes: [ID] = [], provenance: Provenance? = nil
    ) {
        self.init(
            Definition(
                updater: updater, preparer: preparer, isReadOnly: isReadOnly, metadata: metadata, classes: classes))
        self.value = value
        self.status = value == nil ? .unset : .valid
        self.provenance = provenance
    }

    /// The expression that pulls a new candidate.
    public var updater: Value? {
        get { definition.updater }
        set { definition.updater = newValue }
    }

    /// An updater that this instance was given since, which takes the place of the other one; nil if it has none.
    ///
    /// Whoever has set it is the author of the value. It lasts until somebody sets a value.
    public var ownUpdater: Value? {
        get { definition.ownUpdater }
        set { definition.ownUpdater = newValue }
    }

    /// The updater that is in force.
    var currentUpdater: Value? { ownUpdater ?? updater }

    /// The expression that every candidate passes before it becomes the value, pulled or pushed.
    public var preparer: Value? {
        get { definition.preparer }
        set { definition.preparer = newValue }
    }

    /// Whether the value can be set only once.
    public var isReadOnly: Bool {
        get { definition.isReadOnly }
        set { definition.isReadOnly = newValue }
    }

    /// Literal data about the property.
    public var metadata: ValueMap {
        get { definition.metadata }
        set { definition.metadata = newValue }
    }

    /// The classes of its type.
    public var classes: [ID] {
        get { definition.classes }
        set { definition.classes = newValue }
    }

    /// How a property's value stands.
    public enum Status: Sendable, Hashable {
        /// There is no value, and nothing that would give one.
        case unset
        /// The updater needs something that is not there yet: the reason.
        indirect case pending(Problem)
        /// The value is the last candidate, and was accepted.
        case valid
        /// The value was valid, and what it was made from has changed since.
        case stale
        /// The last candidate was rejected, or could not be made: the value is an earlier one.
        indirect case failed(Problem)
    }
}

/// One property of one entity.
public struct PropertyReference: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The entity.
    public var entity: ID
    /// The property's name.
    public var name: String

    /// Makes a reference.
    public init(_ entity: ID, _ name: String) {
        self.entity = entity
        self.name = name
    }

    /// `entity.name`.
    public var description: String { "\(entity).\(name)" }

    /// Order by entity, then by name.
    public static func < (left: PropertyReference, right: PropertyReference) -> Bool {
        left.entity == right.entity ? left.name < right.name : left.entity < right.entity
    }
}

/// Who made or changed something, and why. It is a value whose copies share their memory, as most of one change do.
public struct Provenance: Sendable, Hashable {
    /// The kinds of authors.
    public enum Author: String, Sendable, Hashable, CaseIterable {
        /// A design that was instantiated; the name is the service's.
        case design
        /// A person, by hand; the name is the account's.
        case person
        /// A plugin; the name is the plugin's.
        case plugin
        /// An operation; the name is its record's.
        case operation
    }

    private struct Content: Sendable, Hashable {
        var author: Author
        var name: String
        var event: String?
        var time: Int64
    }

    private var content: Shared<Content>

    /// Makes a provenance.
    public init(_ author: Author, _ name: String, event: String? = nil, time: Int64) {
        content = Shared(Content(author: author, name: name, event: event, time: time))
    }

    /// The kind of author.
    public var author: Author { content.value.author }
    /// The author's name.
    public var name: String { content.value.name }
    /// The event that it was done for.
    public var event: String? {
        get { content.value.event }
        set { content.value.event = newValue }
    }
    /// When, in milliseconds since 1970 UTC.
    public var time: Int64 {
        get { content.value.time }
        set { content.value.time = newValue }
    }
}
