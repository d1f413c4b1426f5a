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

/// What a property is set to.
public enum PropertySetting: Sendable, Hashable {
    /// A candidate, which is pushed through its preparer.
    case value(Value)
    /// An expression that gives its candidates from now on, until it is set to a value.
    case updater(Value)
}

/// A change of the graph by a host's agent: the `commit` of `plugin-interface.md`.
public struct GraphChanges: Sendable, Hashable {
    /// What properties are set to.
    public var set: [PropertyReference: PropertySetting] = [:]
    /// Entities to be made or replaced.
    public var put: [Entity] = []
    /// Entities to be removed.
    public var delete: [ID] = []
    /// The versions that entities must still have; 0 means that there must be none.
    public var expect: [ID: UInt64] = [:]
    /// The event and the handler that it is made for: it is made once for both.
    public var effect: EventEffect?
    /// Who makes it.
    public var provenance: Provenance

    /// A change that changes nothing yet.
    public init(provenance: Provenance) { self.provenance = provenance }
}
