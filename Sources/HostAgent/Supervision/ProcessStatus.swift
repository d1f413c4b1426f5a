// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// How a process ended.
enum ProcessEnding: Sendable, Hashable {
    /// It returned this exit code.
    case code(Int32)
    /// This signal ended it.
    case signal(Int32)
    /// Nobody saw it end.
    case unseen(Reason)

    /// Why nobody saw a process end.
    enum Reason: String, Sendable, Hashable {
        /// Its shim was killed.
        case shimLost = "shim-lost"
        /// The host was restarted.
        case hostRestarted = "host-restarted"
    }

    /// The entries of documents: `code`, `signal` or `unseen`.
    var entry: (key: String, value: Value) {
        switch self {
        case .code(let code): ("code", .integer(Int64(code)))
        case .signal(let signal): ("signal", .integer(Int64(signal)))
        case .unseen(let reason): ("unseen", .text(reason.rawValue))
        }
    }
}

/// How the process of a node is.
struct ProcessStatus: Sendable, Hashable {
    /// Whether there is one.
    enum State: String, Sendable, Hashable {
        case running, exited, absent
    }

    /// Whether there is one.
    var state: State
    /// The name of its start.
    var run: String?
    /// Its process ID.
    var pid: Int32?
    /// When it was started, in milliseconds since 1970.
    var started: Int64?
    /// How it ended, if it has.
    var ending: ProcessEnding?
    /// When it ended, in milliseconds since 1970.
    var ended: Int64?
    /// Whether its memory limit killed something of its tree.
    var isOutOfMemory = false
    /// The path of the file that takes its output.
    var log: String
    /// What was asked for and can't be enforced on this host.
    var warnings: [String] = []

    /// The document that `status` gives.
    var document: Value {
        var document: Value = ["state": .text(state.rawValue), "log": .text(log)]
        if let run { document["run"] = .text(run) }
        if let pid { document["pid"] = .integer(Int64(pid)) }
        if let started { document["started"] = .integer(started) }
        if let ending { document[ending.entry.key] = ending.entry.value }
        if let ended { document["ended"] = .integer(ended) }
        if isOutOfMemory { document["out-of-memory"] = true }
        if !warnings.isEmpty { document["warnings"] = .list(warnings.map(Value.text)) }
        return document
    }
}

/// The end of a process, to be told to its node once.
struct ProcessExit: Sendable, Hashable {
    /// The node.
    var node: ID
    /// The name of its start. Together with the node it names this exit for ever.
    var run: String
    /// The process ID that it had.
    var pid: Int32
    /// How it ended.
    var ending: ProcessEnding
    /// When it was started and when it ended, in milliseconds since 1970.
    var started: Int64
    var ended: Int64
    /// Whether its memory limit killed something of its tree.
    var isOutOfMemory = false

    /// What the event `exited` carries.
    var payload: Value {
        var document: Value = [
            "run": .text(run), "pid": .integer(Int64(pid)), "started": .integer(started), "ended": .integer(ended),
        ]
        document[ending.entry.key] = ending.entry.value
        if isOutOfMemory { document["out-of-memory"] = true }
        return document
    }
}
