// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Plugins
import Support

/// Calls functions: those of plugins, those of the language, and those of the host itself.
struct Dispatcher: Sendable {
    let plugins: PluginRegistry
    let client: APIClient
    let environment: HostEnvironment
    let functions: HostFunctions

    /// Calls a function.
    ///
    /// - Throws: the function's problem; `plugin.unknown` if no plugin has its name.
    func dispatch(_ invocation: Invocation) async throws(Problem) -> Value {
        let name = invocation.call.function
        if name.plugin == HostFunctions.library { return try await functions.dispatch(invocation, self) }
        if environment.languages[name.plugin] != nil { return try await evaluate(.call(invocation.call), at: invocation) }
        let plugin = try plugins.plugin(name.plugin)
        return try await dispatch(invocation, to: plugin.component, granted: plugin.grants, mayCallPlugins: true)
    }

    /// Calls a function of a component, which may do what it is granted.
    func dispatch(
        _ invocation: Invocation, to component: PluginComponent, granted grants: Grants, mayCallPlugins: Bool
    ) async throws(Problem) -> Value {
        let name = invocation.call.function
        let host = GrantedHost(
            plugin: name.plugin, grants: grants.substituted(substitutions(invocation.site.entity)),
            mayCallPlugins: mayCallPlugins, invocation: invocation, dispatcher: self)
        var limits = PluginLimits.standard
        limits.time = invocation.timeLimit
        environment.failpoint.reach("plugin.before-dispatch")
        return try await component.dispatch(
            name.name, invocation.arguments, site: invocation.site, host: host, limits: limits)
    }

    /// What the placeholders in grants stand for in a call that is made for an entity.
    private func substitutions(_ entity: ID) -> [String: String] {
        [
            "NODE": environment.folders.folder(of: entity), "SERVICE": entity.directory.names.first ?? entity.name,
            "HOST": environment.name, "ARTIFACTS": environment.folders.files,
        ]
    }

    /// Evaluates an expression at a site, with the graph of the site's service.
    func evaluate(_ expression: Value, at invocation: Invocation) async throws(Problem) -> Value {
        if case .call(let call) = expression, environment.languages[call.function.plugin] == nil {
            var inner = invocation
            inner.call = call
            inner.extra = []
            if call.mode == .normal && !call.arguments.allSatisfy(\.isLiteral) {
                for (index, argument) in call.arguments.enumerated() {
                    inner.call.arguments[index] = try await evaluate(argument, at: invocation)
                }
            }
            return try await dispatch(inner)
        }
        if expression.isLiteral { return expression }
        let service = invocation.site.entity.directory.names.first ?? invocation.site.entity.name
        let graph: Graph
        do { graph = try Graph(document: try await client.graph(of: service)) } catch let problems as Problems {
            throw problems.first
        } catch let problem as Problem { throw problem } catch { throw Problem("graph.unreadable", "\(error)") }
        let library = InvocationFunctions(dispatcher: self, invocation: invocation)
        let evaluation = Evaluation(
            site: invocation.site, graph: graph, functions: Functions(environment.languages, plugins: library))
        do { return try await evaluation.evaluate(expression) } catch { throw error.problem }
    }
}

/// Plugins' functions, for expressions that are evaluated on a host.
private struct InvocationFunctions: FunctionLibrary {
    let dispatcher: Dispatcher
    let invocation: Invocation

    func dispatch(
        _ function: String, _ arguments: [Value], _ evaluation: Evaluation
    ) async throws(EvaluationFailure) -> Value {
        guard let name = FunctionName(function) else {
            throw .failed(Problem("plugin.unknown", "‘\(function)’ is no function's name"))
        }
        var inner = invocation
        inner.call = Call(name, arguments)
        inner.extra = []
        inner.site = evaluation.site
        do { return try await dispatcher.dispatch(inner) } catch { throw .failed(error) }
    }
}
