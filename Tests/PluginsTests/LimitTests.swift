// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Plugins
import Support
import Testing

@Suite struct LimitTests {
    @Test func `every call gets a fresh instance`() async throws {
        #expect(try await Laboratory.call("count") == 1)
        #expect(try await Laboratory.call("count") == 1)
    }

    @Test func `a trap is a problem of its call only`() async throws {
        #expect(
            try await Laboratory.problem("trap")
                == Problem(
                    "plugin.trap", "the call of ‘probe:trap’ was ended: it trapped: wasm `unreachable` instruction executed"))
        #expect(try await Laboratory.call("count") == 1)
    }

    @Test func `a plugin that spins is ended after its time, or its computing time`() async throws {
        var limits = PluginLimits.standard
        limits.time = .milliseconds(50)
        _ = try await Laboratory.probe
        let start = ContinuousClock.now
        #expect(
            try await Laboratory.problem("spin", limits: limits)
                == Problem("plugin.timeout", "the call of ‘probe:spin’ was ended: it took longer than 50 ms"))
        #expect(ContinuousClock.now - start < .seconds(2))
        limits = .standard
        limits.cpu = .milliseconds(50)
        #expect(
            try await Laboratory.problem("spin", limits: limits)
                == Problem(
                    "plugin.cpu", "the call of ‘probe:spin’ was ended: it computed for longer than 50 ms",
                    hint: "it may be in an endless loop"))
    }

    @Test func `a host function that doesn't end, and can't be cancelled, doesn't hold a call past its time`() async throws {
        let host = RecordingHost { (_, _, _) async throws(Problem) in
            await withCheckedContinuation { continuation in
                Task.detached {
                    try await Task.sleep(for: .seconds(3))
                    continuation.resume()
                }
            }
            return .null
        }
        var limits = PluginLimits.standard
        limits.time = .milliseconds(100)
        _ = try await Laboratory.probe
        let start = ContinuousClock.now
        #expect(try await Laboratory.problem("request", "run", [:], host: host, limits: limits)?.code == "plugin.timeout")
        #expect(ContinuousClock.now - start < .seconds(2))
    }

    @Test func `a cancelled task ends its call`() async throws {
        let task = Task { try await Laboratory.problem("clock", 20_000) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        #expect(try await task.value?.code == "plugin.cancelled")
    }

    @Test func `a plugin that eats memory is ended at its limit`() async throws {
        var limits = PluginLimits.standard
        limits.memory = 8 << 20
        #expect(
            try await Laboratory.problem("eat", limits: limits)
                == Problem("plugin.memory", "the call of ‘probe:eat’ was ended: it needs more than 8388608 bytes of memory"))
        limits.memory = 1 << 16
        #expect(try await Laboratory.problem("count", limits: limits)?.code == "plugin.memory")
    }

    @Test func `a plugin that calls itself endlessly is ended`() async throws {
        #expect(
            try await Laboratory.problem("overflow")
                == Problem(
                    "plugin.stack", "the call of ‘probe:overflow’ was ended: its calls are nested too deeply for its stack",
                    hint: "it may call itself endlessly"))
    }

    @Test func `a result or a request that is too big is refused`() async throws {
        var limits = PluginLimits.standard
        limits.output = 1000
        #expect(try await Laboratory.call("flood", 998, limits: limits).text?.count == 998)
        #expect(
            try await Laboratory.problem("flood", 999, limits: limits)
                == Problem(
                    "plugin.output",
                    "the call of ‘probe:flood’ was ended: its result of 1001 bytes is over the limit of 1000 bytes"))
        let document = Value.text(String(repeating: "x", count: 999))
        #expect(
            try await Laboratory.problem("request", "run", document, limits: limits)
                == Problem("plugin.output", "a document of 1001 bytes for the host is over the limit of 1000 bytes"))
    }

    @Test func `values that are nested too deeply are a problem and no overflow`() async throws {
        var value: Value = 1
        for _ in 0..<300 { value = [value] }
        #expect(try await Laboratory.problem("echo", value)?.code == "plugin.malformed-json")
    }
}
