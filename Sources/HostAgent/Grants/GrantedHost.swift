// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Logging
import Plugins
import Support

/// What this host does for one call of a plugin: no more than the plugin was granted.
struct GrantedHost: PluginHost {
    let plugin: String
    let grants: Grants
    /// Whether it may have functions of plugins called, wherever it wants.
    let mayCallPlugins: Bool
    let invocation: Invocation
    let dispatcher: Dispatcher

    var environment: HostEnvironment { dispatcher.environment }

    func log(_ level: LogLevel, _ message: String) {
        environment.logger.log(level: level.loggerLevel, "\(plugin): \(message)")
    }

    func now() -> UInt64 { UInt64(environment.now()) }

    func sleep(milliseconds: UInt64) async {
        // A cancelled call ends at its next step anyway.
        try? await Task.sleep(for: .milliseconds(Int64(clamping: milliseconds)))
    }

    func call(_ function: HostFunction, _ request: Value, site: CallSite?) async throws(Problem) -> Value {
        environment.failpoint.reach("plugin.before-\(function.rawValue)")
        let result = try await perform(function, request, site ?? invocation.site)
        environment.failpoint.reach("plugin.after-\(function.rawValue)")
        return result
    }

    private func perform(_ function: HostFunction, _ request: Value, _ site: CallSite) async throws(Problem) -> Value {
        switch function {
        case .evaluate: try await evaluate(request, at: site)
        case .get: try await get(request)
        case .query: try await query(request)
        case .commit: try await commit(request)
        case .emit: try await emit(request)
        case .run: try await run(request)
        case .spawn: try await spawn(request)
        case .status: try await status(request)
        case .signal: try await signal(request)
        case .wait: try await wait(request)
        case .forget: try await forget(request)
        case .listeners: try await listeners()
        case .http: try await http(request)
        case .connect: try await connect(request)
        case .file: try await file(request)
        case .secret: try await secret(request)
        }
    }

    /// A value with its secrets opened for the entity that the call is made for.
    func opened(_ value: Value) async throws(Problem) -> OpenedSecrets {
        try await OpenedSecrets(
            value, for: invocation.site.entity, client: dispatcher.client, languages: environment.languages)
    }

    /// Throws unless the grants hold what a call needs.
    func require(_ isGranted: Bool, _ what: String) throws(Problem) {
        guard isGranted else {
            throw Problem(
                "plugin.not-granted", "\(mayCallPlugins ? "the plugin" : "the component") ‘\(plugin)’ was not granted \(what)",
                at: .entity(invocation.site.entity.description, property: nil),
                hint: mayCallPlugins
                    ? "‘khutulun plugin show \(plugin)’ shows its grants"
                    : "what comes with a design may change its node's folder, and read its service's part of the graph")
        }
    }

    func malformed(_ function: HostFunction, _ key: String) -> Problem {
        Problem("plugin.malformed-request", "the plugin ‘\(plugin)’ called ‘\(function.rawValue)’ without a proper ‘\(key)’")
    }
}

extension LogLevel {
    fileprivate var loggerLevel: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .warning: .warning
        case .error: .error
        }
    }
}
