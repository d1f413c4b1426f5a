// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
import Synchronization

/// Carries messages to the hosts, wherever they are, and their answers back.
public protocol Bus: Sendable {
    /// Sends a message to a host and waits for its answer.
    ///
    /// - Throws: `bus.unreachable` if the host isn't there, or the problem that it answers with.
    func ask(_ host: String, _ message: Message) async throws(Problem) -> Value

    /// Answers a host's messages until the task is cancelled.
    func serve(_ host: String, _ answer: @escaping @Sendable (Message) async throws(Problem) -> Value) async
}

/// What a host is asked.
public struct Message: Sendable, Hashable {
    /// What is asked for, for example `operation`.
    public var subject: String
    /// The details.
    public var body: Value

    /// Makes a message.
    public init(_ subject: String, _ body: Value) {
        self.subject = subject
        self.body = body
    }
}

/// The bus of one process: hands messages over without carrying them anywhere.
public final class InProcessBus: Bus {
    private typealias Answer = @Sendable (Message) async throws(Problem) -> Value

    private let hosts = Mutex<[String: Answer]>([:])

    /// Makes a bus that no host listens to yet.
    public init() {}

    /// Calls the host's closure.
    public func ask(_ host: String, _ message: Message) async throws(Problem) -> Value {
        guard let answer = hosts.withLock({ $0[host] }) else {
            throw Problem(
                "bus.unreachable", "the host ‘\(host)’ cannot be reached", hint: "see whether an agent runs on ‘\(host)’")
        }
        return try await answer(message)
    }

    /// Registers the closure, and takes it back when the task is cancelled.
    public func serve(_ host: String, _ answer: @escaping @Sendable (Message) async throws(Problem) -> Value) async {
        hosts.withLock { $0[host] = answer }
        let (never, _) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        hosts.withLock { $0[host] = nil }
    }
}
