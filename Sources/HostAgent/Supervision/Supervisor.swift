// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Keeps bare processes running apart from the agent, one for a node, and tells of their ends.
protocol Supervisor: Sendable {
    /// Starts a process, or finds the same run: running, or how it ended.
    ///
    /// - Throws: `process.running` if another run of the node still runs, or why the process can't be started.
    func start(_ specification: ProcessSpecification) async throws(Problem) -> ProcessStatus

    /// How the process of a node is.
    func status(_ node: ID) async throws(Problem) -> ProcessStatus

    /// Sends a signal to the process, or to its whole tree. To one that has ended nothing is sent.
    func signal(_ node: ID, _ signal: Int32, tree: Bool) async throws(Problem)

    /// Waits until the process has ended, at most some milliseconds, and tells how it is then.
    func wait(_ node: ID, milliseconds: UInt64) async throws(Problem) -> ProcessStatus

    /// Removes everything that is kept of a process that has ended. Of a node without one there is nothing to remove.
    ///
    /// - Throws: `process.running`.
    func forget(_ node: ID) async throws(Problem)

    /// The ends of processes, each until it is acknowledged: it comes again after a restart of the agent. For one reader.
    var exits: AsyncStream<ProcessExit> { get }

    /// Notes that an exit was stored elsewhere and shall not be told again.
    func acknowledge(_ exit: ProcessExit) async throws(Problem)

    /// Finds what runs and what has ended since. Called once, when the agent starts.
    func adopt() async throws(Problem)
}
