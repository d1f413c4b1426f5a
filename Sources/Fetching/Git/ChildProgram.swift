// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// A program that is run to its end, with a deadline. It has no terminal, so that it can ask nobody anything.
struct ChildProgram {
    /// How it ended.
    struct Result {
        /// Its exit code; nil if a signal ended it.
        let code: Int32?
        /// What it wrote.
        let output: [UInt8]
        /// The end of what it had to say about itself.
        let messages: String
    }

    let arguments: [String]
    /// Variables beside those of this program.
    var environment: [String] = []
    var input: [UInt8] = []
    /// How long it may take.
    let seconds: Int
    /// The most bytes that it may write.
    let limit: Int

    /// Runs it.
    ///
    /// - Throws: `fetch.no-program`, `fetch.timeout`, `fetch.too-large`.
    func run() throws(Problem) -> Result {
        guard let input = Pipe(), let output = Pipe(), let messages = Pipe() else { throw failed(errno) }
        let process = try spawn(input, output, messages)
        input.closeReading()
        output.closeWriting()
        messages.closeWriting()
        var exchange = Exchange(input: input, output: output, messages: messages, rest: self.input[...])
        let end = exchange.run(until: ContinuousClock.now + .seconds(seconds), limit: limit)
        if end != .done { kill(-process, SIGKILL) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 && errno == EINTR {}
        let text = String(decoding: exchange.messageBytes.suffix(2048), as: UTF8.self)
        switch end {
        case .done: break
        case .late:
            throw Problem(
                "fetch.timeout", "‘\(arguments[0])’ did not end within \(seconds) s",
                hint: "give it more time with ‘--fetch-timeout’")
        case .tooMuch: throw Problem("fetch.too-large", "‘\(arguments[0])’ brings more than \(limit) bytes")
        }
        return Result(code: status & 0x7f == 0 ? status >> 8 & 0xff : nil, output: exchange.outputBytes, messages: text)
    }

    private func spawn(_ input: Pipe, _ output: Pipe, _ messages: Pipe) throws(Problem) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.reading, 0)
        posix_spawn_file_actions_adddup2(&actions, output.writing, 1)
        posix_spawn_file_actions_adddup2(&actions, messages.writing, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Self.ownSession)
        var process: pid_t = 0
        let code = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(inherited + environment) { environment in
                posix_spawnp(&process, self.arguments[0], &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw failed(code) }
        return process
    }

    /// POSIX_SPAWN_SETSID, which no header gives to Swift.
    private static let ownSession: Int16 = 0x80

    /// The variables of this program that aren't said anew.
    private var inherited: [String] {
        let names = environment.map { $0.prefix { $0 != "=" } + "=" }
        var all: [String] = []
        var next = environ
        while let variable = next.pointee {
            let text = String(cString: variable)
            if !names.contains(where: { text.hasPrefix($0) }) { all.append(text) }
            next += 1
        }
        return all
    }

    private func failed(_ code: Int32) -> Problem {
        let reason = String(cString: strerror(code))
        return Problem(
            "fetch.no-program", "‘\(arguments[0])’ cannot be run: \(reason)",
            hint: code == ENOENT ? "install the Debian package ‘\(arguments[0])’" : nil)
    }

    private static func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

/// Two ends, both closed on exec, and closed with this.
private final class Pipe {
    private(set) var reading: Int32
    private(set) var writing: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        (reading, writing) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    deinit {
        closeReading()
        closeWriting()
    }

    func closeReading() { Self.close(&reading) }

    func closeWriting() { Self.close(&writing) }

    private static func close(_ descriptor: inout Int32) {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// Gives a program its input and takes its output, whichever it is ready for.
private struct Exchange {
    enum End { case done, late, tooMuch }

    let input: Pipe
    let output: Pipe
    let messages: Pipe
    var rest: ArraySlice<UInt8>
    var outputBytes: [UInt8] = []
    var messageBytes: [UInt8] = []

    mutating func run(until deadline: ContinuousClock.Instant, limit: Int) -> End {
        if rest.isEmpty { input.closeWriting() }
        while output.reading >= 0 || messages.reading >= 0 {
            let left = deadline - ContinuousClock.now
            guard left > .zero else { return .late }
            // A descriptor that is negative is passed over.
            var ready = [
                pollfd(fd: input.writing, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: output.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: messages.reading, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&ready, 3, Int32(left.components.seconds * 1000 + 1000))
            if ready[0].revents != 0 { write() }
            if ready[1].revents != 0, !Self.read(output.reading, into: &outputBytes) { output.closeReading() }
            if ready[2].revents != 0, !Self.read(messages.reading, into: &messageBytes) { messages.closeReading() }
            if outputBytes.count > limit { return .tooMuch }
            if messageBytes.count > 64 << 10 { messageBytes.removeFirst(32 << 10) }
        }
        return .done
    }

    private mutating func write() {
        let count = rest.withUnsafeBytes { Glibc.write(input.writing, $0.baseAddress, min($0.count, 4096)) }
        rest = rest.dropFirst(max(0, count))
        if count < 0 && errno != EINTR && errno != EAGAIN || rest.isEmpty { input.closeWriting() }
    }

    /// Whether there may be more.
    private static func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        let count = Glibc.read(descriptor, &piece, piece.count)
        if count > 0 { bytes += piece[..<count] }
        return count > 0 || count < 0 && errno == EINTR
    }
}
