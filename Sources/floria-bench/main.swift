// SPDX-License-Identifier: Apache-2.0 OR MIT
// Measures what Floria costs, each figure next to a floor of raw SQLite in the same run: `floria-bench [--count VERTEXES]
// [PART…]`, one JSON object on standard output.
import FoundationEssentials
import Support

#if canImport(Glibc)
    import Glibc
#endif

/// Not on the main thread, whence every call would be two switches of threads.
@concurrent
func measure(_ parts: [Part], count: Int) async throws -> [Figure] {
    var figures: [Figure] = []
    for part in parts {
        let folder = FileManager.default.temporaryDirectory.path + "/floria-bench-\(getpid())-\(part.rawValue)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        figures += try await part.measure(folder: folder, count: count)
    }
    return figures
}

var arguments = Array(CommandLine.arguments.dropFirst())
var count = 100_000
if let index = arguments.firstIndex(of: "--count"), index + 1 < arguments.count {
    count = Int(arguments[index + 1]) ?? 0
    arguments.removeSubrange(index...index + 1)
}
let parts = arguments.isEmpty ? Part.allCases : arguments.compactMap(Part.init)
guard count >= 1000, !parts.isEmpty, arguments.isEmpty || parts.count == arguments.count else {
    let names = Part.allCases.map(\.rawValue).joined(separator: ", ")
    print("usage: floria-bench [--count VERTEXES] [PART…]; there are at least 1000 vertexes, and the parts \(names)")
    exit(2)
}

do {
    let figures = try await measure(parts, count: count)
    print(JSON.encode(["figures": .list(figures.map(\.document))]))
} catch {
    print("floria-bench: \(error)")
    exit(1)
}
