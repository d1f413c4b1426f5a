// SPDX-License-Identifier: Apache-2.0 OR MIT
import CWasmtime
import FoundationEssentials
import Glibc
import Subprocess
import Support
import SystemPackage

/// The folder of compiled components. A file's name tells everything that its content depends on.
struct ComponentCache: Sendable {
    private static let compileSeconds = 120

    private let folder: String
    private let compiler: String

    init(folder: String, compiler: String) throws(Problem) {
        self.folder = folder
        self.compiler = compiler
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Problem("plugin.cache", "the folder ‘\(folder)’ for compiled plugins could not be made: \(error)")
        }
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(),
            status.st_mode & 0o077 == 0
        else {
            throw Problem(
                "plugin.unsafe-cache", "the folder ‘\(folder)’ for compiled plugins may be entered by others",
                hint: "it must belong to this user and have the mode 0700; remove it, and it is made again")
        }
    }

    func load(_ component: [UInt8], digest: String, name: String, _ engine: EngineHandle) async throws(Problem)
        -> ComponentHandle
    {
        let path = "\(folder)/\(digest)-\(EngineHandle.tag).cwasm"
        if let handle = try? deserialize(path, engine) { return handle }
        try await compile(component, name, to: path)
        return try deserialize(path, engine)
    }

    private func deserialize(_ path: String, _ engine: EngineHandle) throws(Problem) -> ComponentHandle {
        var component: OpaquePointer?
        let error = wasmtime_component_deserialize_file(engine.pointer, path, &component)
        guard error == nil, let component else {
            let message = error.map { Problem.takeMessage($0) } ?? ""
            throw Problem("plugin.cache", "the compiled plugin ‘\(path)’ could not be mapped: \(message)")
        }
        return ComponentHandle(component)
    }

    /// Compiles in a process of its own, which may fail in any way without harm.
    private func compile(_ component: [UInt8], _ name: String, to path: String) async throws(Problem) {
        let work = "\(folder)/\(UUID().uuidString)"
        let source = work + ".wasm"
        let output = work + ".cwasm"
        defer {
            unlink(source)
            unlink(output)
        }
        do {
            try Data(component).write(to: URL(fileURLWithPath: source))
        } catch {
            throw Problem("plugin.cache", "the component ‘\(name)’ could not be written to ‘\(folder)’: \(error)")
        }
        let arguments = [PluginCompiler.argument, source, output]
        guard let (status, message) = try await run(arguments) else {
            throw Problem("plugin.compile-limit", "compiling the component ‘\(name)’ took longer than \(Self.compileSeconds) s")
        }
        switch status {
        case .exited(0): break
        case .exited(PluginCompiler.malformed):
            throw Problem("plugin.malformed-component", "the component ‘\(name)’ could not be compiled: \(message)")
        default:
            throw Problem(
                "plugin.compile-limit", "compiling the component ‘\(name)’ was ended (\(status)) \(message)",
                hint:
                    "it may need more memory or time than \(PluginCompiler.memoryLimit >> 20) MiB and \(PluginCompiler.cpuSeconds) s"
            )
        }
        guard rename(output, path) == 0 else {
            throw Problem(
                "plugin.cache", "the compiled plugin could not be renamed to ‘\(path)’: \(String(cString: strerror(errno)))")
        }
    }

    /// Runs the compiler; nil if it takes too long.
    private func run(_ arguments: [String]) async throws(Problem) -> (TerminationStatus, String)? {
        do {
            return try await withThrowingTaskGroup(of: (TerminationStatus, String)?.self) { group in
                group.addTask {
                    let result = try await Subprocess.run(
                        .path(FilePath(compiler)), arguments: Arguments(arguments), environment: .custom([:]),
                        output: .discarded, error: .string(limit: 8192))
                    return (result.terminationStatus, result.standardError)
                }
                group.addTask {
                    try await Task.sleep(for: .seconds(Self.compileSeconds))
                    return nil
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch {
            throw Problem("plugin.cache", "the compiler of plugins ‘\(compiler)’ could not be run: \(error)")
        }
    }
}
