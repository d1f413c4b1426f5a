// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension RandomEntities {
    /// A number below a limit.
    mutating func number(below limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// A small graph as a design makes it: vertexes that contain each other, with values, and edges between them.
    mutating func designedGraph() -> Graph {
        var graph = Graph()
        let design = Provenance(.design, "shop", time: 1)
        for index in 0..<6 where index == 0 || number(below: 4) > 0 {
            var vertex = Vertex(EntityHeader(.shop("v\(index)"), provenance: design), classes: [.type("T\(number(below: 2))")])
            if number(below: 3) == 0, graph.vertex(.shop("v\(index / 2)")) != nil { vertex.container = .shop("v\(index / 2)") }
            for name in ["x", "y", "z"] where number(below: 4) > 0 {
                vertex.properties[name] = Property(value: .integer(number(below: 3)), provenance: design)
            }
            graph.insert(vertex)
        }
        let ids = graph.vertexes.keys.sorted()
        for index in 0..<4 where number(below: 2) == 0 {
            let (source, target) = (ids[number(below: ids.count)], ids[number(below: ids.count)])
            graph.insert(Edge(EntityHeader(.link("e\(index)"), provenance: design), name: "to", source: source, target: target))
        }
        return graph
    }

    /// A graph after people and the running system have changed it here and there.
    mutating func changed(_ graph: Graph) -> Graph {
        var graph = graph
        for (id, vertex) in graph.vertexes.sorted(by: { $0.key < $1.key }) {
            for name in vertex.properties.keys.sorted() where number(below: 4) == 0 {
                let author: Provenance.Author = number(below: 3) == 0 ? .operation : .person
                var value = Property(value: .integer(100 + number(below: 9)), provenance: Provenance(author, "a", time: 2))
                if author == .person, number(below: 2) == 0 { value.ownUpdater = value.value }
                graph.set(value, PropertyReference(id, name))
            }
        }
        if number(below: 2) == 0 {
            let container: ID? = number(below: 2) == 0 ? .shop("v0") : nil
            graph.insert(
                Vertex(EntityHeader(.shop("by hand"), provenance: Provenance(.person, "a", time: 2)), container: container))
        }
        for id in graph.edges.keys.sorted() where number(below: 5) == 0 { graph.remove(id) }
        return graph
    }
}

extension Graph {
    /// The graph without what a store notes when it puts something.
    var unstamped: Graph {
        var graph = Graph()
        for entity in vertexes.values.map(Entity.vertex) + edges.values.map(Entity.edge) {
            var entity = entity
            entity.header.version = 0
            entity.header.created = 0
            entity.header.updated = 0
            graph.insert(entity)
        }
        return graph
    }

    /// Puts it whole.
    var transaction: Transaction {
        Transaction(puts: vertexes.values.map(Entity.vertex) + edges.values.map(Entity.edge))
    }
}
