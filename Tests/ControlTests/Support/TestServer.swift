// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Glibc
import Logging
import Synchronization
import Testing

/// A server on a socket of its own, for as long as a body runs.
struct TestServer: Sendable {
    let path: String

    /// Runs a body once the server listens. A server that cannot listen throws why, and the body doesn't run.
    static func run<Result: Sendable>(
        _ router: Router, path: String? = nil, access: Access = .standard, limits: ServerLimits = ServerLimits(),
        _ body: @Sendable (TestServer) async throws -> Result
    ) async throws -> Result {
        let folder = try TemporaryFolder()
        let path = path ?? "\(folder.path)/socket"
        let (listening, signal) = AsyncStream.makeStream(of: Void.self)
        let server = APIServer(
            router, socket: path, access: access, limits: limits, logger: .quiet, onListening: { signal.yield() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await server.run()
            }
            guard await listening.first(where: { _ in true }) != nil else {
                try await group.waitForAll()
                throw CancellationError()
            }
            let result = try await body(TestServer(path: path))
            group.cancelAll()
            try await group.waitForAll()
            return result
        }
    }
}

extension Logger {
    /// A logger that writes only what is wrong with the server itself.
    static let quiet: Logger = {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return logger
    }()
}

/// A folder that is gone when nobody has it any longer.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/khutulun-test-XXXXXX".utf8CString)
        path = try #require(mkdtemp(&template).map { String(cString: $0) })
    }

    deinit {
        let path = path
        var pids: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = ["rm", "-rf", path].map { (text: String) in strdup(text) } + [nil]
        if posix_spawnp(&pids, "rm", nil, nil, arguments, nil) == 0 { waitpid(pids, nil, 0) }
        arguments.forEach { free($0) }
    }
}

extension TemporaryFolder {
    /// The names of the files in a folder below.
    func files(_ folder: String) -> [String] {
        guard let directory = opendir("\(path)/\(folder)") else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }
}
