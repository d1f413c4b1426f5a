// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import Support

/// A store with some vertexes, to change and to read.
enum StoreContent {
    static func vertex(_ number: Int, _ value: Int) -> Vertex {
        var vertex = Vertex(EntityHeader(.vertex(Directory(["shop"]), "node-\(number)")))
        let provenance = Provenance(.design, "shop", time: 1)
        vertex.properties = [
            "port": Property(value: .integer(value), provenance: provenance),
            "name": Property(value: .text("node-\(number)"), provenance: provenance),
            "state": Property(value: "started", provenance: provenance),
        ]
        return vertex
    }

    /// Makes a store of so many vertexes.
    static func make(_ path: String, vertexes: Int) async throws {
        let store = try SQLiteStore(path: path)
        defer { store.close() }
        var transaction = Transaction()
        transaction.puts = (0..<vertexes).map { .vertex(vertex($0, 1)) }
        try await store.commit(transaction)
    }
}
