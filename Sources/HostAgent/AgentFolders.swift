// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// The folders of an agent, and who may go where.
extension Agent {
    /// Who runs what doesn't say who, and to whom the folders of nodes belong; nil is this process's own user.
    ///
    /// - Throws: `process.unknown-user`.
    func nodesAccount() throws(Problem) -> Account? {
        guard geteuid() == 0, let user = configuration.user else { return nil }
        return try Account(user)
    }

    /// Makes the data folder and the socket's, and takes the data folder for this agent.
    ///
    /// - Throws: `agent.already-running`, `agent.unusable-folder`.
    func takeFolders(for owner: Owner) throws(Problem) -> FolderLock {
        umask(0o022)
        let folder = configuration.folders.root
        let lock = try Self.using(folder, "--data") { () throws(Problem) in
            // Others pass through it to the folders of nodes, and see nothing of it.
            try Files.makeFolder(folder, mode: owner.isAnother ? 0o711 : 0o700)
            let lock = try FolderLock(folder)
            for database in [configuration.folders.database, configuration.folders.spool] { try Files.makePrivate(database) }
            try Files.makeFolder(configuration.folders.nodes)
            try checkWay(of: owner)
            return lock
        }
        if let slash = configuration.socket.lastIndex(of: "/"), slash > configuration.socket.startIndex {
            let folder = String(configuration.socket[..<slash])
            try Self.using(folder, "--socket") { () throws(Problem) in _ = try Files.makeFolder(folder) }
        }
        return lock
    }

    /// Makes sure that the owner of nodes' folders can get there.
    private func checkWay(of owner: Owner) throws(Problem) {
        let nodes = configuration.folders.nodes
        try owner.reachingFiles { () throws(Problem) in
            guard Owner(of: nodes) == nil else { return }
            let error = errno
            throw Files.failure(
                "file.failed", "the account ‘\(owner.account)’ of processes and scripts cannot get to ‘\(nodes)’", error,
                hint: "open the folders above it with ‘chmod o+x’, or name another account with ‘--user’")
        }
    }

    private static func using<Result>(
        _ folder: String, _ option: String, _ body: () throws(Problem) -> Result
    ) throws(Problem) -> Result {
        do { return try body() } catch {
            guard error.code != "agent.already-running" else { throw error }
            throw Problem(
                "agent.unusable-folder", "the agent cannot use the folder ‘\(folder)’", causes: [error],
                hint: "choose another with ‘\(option)’")
        }
    }
}
