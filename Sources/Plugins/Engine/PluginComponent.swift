// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
public import Floria
public import Support

/// A loaded plugin, whose functions can be called any number of times at once.
public final class PluginComponent: Sendable {
    /// The SHA-256 digest of the component, in lower-case hexadecimal digits.
    public let digest: String
    /// The plugin's name, for messages.
    public let name: String

    private static let interface = "khutulun:plugin/functions@0.1.0"
    /// How many calls of plugins the running code is within.
    @TaskLocal private static var depth = 0

    private let engine: PluginEngine
    private let component: ComponentHandle
    private let describeExport: ExportHandle
    private let dispatchExport: ExportHandle

    init(_ component: ComponentHandle, digest: String, name: String, _ engine: PluginEngine) throws(Problem) {
        guard let describe = component.export("describe", of: Self.interface),
            let dispatch = component.export("dispatch", of: Self.interface)
        else {
            throw Problem(
                "plugin.incompatible", "the component ‘\(name)’ doesn't export \(Self.interface)",
                hint: "build it for the world of sdk/wit/plugin.wit")
        }
        self.digest = digest
        self.name = name
        self.engine = engine
        self.component = component
        describeExport = describe
        dispatchExport = dispatch
    }

    /// Asks the plugin for its description. It can't use the host meanwhile.
    ///
    /// - Throws: `plugin.malformed-description`, and what a call ends with.
    @concurrent
    public func describe(limits: PluginLimits = .standard) async throws(Problem) -> Value {
        try await ending("describe") { () async throws(Problem) in
            var result = try await PluginCall(engine, RefusingHost(), limits).run(component, describeExport, [])
            defer { wasmtime_component_val_delete(&result) }
            return try decode(result, limits)
        }
    }

    /// Calls a function in a fresh instance.
    ///
    /// - Parameters:
    ///   - function: The function's name.
    ///   - arguments: Its arguments.
    ///   - site: Where the call stands.
    ///   - host: Does what the plugin asks the host for.
    ///   - limits: What the call may use up.
    /// - Throws: The problem that the function fails with; or with which the call was ended: `plugin.trap`,
    ///   `plugin.timeout`, `plugin.cpu`, `plugin.memory`, `plugin.stack`, `plugin.output`, `plugin.nesting`,
    ///   `plugin.cancelled`, `plugin.malformed-result`. It concerns this call only.
    @concurrent
    public func dispatch(
        _ function: String, _ arguments: [Value], site: CallSite, host: any PluginHost, limits: PluginLimits = .standard
    ) async throws(Problem) -> Value {
        let depth = Self.depth + 1
        let outcome: Result<Value, Problem> = await Self.$depth.withValue(depth) {
            do throws(Problem) {
                return .success(try await call(function, arguments, site, host, limits, depth))
            } catch {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    private func call(
        _ function: String, _ arguments: [Value], _ site: CallSite, _ host: any PluginHost, _ limits: PluginLimits, _ depth: Int
    ) async throws(Problem) -> Value {
        let result: Result<Value, Problem> = try await ending(function) { () async throws(Problem) in
            if depth > limits.nesting {
                throw Problem(
                    "plugin.nesting", "calls of plugins are nested more than \(limits.nesting) deep",
                    hint: "two functions may call each other endlessly")
            }
            let call = try PluginCall(engine, host, limits)
            let values: [wasmtime_component_val_t] = [.string(function), .string(JSON.encode(.list(arguments))), .site(site)]
            var result = try await call.run(component, dispatchExport, values)
            defer { wasmtime_component_val_delete(&result) }
            guard result.kind == UInt8(WASMTIME_COMPONENT_RESULT), let payload = result.of.result.val else {
                throw Problem("plugin.malformed-result", "its result has the wrong type")
            }
            let value = try decode(payload.pointee, limits)
            return result.of.result.is_ok ? .success(value) : .failure(Problem(value: value))
        }
        return try result.get()
    }

    private func decode(_ text: wasmtime_component_val_t, _ limits: PluginLimits) throws(Problem) -> Value {
        guard text.textSize <= limits.output else {
            throw Problem("plugin.output", "its result of \(text.textSize) bytes is over the limit of \(limits.output) bytes")
        }
        do throws(Problem) {
            return try JSON.decode(text.bytes)
        } catch {
            throw Problem("plugin.malformed-result", "its result is no JSON document of values", causes: [error])
        }
    }

    /// Says in a problem with which a call was ended which call it was.
    private func ending<Result>(
        _ function: String, _ body: () async throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        do throws(Problem) {
            return try await body()
        } catch {
            var problem = error
            problem.message = "the call of ‘\(name):\(function)’ was ended: \(error.message)"
            throw problem
        }
    }
}
