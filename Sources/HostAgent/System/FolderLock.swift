// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
package import Support

/// The right of one agent to a data folder. The kernel gives it back when the process ends, however it ends.
package struct FolderLock: Sendable {
    private let file: Int32

    /// Takes the folder.
    ///
    /// - Throws: `agent.already-running` if another process has it.
    package init(_ folder: String) throws(Problem) {
        let path = "\(folder)/lock"
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Files.problem("opened", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw Problem(
                "agent.already-running", "an agent is running already on the data folder ‘\(folder)’",
                hint: "use it, or choose another folder with ‘--data’")
        }
    }

    /// Gives it back.
    package func release() { close(file) }
}
