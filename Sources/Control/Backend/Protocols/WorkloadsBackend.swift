// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// Reaches what nodes are implemented by, on the host where it is.
public protocol WorkloadsBackend: Sendable {
    /// The lines of a node's log, `{"position", "line"}` each.
    func logs(of node: ID, _ request: LogRequest) async throws(Problems) -> APIStream<Value>
    /// Runs a command beside a node's workload: `{"output": TEXT}` and `{"error": TEXT}` as it writes, and
    /// `{"status": N}` as the last.
    func exec(_ arguments: [String], on node: ID, for caller: Caller) async throws(Problems) -> APIStream<Value>
    /// The commands that would give the same state by hand, `{"comment", "command"}` each.
    func explain(_ node: ID) async throws(Problems) -> [Value]
}

/// Which part of a log is wanted.
public struct LogRequest: Sendable, Hashable {
    /// Whether to go on with what will be written.
    public var isFollowing: Bool
    /// Only what comes after this position, which a line of the log had.
    public var after: UInt64?
    /// At most this many of the last lines that are there; nil is all.
    public var lines: Int?

    /// Makes a request.
    public init(isFollowing: Bool = false, after: UInt64? = nil, lines: Int? = nil) {
        self.isFollowing = isFollowing
        self.after = after
        self.lines = lines
    }
}
