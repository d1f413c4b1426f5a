// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import TOSCA

/// Whole files of TOSCA.
enum Designs {
    /// What a design may come to, so that none takes long.
    private static let limits = InstantiationLimits(vertexes: 200, edges: 200, depth: 8)

    /// Checks a file, and makes its graph if it is valid. What is found is the same every time, and stands in the file.
    static func check(_ bytes: [UInt8]) {
        let (first, again, compiled) = with(bytes) { path in
            (problems(path), problems(path), try? Compiler(profiles: []).compile(file: path, service: "fuzz"))
        }
        guard first == again else { FuzzTarget.fail("other problems are found", .text("\(first)\n\(again)")) }
        // What ends a row in YAML: besides the usual ones, the last bytes of three breaks of Unicode.
        let rows = 1 + bytes.count { [0x0a, 0x0d, 0x85, 0xa8, 0xa9].contains($0) }
        for problem in first {
            guard case .source(let place) = problem.place, place.row > rows + 1 || place.column < 1 else { continue }
            FuzzTarget.fail("a problem is nowhere", .text("\(problem)"))
        }
        if compiled != nil, first.contains(where: { $0.severity == .error }) {
            FuzzTarget.fail("what is invalid is compiled", .text("\(first)"))
        }
        guard let compiled else { return }
        _ = wait {
            try? await Instantiator(functions: Expressions.functions, limits: limits, now: { 0 })
                .instantiate(compiled.design, name: "fuzz", inputs: [:]).graph
        }
    }

    private static func problems(_ path: String) -> [Problem] {
        do throws(Problems) { return try Compiler(profiles: []).validate(file: path) } catch { return error.all }
    }

    /// A file with some bytes, as long as something is done with it.
    static func with<Result>(_ bytes: [UInt8], _ body: (String) -> Result) -> Result {
        let path = "/dev/shm/khutulun-fuzz-\(getpid()).yaml"
        guard let file = fopen(path, "w") else { FuzzTarget.fail("no file can be written", .text(path)) }
        fwrite(bytes, 1, bytes.count, file)
        fclose(file)
        defer { unlink(path) }
        return body(path)
    }
}
