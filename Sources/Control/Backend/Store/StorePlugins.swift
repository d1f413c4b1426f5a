// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

extension StoreBackend {
    /// The registrations of plugins, by name.
    public func plugins() async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in try StoreBackend.plugins(in: snapshot).map(StoreBackend.document) }
    }

    /// One registration.
    public func plugin(_ name: String) async throws(Problems) -> Value {
        try await read { snapshot throws(Problem) in
            guard let plugin = try StoreBackend.plugins(in: snapshot).first(where: { $0.header.id.name == name }) else {
                throw Problem(
                    "plugin.unknown", "there is no plugin ‘\(name)’", hint: "‘khutulun plugin list’ shows those that are there")
            }
            return StoreBackend.document(plugin)
        }
    }

    /// The reserved ports of all hosts.
    public func ports() async throws(Problems) -> [Value] {
        try await read { snapshot throws(Problem) in
            try snapshot.entities(.directory(.vertex, Directory(["hosts"]), isDeep: true)).compactMap { entity in
                let metadata = entity.header.metadata
                guard metadata["kind"]?.text == "reservation", metadata["port"] != nil else { return nil }
                var document: Value = [:]
                for key in ["host", "protocol", "address", "port", "since"] { document[key] = metadata[key] }
                for key in ["node", "capability"] { document[key] = metadata[key].map(StoreBackend.withoutKind) }
                return document
            }
        }
    }

    static func plugins(in snapshot: any Snapshot) throws(Problem) -> [Plugin] {
        var plugins: [Plugin] = []
        for case .plugin(let plugin) in try snapshot.entities(.directory(.plugin, .root, isDeep: true)) {
            plugins.append(plugin)
        }
        return plugins
    }

    private static func document(_ plugin: Plugin) -> Value {
        var document = Entity.plugin(plugin).document
        document["name"] = .text(plugin.header.id.name)
        return document
    }

    /// `vertex:shop/web-0` as `shop/web-0`.
    private static func withoutKind(_ value: Value) -> Value {
        guard let text = value.text, let id = try? ID(documentText: text) else { return value }
        return .text(id.description)
    }
}
