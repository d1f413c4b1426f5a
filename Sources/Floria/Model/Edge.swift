// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A connection of two vertexes, which exist as long as it does. Its copies share their memory until one is changed.
public struct Edge: Sendable, Hashable {
    private struct Content: Sendable, Hashable {
        var header: EntityHeader
        var origin: ID?
        var classes: [ID]
        var properties: [String: Property]
        var handlers: [Handler]
        var source: ID
        var target: ID
        var name: String
        var index: Int
    }

    private var content: Shared<Content>

    /// Makes an edge.
    public init(_ header: EntityHeader, classes: [ID] = [], name: String, source: ID, target: ID) {
        content = Shared(
            Content(
                header: header, origin: nil, classes: classes, properties: [:], handlers: [], source: source, target: target,
                name: name, index: 0))
    }

    /// The common part.
    public var header: EntityHeader {
        get { content.value.header }
        _modify { yield &content.value.header }
    }
    /// The template that it was made from; informational.
    public var origin: ID? {
        get { content.value.origin }
        _modify { yield &content.value.origin }
    }
    /// Its classes.
    public var classes: [ID] {
        get { content.value.classes }
        _modify { yield &content.value.classes }
    }
    /// Its properties.
    public var properties: [String: Property] {
        get { content.value.properties }
        _modify { yield &content.value.properties }
    }
    /// Its handlers.
    public var handlers: [Handler] {
        get { content.value.handlers }
        _modify { yield &content.value.handlers }
    }
    /// Where it starts.
    public var source: ID {
        get { content.value.source }
        _modify { yield &content.value.source }
    }
    /// Where it ends.
    public var target: ID {
        get { content.value.target }
        _modify { yield &content.value.target }
    }
    /// Its name among the edges that leave its source; several may share it.
    public var name: String {
        get { content.value.name }
        _modify { yield &content.value.name }
    }
    /// Its index among the edges of its name that leave its source.
    public var index: Int {
        get { content.value.index }
        _modify { yield &content.value.index }
    }
}
