// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import FoundationEssentials
import Glibc
import Support

/// The program side of compiling plugins: a process that compiles one component and ends.
public enum PluginCompiler {
    /// The first argument that makes a program a compiler.
    public static let argument = "__compile-plugin"

    /// The exit status for a component that isn't valid.
    static let malformed: Int32 = 65
    static let memoryLimit = 4 << 30
    static let cpuSeconds = 100
    private static let fileLimit = 512 << 20

    /// Call it first thing in a program: if the arguments (without the program's name) ask for it, it compiles one
    /// component and ends the process. Otherwise it does nothing.
    public static func main(_ arguments: [String]) {
        guard arguments.count == 3, arguments[0] == argument else { return }
        limit(RLIMIT_CORE, 0)
        limit(RLIMIT_AS, memoryLimit)
        limit(RLIMIT_CPU, cpuSeconds)
        limit(RLIMIT_FSIZE, fileLimit)
        do {
            try compile(arguments[1], to: arguments[2])
            exit(0)
        } catch let problem as Problem {
            fail(problem.message, malformed)
        } catch {
            fail("\(error)", 1)
        }
    }

    private static func compile(_ source: String, to output: String) throws {
        let engine = try EngineHandle(isCompiler: true)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: source))
        var pointer: OpaquePointer?
        let error = bytes.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            wasmtime_component_new(engine.pointer, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, &pointer)
        }
        if let error { throw Problem("plugin.malformed-component", Problem.takeMessage(error)) }
        guard let pointer else { return }
        let component = ComponentHandle(pointer)
        var code = wasm_byte_vec_t()
        if let error = wasmtime_component_serialize(component.pointer, &code) {
            throw Problem("plugin.malformed-component", Problem.takeMessage(error))
        }
        defer { wasm_byte_vec_delete(&code) }
        try Data(bytes: code.data, count: code.size).write(to: URL(fileURLWithPath: output))
    }

    private static func limit(_ resource: __rlimit_resource, _ value: Int) {
        var limit = rlimit(rlim_cur: rlim_t(value), rlim_max: rlim_t(value))
        setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }

    private static func fail(_ message: String, _ status: Int32) -> Never {
        let bytes = Array(message.utf8)
        write(STDERR_FILENO, bytes, bytes.count)
        exit(status)
    }
}
