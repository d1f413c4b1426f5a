// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

extension StoreBackend {
    /// The services that have a record.
    public func services() async throws(Problems) -> [Value] {
        let unfinished = Unfinished(time: now())
        return try await read { snapshot throws(Problem) in
            var services: [Value] = []
            for record in try snapshot.allRecords("services") {
                let vertexes = try snapshot.vertexes(of: record.name.key)
                let rows = try LedgerRows(of: record.name.key, in: snapshot)
                var document: Value = [
                    "name": .text(record.name.key), "nodes": .integer(vertexes.count { $0.kind == "node" }),
                    "unfinished": .integer(unfinished.all(rows, vertexes).count),
                ]
                for key in ["state", "updated"] { document[key] = record.value[key] }
                services.append(document)
            }
            return services
        }
    }

    /// A service with its nodes and all that is unfinished.
    public func service(_ name: String) async throws(Problems) -> Value {
        let time = now()
        return try await read { snapshot throws(Problem) in
            guard let record = try snapshot.record("services", name) else { throw StoreBackend.unknown(service: name) }
            let vertexes = try snapshot.vertexes(of: name)
            let root = vertexes.first { $0.header.id == .vertex(.root, name) }
            let nodes = NodeSummary.all(of: vertexes)
            let unfinished = Unfinished(time: time)
            return [
                "name": .text(name), "state": record.value["state"] ?? .null,
                "updated": record.value["updated"] ?? .null, "problems": record.value["problems"] ?? [],
                "inputs": StoreBackend.properties("input.", of: root),
                "outputs": StoreBackend.properties("output.", of: root), "nodes": .list(nodes),
                "unfinished": .list(unfinished.all(try LedgerRows(of: name, in: snapshot), vertexes)),
            ]
        }
    }

    static func unknown(service name: String) -> Problem {
        Problem("service.unknown", "there is no service ‘\(name)’", hint: "‘khutulun service list’ shows those that are there")
    }

    private static func properties(_ prefix: String, of vertex: Vertex?) -> Value {
        var values: Value = [:]
        for (name, property) in vertex?.properties ?? [:] where name.hasPrefix(prefix) {
            values[String(name.dropFirst(prefix.count))] = property.value
        }
        return values
    }
}

/// The rows of the ledger that matter to a service now.
struct LedgerRows {
    /// The rows of the service's deployment, and those that were called by themselves, in order of planning.
    let rows: [Value]

    init(of service: String, in snapshot: any Snapshot) throws(Problem) {
        let deployment = try snapshot.record("services", service)?.value["deployment"]
        rows = try snapshot.allRecords("operations", prefix: "\(service)/").map(\.value).filter {
            $0["deployment"] == nil || $0["deployment"] == deployment
        }
    }

    /// Those that have not ended, and those of the deployment that ended with a problem or were cancelled.
    var unfinished: [Value] {
        rows.filter { row in
            switch row["state"]?.text {
            case "planned", "started": true
            case "failed", "cancelled": row["deployment"] != nil
            default: false
            }
        }
    }
}
