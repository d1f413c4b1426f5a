// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Synchronization

/// Connections for reading: as many as there are readers at once, of which a few are kept.
final class Readers: Sendable {
    /// How many connections are kept that nobody uses.
    private static let limit = 4

    private struct State {
        var idle: [Connection] = []
        var isClosed = false
    }

    private let path: String
    private let state = Mutex(State())

    /// - Parameter path: The file, or an address that begins with `file:`.
    init(path: String) { self.path = path }

    /// Reads within one transaction, on the thread of the caller: handing it to another one would cost more than most
    /// readings do.
    func read<Result>(_ body: (Connection) throws(Problem) -> Result) throws(Problem) -> Result {
        try withConnection { connection throws(Problem) in
            try connection.transaction("BEGIN") { () throws(Problem) in try body(connection) }
        }
    }

    /// Does something with a connection.
    func withConnection<Result>(_ body: (Connection) throws(Problem) -> Result) throws(Problem) -> Result {
        let connection = try take()
        defer { put(back: connection) }
        return try body(connection)
    }

    /// Closes what isn't in use, and the rest as soon as it isn't. Reading is a problem from then on.
    func close() { state.withLock { $0 = State(isClosed: true) } }

    private func take() throws(Problem) -> Connection {
        let (idle, isClosed) = state.withLock { ($0.idle.popLast(), $0.isClosed) }
        if isClosed { throw Problem.closed }
        if let idle { return idle }
        return try Connection(path: path, isReadOnly: true)
    }

    private func put(back connection: Connection) {
        state.withLock { state in
            if !state.isClosed && state.idle.count < Self.limit { state.idle.append(connection) }
        }
    }
}
