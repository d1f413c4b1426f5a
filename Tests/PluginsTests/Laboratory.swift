// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Plugins
import Subprocess
import Support
import Synchronization
import SystemPackage

/// The probe of `sdk/swift/Examples`, built once and loaded into an engine.
enum Laboratory {
    static let root = String(#filePath.dropLast("/Tests/PluginsTests/Laboratory.swift".count))
    private static let products = root + "/.build/debug"
    static let compiler = products + "/plugin-bench"
    static let site = CallSite(entity: .vertex(Directory(["shop"]), "web-0"))

    /// The bytes of the probe's component.
    static let probeBytes = Task { () throws -> [UInt8] in
        let folder = root + "/build/tests"
        let result = try await Subprocess.run(
            .path(FilePath(root + "/scripts/build-components")), arguments: ["sdk/swift/Examples/probe"],
            environment: .inherit.updating(["COMPONENTS": folder, "COMPONENT_WRAP": "\(products)/component-wrap"]),
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        guard case .exited(0) = result.terminationStatus else { throw Problem("test.build", result.standardError) }
        return Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/probe.wasm")))
    }

    private static let loaded = Task { () throws -> PluginComponent in
        let engine = try PluginEngine(cache: temporaryFolder(), compiler: compiler)
        return try await engine.load(try await probeBytes.value, name: "probe")
    }

    static var probe: PluginComponent {
        get async throws { try await loaded.value }
    }

    /// A folder of one test's own, which isn't there yet.
    static func temporaryFolder() -> String {
        FileManager.default.temporaryDirectory.path + "/khutulun-plugins-\(UUID().uuidString)"
    }

    /// Calls the probe.
    static func call(
        _ function: String, _ arguments: Value..., site: CallSite = site, host: any PluginHost = RecordingHost(),
        limits: PluginLimits = .standard
    ) async throws -> Value {
        try await probe.dispatch(function, arguments, site: site, host: host, limits: limits)
    }

    /// The problem that a call of the probe ends with.
    static func problem(
        _ function: String, _ arguments: Value..., host: any PluginHost = RecordingHost(), limits: PluginLimits = .standard
    ) async throws -> Problem? {
        let probe = try await probe
        do throws(Problem) {
            _ = try await probe.dispatch(function, arguments, site: site, host: host, limits: limits)
            return nil
        } catch {
            return error
        }
    }
}

/// A host that writes down what it is asked and gives what it is told to.
final class RecordingHost: PluginHost {
    typealias Answer = @Sendable (HostFunction, Value, CallSite?) async throws(Problem) -> Value

    struct Request: Equatable {
        var function: HostFunction
        var document: Value
        var site: CallSite?
    }

    private let recorded = Mutex<[Request]>([])
    private let logged = Mutex<[String]>([])
    private let answer: Answer

    init(_ answer: @escaping Answer = { (_, _, _) async throws(Problem) in .null }) { self.answer = answer }

    var requests: [Request] { recorded.withLock { $0 } }
    var lines: [String] { logged.withLock { $0 } }

    func log(_ level: LogLevel, _ message: String) { logged.withLock { $0.append("\(level.rawValue): \(message)") } }

    func now() -> UInt64 { 1_700_000_000_000 }

    func sleep(milliseconds: UInt64) async { try? await Task.sleep(for: .milliseconds(Int64(milliseconds))) }

    func call(_ function: HostFunction, _ request: Value, site: CallSite?) async throws(Problem) -> Value {
        recorded.withLock { $0.append(Request(function: function, document: request, site: site)) }
        return try await answer(function, request, site)
    }
}
