// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Glibc
import Subprocess
import Support
import Synchronization

/// A command that is run to its end, at most for a time.
struct ShortCommand: Sendable, Hashable {
    /// The program, a path or a name that is looked for in the environment's `PATH`, and its arguments.
    var arguments: [String]
    /// The whole environment, except that `PATH` has a default.
    var environment: [String: String] = [:]
    /// The working directory; nil is the agent's.
    var directory: String?
    /// `USER` or `USER:GROUP`; nil is the agent's own.
    var user: String?
    /// What it reads from standard input.
    var input: [UInt8] = []
    /// How long it may take, in milliseconds.
    var milliseconds: UInt64 = 60_000
    /// The most bytes that it may print to each of standard output and standard error.
    var outputLimit = 4 << 20

    /// What a command gave.
    struct Outcome: Sendable, Hashable {
        /// The exit code, or 128 and the number of the signal that ended it.
        var status: Int32
        /// What it printed.
        var output: [UInt8]
        /// What it printed to standard error.
        var error: [UInt8]

        /// The document that `run` gives.
        var document: Value {
            [
                "status": .integer(Int64(status)), "output": .text(String(decoding: output, as: UTF8.self)),
                "error": .text(String(decoding: error, as: UTF8.self)),
            ]
        }
    }

    /// Runs it. When the time is over, or the task is cancelled, it is killed with everything below it.
    ///
    /// - Throws: `command.not-found`, `command.directory`, `command.timeout`, `command.output-limit`, `command.cancelled`,
    ///   `command.failed`, `process.unknown-user`.
    func run(host: String) async throws(Problem) -> Outcome {
        guard let program = arguments.first, !program.isEmpty else {
            throw Problem("command.invalid", "there is no program to run")
        }
        let configuration = try configuration(program)
        let process = Mutex<Int32?>(nil)
        let timer = Task { [milliseconds] in
            try await Task.sleep(for: .milliseconds(Int64(clamping: milliseconds)))
            Self.killTree(process.withLock { $0 })
            return true
        }
        let result: Result<Outcome, any Error>
        do {
            result = .success(
                try await withTaskCancellationHandler {
                    try await start(configuration) { pid in process.withLock { $0 = pid } }
                } onCancel: {
                    Self.killTree(process.withLock { $0 })
                })
        } catch {
            result = .failure(error)
        }
        timer.cancel()
        let isLate = (try? await timer.value) == true
        if Task.isCancelled { throw problem("command.cancelled", "the command was cancelled", host) }
        if isLate { throw problem("command.timeout", "the command took longer than \(milliseconds) ms and was killed", host) }
        switch result {
        case .success(let outcome): return outcome
        case .failure(let error): throw describe(error, host)
        }
    }

    private func start(_ configuration: Configuration, _ started: (Int32) -> Void) async throws -> Outcome {
        // Not a pipe: a command that ends without reading all its input is in order, but ends the library's process.
        let file = input.withUnsafeBytes { linux_memory_file($0.baseAddress, $0.count) }
        guard file >= 0 else { throw Files.failure("command.failed", "the command's input cannot be kept", errno) }
        let result = try await Subprocess.run(
            configuration, input: .fileDescriptor(try Self.descriptor(file), closeAfterSpawningProcess: true),
            output: .bytes(limit: outputLimit), error: .bytes(limit: outputLimit)
        ) { execution in
            started(execution.processIdentifier.value)
        }
        let status =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        return Outcome(status: status, output: result.standardOutput, error: result.standardError)
    }

    private func configuration(_ program: String) throws(Problem) -> Configuration {
        var options = PlatformOptions()
        options.createSession = true
        var environment = environment
        if environment["PATH"] == nil { environment["PATH"] = ProcessSpecification.searchPath }
        // The library passes the bytes on as they are, and the system wants them to end with NUL.
        let variables = environment.map { Array("\($0.key)=\($0.value)\0".utf8) }
        let prefix = try prefix()
        if !prefix.isEmpty, program.hasPrefix("/"), !Files.exists(program) {
            throw Problem("command.not-found", "the executable ‘\(program)’ isn't found")
        }
        let command = prefix + [try executable(program, environment["PATH"] ?? "")] + arguments.dropFirst()
        return Configuration(
            executable: .path(Self.path(command[0])), arguments: Arguments(Array(command.dropFirst())),
            environment: .custom(variables), workingDirectory: directory.map { Self.path($0) }, platformOptions: options)
    }

    /// What changes to another user. The library would do it between fork and exec with functions of the C library that wait for
    /// other threads, which are not there: now and then that never ends.
    private func prefix() throws(Problem) -> [String] {
        guard let user else { return [] }
        let account = try Account(user)
        if geteuid() == 0 {
            let groups = account.groups.map { "\($0)" }.joined(separator: ",")
            return ["/usr/bin/setpriv", "--reuid=\(account.user)", "--regid=\(account.group)", "--groups=\(groups)", "--"]
        }
        guard account.user == geteuid() else {
            throw Problem("process.user", "the command cannot run as ‘\(user)’, because this agent isn't root's")
        }
        return []
    }

    /// The program's file: the library itself would look in this process's `PATH`.
    private func executable(_ program: String, _ search: String) throws(Problem) -> String {
        let folders = program.contains("/") ? [] : search.split(separator: ":").map { "\($0)/\(program)" }
        let file = program.contains("/") ? program : folders.first { access($0, X_OK) == 0 }
        guard let file else {
            throw Problem(
                "command.not-found", "the executable ‘\(program)’ isn't found in \(search)",
                hint: "install the program, or write its whole path")
        }
        return file
    }

    /// A path of the library's own kind, which comes from a module that needn't be known here.
    private static func path<Path: ExpressibleByStringLiteral>(_ text: String) -> Path where Path.StringLiteralType == String {
        Path(stringLiteral: text)
    }

    /// A descriptor of the library's own kind.
    private static func descriptor<Descriptor: RawRepresentable<CInt>>(_ number: CInt) throws(Problem) -> Descriptor {
        guard let descriptor = Descriptor(rawValue: number) else {
            throw Problem("command.failed", "there is no descriptor \(number)")
        }
        return descriptor
    }

    private func problem(_ code: String, _ message: String, _ host: String) -> Problem {
        Problem(code, message, at: .command(arguments, host: host))
    }

    private func describe(_ error: any Error, _ host: String) -> Problem {
        if let error = error as? Problem { return error }
        guard let error = error as? SubprocessError else { return problem("command.failed", "\(error)", host) }
        switch error.code {
        case .executableNotFound: return problem("command.not-found", "the executable ‘\(arguments[0])’ isn't found", host)
        case .failedToChangeWorkingDirectory:
            return problem("command.directory", "‘\(directory ?? "")’ cannot be the working directory", host)
        case .outputLimitExceeded:
            return problem("command.output-limit", "the command printed more than \(outputLimit) bytes and was killed", host)
        default: return problem("command.failed", "the command cannot be run: \(error)", host)
        }
    }

    /// Kills a process, what descends from it and what belongs to its session.
    private static func killTree(_ pid: Int32?) {
        guard let pid, let process = ProcessIdentity(pid) else { return }
        let below = process.descendants
        let session = Files.names(in: "/proc").compactMap { Int32($0) }.filter { $0 != pid && getsid($0) == pid }
            .compactMap { ProcessIdentity($0) }
        for one in [process] + below + session { one.send(SIGKILL) }
    }
}
