// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Plugins
import Support
import Synchronization

/// The plugins that this host can call.
final class PluginRegistry: Sendable {
    /// A plugin that is ready to be called.
    struct Loaded: Sendable {
        var component: PluginComponent
        var description: Value
        var grants: Grants
    }

    private let engine: PluginEngine
    private let loaded = Mutex<[String: Loaded]>([:])
    /// Components that came with designs, by name and digest. They are compiled once; to load one again is quick.
    private let ofDesigns = Mutex<[String: PluginComponent]>([:])
    /// How many components of designs are held.
    private static let heldLimit = 32
    /// The largest component of a design, in bytes.
    private static let sizeLimit = 64 << 20

    init(engine: PluginEngine) { self.engine = engine }

    /// A plugin by name.
    func plugin(_ name: String) throws(Problem) -> Loaded {
        let (plugin, names) = loaded.withLock { ($0[name], $0.keys.sorted()) }
        guard let plugin else {
            throw Problem(
                "plugin.unknown", "there is no plugin ‘\(name)’", hint: "there are \(names.joined(separator: ", "))")
        }
        return plugin
    }

    /// A component that came with a design.
    ///
    /// - Parameters:
    ///   - digest: of its file.
    ///   - name: what problems call it.
    ///   - path: where its file is.
    /// - Throws: `plugin.too-large`; other `plugin.*` if it is no component, or none for the plugin interface.
    func component(_ digest: String, name: String, path: String) async throws(Problem) -> PluginComponent {
        let key = "\(name) \(digest)"
        if let component = ofDesigns.withLock({ $0[key] }) { return component }
        let bytes = try Files.content(of: path, limit: Self.sizeLimit + 1)
        guard bytes.count <= Self.sizeLimit else {
            throw Problem("plugin.too-large", "the component ‘\(name)’ has more than \(Self.sizeLimit) bytes")
        }
        let component = try await engine.load(bytes, name: name)
        ofDesigns.withLock { held in
            if held.count >= Self.heldLimit { held.removeAll() }
            held[key] = component
        }
        return component
    }

    /// Loads every component of a folder, and registers it in the graph with the handlers that it describes.
    func load(
        folder: String, client: APIClient, now: Int64, failpoint: Failpoint
    ) async throws(Problem) {
        for path in try Files.list(folder).filter({ $0.hasSuffix(".wasm") }).sorted() {
            let component = try await engine.load(try Files.content(of: "\(folder)/\(path)"), name: String(path.dropLast(5)))
            let description = try await component.describe(limits: .standard)
            guard let name = description["name"]?.text else {
                throw Problem("plugin.malformed-description", "the component ‘\(folder)/\(path)’ does not say its name")
            }
            let grants = try Grants(description["grants"] ?? [:])
            loaded.withLock {
                $0[name] = Loaded(component: component, description: description, grants: grants)
            }
            try await register(name, component.digest, description, client, now, failpoint)
        }
    }

    private func register(
        _ name: String, _ digest: String, _ description: Value, _ client: APIClient, _ now: Int64, _ failpoint: Failpoint
    ) async throws(Problem) {
        var header = EntityHeader(ID(.plugin, Directory(["plugins"]), name))
        header.metadata["version"] = description["version"]
        let plugin = Plugin(header, digest: digest, description: description, grants: description["grants"] ?? [:])
        do {
            let known = try await client.entity(header.id)
            if case .plugin(let known)? = known, known.digest == digest { return }
            var changes = GraphChanges(provenance: Provenance(.plugin, name, time: now))
            changes.put = [.plugin(plugin)]
            changes.put += try await classes(of: name, description, client)
            failpoint.reach("registration.before-commit")
            _ = try await client.commit(changes)
        } catch { throw error.first }
    }

    /// The classes that the plugin handles events for, with its handlers.
    private func classes(of name: String, _ description: Value, _ client: APIClient) async throws(Problems) -> [Entity] {
        var classes: [ID: Class] = [:]
        for entry in description["handlers"]?.list ?? [] {
            guard let event = entry["event"]?.text, let function = entry["function"]?.text,
                let id = entry["class"]?.text.flatMap({ try? ID(documentText: $0) })
            else { continue }
            if classes[id] == nil {
                if case .class(let known)? = try await client.entity(id) { classes[id] = known }
                classes[id]?.handlers.removeAll { $0.call.function.plugin == name }
            }
            let handler = Handler(
                event: event, call: Call(FunctionName(plugin: name, name: function)), name: "\(name).\(event)")
            classes[id, default: Class(EntityHeader(id))].handlers.append(handler)
        }
        return classes.values.map(Entity.class)
    }
}
