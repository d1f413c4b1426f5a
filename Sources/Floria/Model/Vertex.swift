// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A node of the graph. Its copies share their memory until one is changed.
public struct Vertex: Sendable, Hashable {
    private struct Content: Sendable, Hashable {
        var header: EntityHeader
        var origin: ID?
        var classes: [ID]
        var properties: [String: Property]
        var handlers: [Handler]
        var container: ID?
        var index: Int
    }

    private var content: Shared<Content>

    /// Makes a vertex.
    public init(_ header: EntityHeader, classes: [ID] = [], container: ID? = nil) {
        content = Shared(
            Content(
                header: header, origin: nil, classes: classes, properties: [:], handlers: [], container: container, index: 0))
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
    /// The vertex that contains it. Containment is a tree.
    public var container: ID? {
        get { content.value.container }
        _modify { yield &content.value.container }
    }
    /// Its index among the instances of its template in one container.
    public var index: Int {
        get { content.value.index }
        _modify { yield &content.value.index }
    }
}
