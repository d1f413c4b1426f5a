// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

/// A folder of nodes with a supervisor of its own; everything that was started is killed and removed in the end.
final class SupervisionFixture: Sendable {
    let folder: String
    let supervisor: ShimSupervisor

    static let shim: String = {
        // The test bundle and the shim lie in the same folder of products.
        let maps = (Files.text("/proc/self/maps") ?? "").split(separator: "\n").compactMap {
            $0.split(separator: " ").last.map(String.init)
        }
        let bundles = (CommandLine.arguments + maps).filter { $0.contains("/.build/") }
        for path in bundles {
            var rest = path
            while let slash = rest.lastIndex(of: "/") {
                rest = String(rest[..<slash])
                if access(rest + "/khutulun-shim", X_OK) == 0 { return rest + "/khutulun-shim" }
            }
        }
        return "khutulun-shim"
    }()

    init(defaultUser: String? = nil) throws {
        var template = Array("/tmp/khutulun-test-XXXXXX".utf8CString)
        folder = try #require(
            template.withUnsafeMutableBufferPointer { buffer in
                buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
            })
        chmod(folder, 0o755)
        supervisor = ShimSupervisor(
            nodes: folder + "/nodes", shim: Self.shim, host: "test", defaultAccount: try defaultUser.map { try Account($0) })
    }

    /// A supervisor that knows nothing of the first one, as after a restart of the agent.
    func successor() -> ShimSupervisor {
        ShimSupervisor(nodes: folder + "/nodes", shim: Self.shim, host: "test")
    }

    /// A nursery beside the supervisor's.
    func nursery() throws -> Nursery {
        try Nursery(program: Self.shim, nodes: folder + "/nodes", queue: QueueExecutor("test").queue)
    }

    /// The shims that have no program yet: they lead a session, which a nursery doesn't.
    var waitingShims: [ProcessIdentity] { nurseries.filter { getsid($0.pid) == $0.pid } }

    /// The processes that make shims for this folder, and the shims that have no program yet.
    var nurseries: [ProcessIdentity] {
        Files.names(in: "/proc").compactMap { Int32($0) }.filter { pid in
            let words = (Files.text("/proc/\(pid)/cmdline") ?? "").split(separator: "\0")
            return words == [Self.shim[...], "\(folder)/nodes"]
        }.compactMap { ProcessIdentity($0) }
    }

    func node(_ name: String = "app") -> ID { .vertex(Directory(["shop"]), name) }

    func specification(_ arguments: String..., name: String = "app", run: String = "1") -> ProcessSpecification {
        ProcessSpecification(node: node(name), run: run, arguments: arguments)
    }

    /// A shell script as a process.
    func script(_ text: String, name: String = "app", run: String = "1") -> ProcessSpecification {
        specification("/bin/sh", "-c", text, name: name, run: run)
    }

    func run(_ name: String = "app") -> RunFolder { RunFolder(node(name), in: folder + "/nodes") }

    func log(_ name: String = "app") -> String { Files.text(run(name).log) ?? "" }

    /// Runs a test with a fixture and cleans up after it.
    static func with(defaultUser: String? = nil, _ body: (SupervisionFixture) async throws -> Void) async throws {
        let fixture = try SupervisionFixture(defaultUser: defaultUser)
        do {
            try await body(fixture)
        } catch {
            await fixture.cleanUp()
            throw error
        }
        await fixture.cleanUp()
    }

    private func cleanUp() async {
        for run in RunFolder.all(in: folder + "/nodes") {
            guard let record = run.record() else { continue }
            try? await supervisor.signal(record.node, SIGKILL, tree: true)
            _ = try? await supervisor.wait(record.node, milliseconds: 5000)
            try? await supervisor.forget(record.node)
        }
        Self.remove(folder)
    }

    private static func remove(_ path: String) {
        for name in Files.names(in: path) {
            if unlink(path + "/" + name) != 0 { remove(path + "/" + name) }
        }
        rmdir(path)
    }
}

/// Waits until something is true, at most five seconds.
func eventually(_ condition: () throws -> Bool) async throws -> Bool {
    for _ in 0..<500 {
        if try condition() { return true }
        try await Task.sleep(for: .milliseconds(10))
    }
    return try condition()
}

/// The next exit that a supervisor tells, at most after five seconds.
func nextExit(_ supervisor: ShimSupervisor) async -> ProcessExit? {
    await withTaskGroup(of: ProcessExit?.self) { group in
        group.addTask {
            for await exit in supervisor.exits { return exit }
            return nil
        }
        group.addTask {
            try? await Task.sleep(for: .seconds(5))
            return nil
        }
        let first = await group.next() ?? nil
        group.cancelAll()
        return first
    }
}
