// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Foundation
import Plugins
import Support
import Synchronization

/// A host for components on trial: a graph in memory, and real files, sockets and processes of this machine.
///
/// It passes events on only when it is told to, so that a test decides what happens when.
final class TestHost: PluginHost {
    let folder: String
    let store = MemoryStore()
    let processes = TestProcesses()
    private let components: [String: PluginComponent]
    private let emitted = Mutex<[Value]>([])

    /// Makes a host with the built-in components, but for those that are replaced.
    init(replacing replacements: [String: PluginComponent] = [:]) async throws {
        folder = FileManager.default.temporaryDirectory.path + "/khutulun-\(UUID().uuidString)"
        let own = ["process": try await Components.load("process"), "ports": try await Components.load("ports")]
        components = own.merging(replacements) { $1 }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    /// Ends every process and removes every file.
    func close() {
        processes.endAll()
        try? FileManager.default.removeItem(atPath: folder)
    }

    func folder(of node: ID) -> String { "\(folder)/\(node)" }

    /// Calls a function of a component.
    @discardableResult
    func call(_ function: String, _ arguments: [Value], at entity: ID) async throws(Problem) -> Value {
        guard let name = FunctionName(function), let component = components[name.plugin] else {
            throw Problem("test.unknown-function", "there is no function ‘\(function)’")
        }
        return try await component.dispatch(name.name, arguments, site: CallSite(entity: entity), host: self)
    }

    /// The events that were made since the last call.
    func takeEvents() -> [Value] {
        emitted.withLock { events in
            defer { events = [] }
            return events
        }
    }

    func log(_ level: LogLevel, _ message: String) {}
    func now() -> UInt64 { UInt64(Date().timeIntervalSince1970 * 1_000) }
    func sleep(milliseconds: UInt64) async { try? await Task.sleep(for: .milliseconds(Int64(milliseconds))) }

    func call(_ function: HostFunction, _ request: Value, site: CallSite?) async throws(Problem) -> Value {
        switch function {
        case .evaluate: try await evaluate(request, site)
        case .get: try await get(try ID(documentText: request.text ?? ""))?.view ?? .null
        case .query: try await query(request)
        case .commit: try await commit(request)
        case .emit: note(request)
        case .run: try processes.run(request)
        case .spawn: try processes.spawn(request, folder: folder(of: try ID(documentText: request["node"]?.text ?? "")))
        case .status: processes.status(request)
        case .signal: processes.signal(request)
        case .wait: await processes.wait(request)
        case .forget: processes.forget(request)
        case .listeners: .list(try Listening.sockets())
        case .connect: ["open": .boolean(Listening.answers(request["address"]?.text ?? "", request["port"]?.integer ?? 0))]
        case .http: throw Problem("http.failed", "this host makes no requests")
        case .file: try TestFiles.perform(request)
        case .secret: throw Problem("plugin.not-granted", "this host has no secrets")
        }
    }

    private func note(_ event: Value) -> Value {
        emitted.withLock { $0.append(event) }
        return [:]
    }

    private func evaluate(_ expression: Value, _ site: CallSite?) async throws(Problem) -> Value {
        guard case .call(let call) = expression, let site else { return expression }
        switch "\(call.function)" {
        case "khutulun:folder":
            _ = try TestFiles.perform(["make": .text(folder(of: site.entity))])
            return .text(folder(of: site.entity))
        case "khutulun:artifact": return .text("\(folder)/artifacts/\(call.arguments[0].text ?? "")")
        case let name: return try await self.call(name, call.arguments, at: site.entity)
        }
    }
}

/// The graph.
extension TestHost {
    func get(_ id: ID) async throws(Problem) -> Entity? {
        try await store.read { snapshot throws(Problem) in try snapshot.entity(id) }
    }

    /// The value of a property.
    func value(_ id: ID, _ property: String) async throws(Problem) -> Value? {
        guard case .vertex(let vertex)? = try await get(id) else { return nil }
        return vertex.properties[property]?.value
    }

    /// Sets properties by hand, as a design or an orchestrator would.
    func set(_ id: ID, _ values: [String: Value]) async throws(Problem) {
        let sets = values.map {
            Value.object(["entity": .text(id.documentText), "property": .text($0.key), "value": $0.value])
        }
        _ = try await commit(["set": .list(sets)])
    }

    func query(_ scan: Value) async throws(Problem) -> Value {
        let entities: [Entity]
        if let container = scan["contained-in"]?.text {
            let id = try ID(documentText: container)
            let isWanted = scan["itself"]?.boolean == true
            entities = try await store.read { snapshot throws(Problem) in
                let itself = isWanted ? try snapshot.entity(id).map { [$0] } ?? [] : []
                return itself + (try snapshot.entities(.contained(in: id)))
            }
        } else {
            let directory = try Directory(parsing: scan["directory"]?.text ?? "")
            entities = try await store.read { snapshot throws(Problem) in
                try snapshot.entities(.directory(.vertex, directory, isDeep: false))
            }
        }
        return .list(entities.map(\.view))
    }

    func commit(_ changes: Value) async throws(Problem) -> Value {
        var transaction = Transaction()
        for put in changes["put"]?.list ?? [] { transaction.puts.append(try Entity(document: put)) }
        for id in changes["delete"]?.list ?? [] { transaction.deletions.append(try ID(documentText: id.text ?? "")) }
        for expectation in changes["expect"]?.list ?? [] {
            let id = try ID(documentText: expectation["entity"]?.text ?? "")
            transaction.expectations[id] = UInt64(expectation["version"]?.integer ?? 0)
        }
        var changed: [ID: Vertex] = [:]
        for set in changes["set"]?.list ?? [] {
            let id = try ID(documentText: set["entity"]?.text ?? "")
            if changed[id] == nil, case .vertex(let vertex)? = try await get(id) { changed[id] = vertex }
            changed[id]?.properties[set["property"]?.text ?? "", default: Property()].value = set["value"] ?? .null
        }
        transaction.puts += changed.values.map(Entity.vertex)
        for (id, vertex) in changed where transaction.expectations[id] == nil {
            transaction.expectations[id] = vertex.header.version
        }
        return ["position": .number(try await store.commit(transaction).position)]
    }
}
