// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import CShim
import Dispatch
import Glibc
import Support
import Synchronization

/// The process `khutulun-shim`, which makes a shim for each start: far less work than calling the program each time.
///
/// It ends when this object does, or this program; the shims that it made go on. Everything happens on one queue, and nothing
/// while nothing is started.
final class Nursery: Sendable {
    private let socket: Int32
    private let state = Mutex(State())

    private struct State {
        var source: Readiness?
        var waiting: [UInt64: CheckedContinuation<Result<StartReport?, Problem>, Never>] = [:]
        var count: UInt64 = 0
        var hasEnded = false
    }

    /// Calls the program, and blocks until it is loaded.
    ///
    /// - Parameters:
    ///   - nodes: The folder of all nodes' folders, for those who look at the processes of the machine.
    ///   - queue: Where reports are taken.
    /// - Throws: `process.shim`.
    init(program: String, nodes: String, queue: DispatchQueue) throws(Problem) {
        var ends: [Int32] = [-1, -1]
        guard shim_socket_pair(&ends) == 0 else { throw Files.failure("process.shim", "no socket can be made", errno) }
        socket = ends[0]
        defer { close(ends[1]) }
        do { try NurseryLaunch(program: program, nodes: nodes, socket: ends[1]).run() } catch {
            close(socket)
            throw error
        }
        let source = Readiness(socket, queue: queue) { [weak self] source in
            guard let self else { return source.cancel() }
            receive()
        }
        state.withLock { $0.source = source }
    }

    deinit { end() }

    /// Asks for a start and waits, without a thread, until it is known how it went.
    ///
    /// - Returns: nil if this nursery is gone, and nothing was asked for.
    /// - Throws: `process.shim`.
    func start(
        _ specification: [UInt8], isolation: isolated (any Actor)? = #isolation
    ) async throws(Problem) -> StartReport? {
        let file = specification.withUnsafeBytes { linux_memory_file($0.baseAddress, $0.count) }
        guard file >= 0 else { throw Files.failure("process.shim", "the specification cannot be kept", errno) }
        return try await start(file)
    }

    /// Asks for the start of what a file describes, which is closed.
    func start(
        _ file: Int32, isolation: isolated (any Actor)? = #isolation
    ) async throws(Problem) -> StartReport? {
        let result = await withCheckedContinuation { continuation in
            // Whoever waits is known first: the answer may be faster than the return from asking.
            let number = state.withLock { state in
                state.count += 1
                state.waiting[state.count] = continuation
                return state.count
            }
            let error = send(number, file)
            close(file)
            guard error != 0, let continuation = state.withLock({ $0.waiting.removeValue(forKey: number) }) else { return }
            let isGone = error == EPIPE || error == ECONNRESET
            continuation.resume(
                returning: isGone
                    ? .success(nil) : .failure(Files.failure("process.shim", "the start cannot be asked for", error)))
        }
        return try result.get()
    }

    private func send(_ number: UInt64, _ file: Int32) -> Int32 {
        while true {
            if state.withLock({ $0.hasEnded }) { return EPIPE }
            let error = shim_send_request(socket, number, file)
            guard error == EAGAIN else { return error }
            // It may wait for us to take what it reported.
            receive()
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN | POLLOUT), revents: 0)
            poll(&descriptor, 1, -1)
        }
    }

    private func receive() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(SHIM_TEXT_LIMIT)) { text in
            while true {
                var report = shim_report()
                let length = shim_receive_report(socket, &report, text.baseAddress)
                guard length >= 0 else {
                    if length == SHIM_NO_REPORT { end() }
                    return
                }
                let message = String(decoding: UnsafeRawBufferPointer(text)[..<length], as: UTF8.self)
                let waiting = state.withLock { $0.waiting.removeValue(forKey: report.number) }
                waiting?.resume(returning: .success(StartReport(report, message)))
            }
        }
    }

    /// Lets the process end, and everybody go on who waits.
    private func end() {
        let (source, waiting) = state.withLock { state in
            defer { state = State(count: state.count, hasEnded: true) }
            return (state.source, state.waiting.values)
        }
        source?.cancel()
        for continuation in waiting { continuation.resume(returning: .success(.lost)) }
    }
}
