// SPDX-License-Identifier: Apache-2.0 OR MIT
// Measures what a call of a plugin costs: `plugin-bench COMPONENT FUNCTION [CALLS]`, one JSON object on standard output.
// It is the compiler of plugins for the tests as well.
import Floria
import FoundationEssentials
import Plugins
import Support

#if canImport(Glibc)
    import Glibc
#endif

PluginCompiler.main(Array(CommandLine.arguments.dropFirst()))

guard CommandLine.arguments.count >= 3 else {
    print("usage: plugin-bench COMPONENT FUNCTION [CALLS]")
    exit(2)
}

/// Not on the main thread, whence every call would be two switches of threads.
@concurrent
func measure(_ component: PluginComponent, _ function: String, calls: Int) async throws -> Value {
    let site = CallSite(entity: .vertex(Directory(["service"]), "node"))
    let host = RefusingHost()
    var times: [Duration] = []
    for _ in 0..<calls {
        let start = ContinuousClock.now
        _ = try await component.dispatch(function, [["key": "value", "number": 1]], site: site, host: host)
        times.append(ContinuousClock.now - start)
    }
    times.sort()
    return [
        "calls": .integer(calls), "best-microseconds": .float(times[0] / .microseconds(1)),
        "median-microseconds": .float(times[calls / 2] / .microseconds(1)),
        "mean-microseconds": .float(times.reduce(.zero, +) / calls / .microseconds(1)),
    ]
}

do {
    let cache = FileManager.default.temporaryDirectory.path + "/khutulun-plugin-bench-\(getuid())"
    let engine = try PluginEngine(cache: cache, compiler: "/proc/self/exe")
    let bytes = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
    let component = try await engine.load(Array(bytes))
    let calls = CommandLine.arguments.count > 3 ? Int(CommandLine.arguments[3]) ?? 1000 : 1000
    _ = try await measure(component, CommandLine.arguments[2], calls: 100)
    print(JSON.encode(try await measure(component, CommandLine.arguments[2], calls: calls)))
} catch {
    print("plugin-bench: \(error)")
    exit(1)
}
