// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Crypto
import Floria
import Orchestration
import Plugins
import Support

/// The host's own functions: the library `khutulun`.
struct HostFunctions: Sendable {
    static let library = "khutulun"

    let environment: HostEnvironment
    let client: APIClient
    let artifacts: ArtifactFiles
    /// What scripts enter that handle events of a node. Those of operations are kept from its end by whoever orders them.
    let gates = NodeGates()

    func dispatch(_ invocation: Invocation, _ dispatcher: Dispatcher) async throws(Problem) -> Value {
        let arguments = invocation.arguments
        switch invocation.call.function.name {
        case "folder": return .text(try await folder(for: invocation))
        case "artifact": return .text(try await artifacts.path(try text(arguments, 0, "artifact")))
        case "render":
            guard !arguments.contains(where: \.holdsSecret) else {
                throw Problem(
                    "secret.in-call", "‘khutulun:render’ would make a text that holds a secret",
                    hint: "write the file with ‘template’ and ‘model’, so that the text is made where it is written")
            }
            return .text(
                try TemplateRenderer.render(try text(arguments, 0, "render"), with: arguments.count > 1 ? arguments[1] : [:]))
        case "script":
            return try await implementation(invocation) { () throws(Problem) in try await script(invocation, arguments) }
        case DesignComponent.function:
            return try await implementation(invocation) { () throws(Problem) in
                try await component(invocation, arguments, dispatcher)
            }
        case "call": return try await call(invocation, arguments)
        case let name:
            throw Problem("function.unknown", "there is no function ‘\(HostFunctions.library):\(name)’")
        }
    }

    private func text(_ arguments: [Value], _ index: Int, _ function: String) throws(Problem) -> String {
        guard index < arguments.count, let text = arguments[index].text else {
            throw Problem("function.malformed-arguments", "argument \(index + 1) of ‘khutulun:\(function)’ is no text")
        }
        return text
    }

    /// The folder of the node that a call is made for. An event may come after the end of its node, for which nothing is
    /// to be made any more.
    private func folder(for invocation: Invocation) async throws(Problem) -> String {
        let entity = invocation.site.entity
        let folder = environment.folders.home(of: entity)
        let isLate = invocation.event != nil
        // What is made while the service is removed would be in the way, so it is made only for what is there. It may go meanwhile.
        if isLate, !Files.exists(folder) { try await require(entity) }
        try Files.makeFolder(folder, of: environment.owner)
        if isLate { try await removeFolder(unlessThereIs: entity) }
        return folder
    }

    private func removeFolder(unlessThereIs entity: ID) async throws(Problem) {
        do throws(Problem) { try await require(entity) } catch {
            if error.code == Self.unknown {
                // Its service's folder was made as well, if the service has gone too.
                try Files.remove(environment.folders.folder(of: entity), withEmptyFoldersBelow: environment.folders.nodes)
            }
            throw error
        }
    }

    private static let unknown = "node.unknown"

    private func require(_ entity: ID) async throws(Problem) {
        do throws(Problems) {
            if try await client.entity(entity) != nil { return }
        } catch { throw error.first }
        throw Problem(Self.unknown, "there is no ‘\(entity)’ any more", at: .entity(entity.description, property: nil))
    }

    /// Runs what came with a design. An event may come while its node ends.
    private func implementation(
        _ invocation: Invocation, _ run: () async throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        guard invocation.event != nil else { return try await run() }
        let entity = invocation.site.entity
        try gates.enter(entity)
        defer { gates.leave(entity) }
        let outputs = try await run()
        // Its end may have come between the node's end and that of its record.
        try await removeFolder(unlessThereIs: entity)
        return outputs
    }

    /// Runs a script or program of the design: the digest and name of its file, then the inputs or the event.
    private func script(_ invocation: Invocation, _ arguments: [Value]) async throws(Problem) -> Value {
        let folder = try await folder(for: invocation)
        let script = Script(
            path: try await artifacts.path(try text(arguments, 0, "script")), name: try text(arguments, 1, "script"),
            folder: folder, owner: Owner(of: folder) ?? environment.owner, site: invocation.site, host: environment.name,
            execution: arguments.count > 3 ? arguments[3] : .null)
        let inputs = try await OpenedSecrets(
            arguments.count > 2 ? arguments[2] : [:], for: invocation.site.entity, client: client,
            languages: environment.languages)
        let outputs = try await masking(inputs) { () throws(Problem) in
            try await script.run(inputs.value, timeLimit: invocation.timeLimit)
        }
        guard !inputs.isTold(by: outputs) else {
            throw Problem(
                "secret.in-output", "the outputs of the script ‘\(script.name)’ hold a secret, which must not be kept",
                at: .command([script.name], host: environment.name), hint: "leave it out of what the script prints")
        }
        return outputs
    }

    /// Calls a component of the design: the digest and name of its file, its function, then the inputs or the event.
    private func component(
        _ invocation: Invocation, _ arguments: [Value], _ dispatcher: Dispatcher
    ) async throws(Problem) -> Value {
        let (digest, name) = (try text(arguments, 0, "component"), try text(arguments, 1, "component"))
        let component = try await dispatcher.plugins.component(digest, name: name, path: try await artifacts.path(digest))
        _ = try await folder(for: invocation)
        var inner = invocation
        inner.call = Call(FunctionName(plugin: name, name: try text(arguments, 2, "component")), Array(arguments.dropFirst(3)))
        inner.extra = []
        return try await dispatcher.dispatch(
            inner, to: component, granted: try Grants(DesignComponent.grants), mayCallPlugins: false)
    }

    /// Names the call of an operation for an event, so that delivering the event again calls nothing twice.
    private static func key(_ event: String, _ operation: String) -> String {
        let digest = SHA256.hash(data: Array("\(event)\n\(operation)".utf8))
        return "event-" + digest.prefix(6).map { String(UInt32($0) + 256, radix: 16).dropFirst() }.joined()
    }

    /// Calls an operation of the node that an event reached: its name, inputs, then the event.
    private func call(_ invocation: Invocation, _ arguments: [Value]) async throws(Problem) -> Value {
        var inputs: [String: Value] = [:]
        for (key, value) in arguments.count > 1 ? arguments[1].map ?? ValueMap() : ValueMap() {
            if let key = key.text { inputs[key] = value }
        }
        if arguments.count > 2 { inputs["event"] = arguments[2] }
        let operation = try text(arguments, 0, "call")
        do {
            return try await client.call(
                operation, of: invocation.site.entity, inputs: inputs, key: invocation.event.map { Self.key($0, operation) }
            ).outputs
        } catch { throw error.first }
    }
}
