// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import Support
import Synchronization

/// What one changed property costs in a graph of which few properties depend on it.
struct UpdateFigures {
    let folder: String

    private static let vertexes = 10_000
    /// How many properties depend on each source, one after the other.
    private static let dependents = 9
    private static let times = 100

    private func id(_ number: Int) -> ID { .vertex(Directory(["shop"]), "node-\(number)") }

    func measure() async throws -> [Figure] {
        let store = try SQLiteStore(path: folder + "/store.db", now: { 1 })
        defer { store.close() }
        let library = BenchFunctions()
        let update = GraphUpdate(functions: Functions(["bench": library]), now: { 1 })
        try await fill(store, update)
        let floor = try durableCommit(in: folder)
        let person = Provenance(.person, "ann", time: 2)
        let before = library.calls.load(ordering: .relaxed)
        var times: [Double] = []
        for round in 0..<Self.times {
            let source = PropertyReference(id(round * 7 * (Self.dependents + 1)), "x")
            times.append(
                try await seconds {
                    let changes = try await update.push([source: .integer(1000 + round)], in: store, provenance: person)
                    var transaction = Transaction()
                    changes.add(to: &transaction)
                    try await store.commit(transaction)
                } * 1000)
        }
        let evaluations = Double(library.calls.load(ordering: .relaxed) - before) / Double(Self.times)
        return [
            Figure(
                name: "one changed property: evaluations", measured: evaluations, unit: "",
                floor: (Double(Self.dependents), "dependents"), bound: .most(Double(Self.dependents))),
            Figure(
                name: "one changed property, \(Self.dependents) dependents", measured: times.median, unit: "ms",
                floor: (floor, "durable commit"), bound: .most(5 + floor)),
        ]
    }

    /// Makes chains of properties, each of which reads the one before.
    private func fill(_ store: SQLiteStore, _ update: GraphUpdate) async throws {
        var graph = Graph()
        for number in 0..<Self.vertexes {
            var vertex = Vertex(EntityHeader(id(number)))
            let isSource = number % (Self.dependents + 1) == 0
            vertex.properties["x"] =
                isSource ? Property(value: .integer(number)) : Property(updater: .bench("add", .value(id(number - 1), "x"), 1))
            graph.insert(vertex)
        }
        var transaction = Transaction()
        transaction.puts = graph.vertexes.values.map(Entity.vertex)
        try await store.commit(transaction)
        let present = try await store.read { snapshot throws(Problem) in try Graph(service: "shop", in: snapshot) }
        transaction.puts = try await update.refresh(present, service: "shop")
        try await store.commit(transaction)
    }
}
