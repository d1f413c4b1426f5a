// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Entities as documents.
@Suite struct DocumentTests {
    @Test func `every entity comes back from its document, through CBOR and JSON too`() throws {
        var random = RandomEntities(seed: 7)
        for _ in 0..<400 {
            let entity = random.entity()
            #expect(try Entity(document: entity.document) == entity)
            #expect(try Entity(document: CBOR.decode(CBOR.encode(entity.document))) == entity)
            #expect(try Entity(document: JSON.decode(JSON.encode(entity.document))) == entity)
        }
    }

    @Test func `designs and events come back from their documents`() throws {
        var random = RandomEntities(seed: 8)
        for _ in 0..<50 {
            var design = Design(root: random.id(.vertexTemplate))
            design.classes = [Class(random.header(.class))]
            design.vertexTemplates = [random.vertexTemplate(), random.vertexTemplate()]
            design.edgeTemplates = [random.edgeTemplate()]
            #expect(try Design(document: design.document) == design)
            let event = Event(
                id: random.name(), type: "x", entity: random.id(.edge), payload: random.value(), host: "h", time: 5, due: 6)
            #expect(try Event(document: event.document) == event)
        }
    }

    @Test func `a vertex has the keys that the plugin interface names`() {
        var vertex = Vertex(EntityHeader(.shop("web-0")), classes: [.type("c")], container: .vertex(.root, "shop"))
        vertex.properties["port"] = Property(value: 80, isReadOnly: true)
        vertex.handlers = [Handler(event: "exited", call: Call(FunctionName(plugin: "p", name: "f"), ["x"]), name: "h")]
        #expect(
            JSON.encode(Entity.vertex(vertex).document) == """
                {"classes":["class:types/c"],"container":"vertex:shop","handlers":[{"call":{"$call":{"arguments":["x"],"function":"p:f"}},\
                "event":"exited","name":"h"}],"id":"vertex:shop/web-0","properties":{"port":{"read-only":true,"status":"valid","value":80}}}
                """)
    }

    @Test func `a name may begin with a mark that combines with the character before it`() throws {
        let id = ID(.vertex, Directory(["\u{301}a"]), "\u{302}b")
        let read = try ID(documentText: id.documentText)
        #expect(read == id)
        #expect(read.name.unicodeScalars.elementsEqual(id.name.unicodeScalars))
    }

    private static let malformed: [(Value, String)] = [
        (["x": 1], "the document of an entity has no ‘id’"),
        (["id": "vertex:shop/web", "prepaper": 1], "the vertex ‘shop/web’ has the unknown key ‘prepaper’"),
        (["id": "edge:shop/web", "source": "vertex:a", "name": "n"], "the edge ‘shop/web’ has no ‘target’"),
        (["id": "vertex:shop/web", "classes": "class:x"], "‘classes’ of the vertex ‘shop/web’ is not a list"),
        (
            ["id": "vertex:shop/web", "properties": ["a": 1]],
            "the property ‘a’ of the vertex ‘shop/web’ is no map but a value of kind integer"
        ),
        (["id": "thing:shop"], "‘thing:shop’ is no identifier in a document"),
        (["id": "vertex:shop//web"], "‘’ is no valid name"),
    ]

    @Test(arguments: malformed)
    func `a malformed document says what is wrong with it`(document: Value, message: String) async throws {
        #expect(try await problem { _ = try Entity(document: document) }.message == message)
    }
}
