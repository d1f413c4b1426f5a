// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What a service is made from: templates, and the classes of what they make.
public struct Design: Sendable, Hashable {
    /// The vertex template of the service's own vertex.
    public var root: ID
    /// The classes, with all ancestors.
    public var classes: [Class]
    /// All vertex templates, the root's included.
    public var vertexTemplates: [VertexTemplate]
    /// All edge templates.
    public var edgeTemplates: [EdgeTemplate]

    /// Makes a design.
    public init(root: ID, classes: [Class] = [], vertexTemplates: [VertexTemplate] = [], edgeTemplates: [EdgeTemplate] = []) {
        self.root = root
        self.classes = classes
        self.vertexTemplates = vertexTemplates
        self.edgeTemplates = edgeTemplates
    }

    /// Everything in it: classes, vertex templates, edge templates.
    public var entities: [Entity] {
        classes.map(Entity.class) + vertexTemplates.map(Entity.vertexTemplate) + edgeTemplates.map(Entity.edgeTemplate)
    }

    /// The design as a document: `{"root": ID, "entities": [ENTITY…]}`.
    public var document: Value {
        ["root": .text(root.documentText), "entities": .list(entities.map(\.document))]
    }

    /// Reads a design's document. Further keys of the map are the business of others.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        guard let root = document["root"]?.text, let entities = document["entities"]?.list else {
            throw DocumentReader.malformed("a design needs the keys ‘root’ and ‘entities’")
        }
        self.init(root: try ID(documentText: root))
        for item in entities {
            switch try Entity(document: item) {
            case .class(let entity): classes.append(entity)
            case .vertexTemplate(let entity): vertexTemplates.append(entity)
            case .edgeTemplate(let entity): edgeTemplates.append(entity)
            case .plugin(let plugin): throw Self.foreign(plugin.header.id)
            case .vertex(let vertex): throw Self.foreign(vertex.header.id)
            case .edge(let edge): throw Self.foreign(edge.header.id)
            }
        }
    }

    private static func foreign(_ id: ID) -> Problem {
        DocumentReader.malformed("a design holds the \(id.kind.label) ‘\(id)’, but only classes and templates belong there")
    }
}
