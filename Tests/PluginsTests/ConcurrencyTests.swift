// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@testable import Plugins

@Suite struct ConcurrencyTests {
    @Test func `fifty plugins wait at once without holding a thread`() async throws {
        _ = try await Laboratory.probe
        let start = ContinuousClock.now
        try await withThrowingTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = try await Laboratory.call("clock", 200) } }
            try await group.waitForAll()
        }
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func `plugins that compute don't hold up others`() async throws {
        var limits = PluginLimits.standard
        limits.cpu = .milliseconds(400)
        let bounded = limits
        _ = try await Laboratory.probe
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 0..<8 { group.addTask { try await Laboratory.problem("spin", limits: bounded)?.code } }
            let start = ContinuousClock.now
            #expect(try await Laboratory.call("count") == 1)
            #expect(ContinuousClock.now - start < .milliseconds(1000))
            for try await code in group { #expect(code == "plugin.cpu") }
        }
    }

    @Test func `a plugin is called by a plugin that it has called`() async throws {
        let calls: Value = ["request", "evaluate", ["request", "evaluate", ["echo", "inside"]]]
        #expect(try await Laboratory.call("request", "evaluate", calls, host: NestingHost()) == ["inside"])
    }

    @Test func `calls that nest endlessly are ended`() async throws {
        var limits = PluginLimits.standard
        limits.nesting = 5
        let problem = try await Laboratory.problem(
            "request", "evaluate", "again", host: NestingHost(limits: limits), limits: limits)
        #expect(problem?.code == "plugin.nesting")
        #expect(problem?.message == "the call of ‘probe:request’ was ended: calls of plugins are nested more than 5 deep")
    }

    @Test func `the engine's thread sleeps while no plugin computes`() async throws {
        let engine = try PluginEngine(cache: Laboratory.temporaryFolder(), compiler: Laboratory.compiler)
        let probe = try await engine.load(try await Laboratory.probeBytes.value)
        _ = try await probe.dispatch("count", [], site: Laboratory.site, host: RefusingHost())
        #expect(engine.clockwork.isTicking)
        try await Task.sleep(for: .milliseconds(500))
        #expect(!engine.clockwork.isTicking)
    }
}

/// Evaluates a list as a call of the probe, and `again` as the call that it stands in.
private struct NestingHost: PluginHost {
    var limits = PluginLimits.standard

    func log(_ level: LogLevel, _ message: String) {}
    func now() -> UInt64 { 0 }
    func sleep(milliseconds: UInt64) async {}

    func call(_ function: HostFunction, _ request: Value, site: CallSite?) async throws(Problem) -> Value {
        let probe: PluginComponent
        do { probe = try await Laboratory.probe } catch { throw Problem("test.probe", "\(error)") }
        let call = request.list ?? ["request", "evaluate", "again"]
        return try await probe.dispatch(
            call[0].text ?? "", Array(call.dropFirst()), site: Laboratory.site, host: self, limits: limits)
    }
}
