// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Plugins
import Support
import Testing

@Suite struct InterfaceTests {
    private static let values: [Value] = [
        .null, true, 0, -1, .integer(Int64.min), .integer(Int64.max), .unsigned(UInt64.max), 0.5, -0.0, 1e300,
        .float(.leastNonzeroMagnitude),
        2.2250738585072014e-308, 0.1, 123456789.123456789, 9007199254740993.0, 1.7976931348623157e308, .float(.nan),
        .float(-.infinity), "", "ä€😀\u{0}\n\"\\/", .list([]), .map(ValueMap()), .blob([0, 1, 254, 255]), .blob([]),
        .map(ValueMap([("$bytes", "no bytes")])), .map(ValueMap([(1, "one"), (.null, .list([]))])),
        .custom(kind: "tosca:scalar", value: 5), .call(Call(FunctionName(plugin: "a", name: "b"), [1, "two"], mode: .lazy)),
        .object(["nested": ["deeper", [["deepest"]]]]),
    ]

    @Test(arguments: values)
    func `a plugin gets every value and gives it back`(value: Value) async throws {
        #expect(try await Laboratory.call("echo", value) == [value])
    }

    @Test func `the decimal texts of floats become the nearest floats`() async throws {
        var generator = SystemRandomNumberGenerator()
        let floats = (0..<500).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
        #expect(try await Laboratory.call("echo", .list(floats.map(Value.float))) == [.list(floats.map(Value.float))])
    }

    @Test func `a plugin works with bytes`() async throws {
        #expect(try await Laboratory.call("bytes", .blob([7, 8, 9])) == .blob([7, 8, 9, 255]))
    }

    @Test(arguments: EntityKind.allCases)
    func `a plugin learns where its call stands`(kind: EntityKind) async throws {
        let id = ID(kind, Directory(["shop", "näher"]), "web-0")
        let site = CallSite(entity: id, property: "port")
        #expect(try await Laboratory.call("site", site: site) == ["id": .text(id.documentText), "property": "port"])
        let bare = CallSite(entity: ID(kind, .root, "x"))
        #expect(try await Laboratory.call("site", site: bare) == ["id": .text("\(kind.rawValue):x"), "property": .null])
    }

    @Test func `every function of the host gets its document and gives its answer`() async throws {
        for function in HostFunction.allCases {
            let host = RecordingHost { (function, _, _) async throws(Problem) in .list([.text(function.rawValue)]) }
            let document: Value = function == .get ? "class:types/thing" : ["key": [1, "two"]]
            #expect(
                try await Laboratory.call("request", .text(function.rawValue), document, host: host) == [
                    .text(function.rawValue)
                ])
            let expected = RecordingHost.Request(
                function: function, document: function == .listeners ? .null : document,
                site: function == .evaluate ? Laboratory.site : nil)
            #expect(host.requests == [expected])
        }
    }

    @Test func `a problem of the host reaches the plugin and its caller whole`() async throws {
        let problem = Problem(
            "store.conflict", "it has changed", at: .entity("shop/web-0", property: "port"), causes: [Problem("a.b", "c")],
            hint: "read again")
        let host = RecordingHost { (_, _, _) async throws(Problem) in throw problem }
        #expect(try await Laboratory.problem("request", "commit", [:], host: host) == problem)
    }

    @Test func `a problem of the plugin reaches its caller whole`() async throws {
        #expect(
            try await Laboratory.problem("fail")
                == Problem(
                    "probe.failed", "it failed as it should", causes: [Problem("probe.cause", "for a reason")],
                    hint: "do nothing"))
    }

    @Test func `an entity that is absent is told from one that is there`() async throws {
        let answer = try await Laboratory.call("request", "get", "vertex:shop/x")
        #expect(answer == "absent")
    }

    @Test func `an operation gets its inputs and a handler its event`() async throws {
        #expect(try await Laboratory.call("operate", ["a": 1]) == ["a": 1, "more": true])
        let host = RecordingHost()
        #expect(try await Laboratory.call("poked", "extra", ["type": "pinched"], host: host) == .null)
        #expect(host.lines == ["warning: vertex:shop/web-0 was pinched"])
    }

    @Test func `a plugin reads the clock and sleeps`() async throws {
        let start = ContinuousClock.now
        #expect(try await Laboratory.call("clock", 50) == [1_700_000_000_000, 1_700_000_000_000])
        #expect(ContinuousClock.now - start >= .milliseconds(50))
    }

    @Test func `a plugin describes itself`() async throws {
        let description = try await Laboratory.probe.describe()
        #expect(description["name"] == "probe")
        #expect(description["functions"]?["fail"] == ["description": "Fails with a problem"])
        #expect(description["handlers"] == [["class": "class:types/probe", "event": "poked", "function": "poked"]])
    }

    @Test func `an unknown function is a problem`() async throws {
        #expect(
            try await Laboratory.problem("nothing")
                == Problem("plugin.unknown-function", "the plugin has no function ‘nothing’"))
    }
}
