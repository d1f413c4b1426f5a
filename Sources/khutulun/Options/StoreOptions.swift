// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import FloriaSQLite
import Glibc
import HostAgent
import Support

/// Which store is meant: the one in a data folder on this machine, whether or not an agent runs on it.
struct StoreOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp("The agent's data folder (otherwise the usual one).", valueName: "folder"), completion: .directory)
    var data: String?

    private var folder: String { data ?? StandardPaths.data }
    private var database: String { DataFolders(root: folder).database }

    /// The store for reading, also beside an agent that writes it.
    ///
    /// - Throws: `store.absent`, `store.unavailable`.
    func reading() throws(Problems) -> SQLiteStore { try OfflineStore.store(folder) }

    /// Does something with the path of the store while no agent can run on it.
    ///
    /// - Throws: `agent.already-running`, `store.absent` if the folder isn't there.
    func alone<Result>(_ body: (String) async throws(Problems) -> Result) async throws(Problems) -> Result {
        guard access(folder, W_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw Problems([
                Problem(
                    "store.absent", "the data folder ‘\(folder)’ cannot be used: \(reason)",
                    hint: "name the data folder with ‘--data’")
            ])
        }
        let lock = try raising { () throws(Problem) in
            do throws(Problem) { return try FolderLock(folder) } catch {
                guard error.code == "agent.already-running" else { throw error }
                throw Problem(error.code, error.message, hint: "end it first")
            }
        }
        defer { lock.release() }
        return try await body(database)
    }
}

/// A command about the store in a data folder.
protocol StoreCommand: Command {
    /// Which store.
    var store: StoreOptions { get }
}

extension StoreCommand {
    var outputFormat: OutputFormat { store.output.format }
}

/// Waits for what throws one problem where several may be thrown.
func raising<Result>(_ body: () async throws(Problem) -> Result) async throws(Problems) -> Result {
    do {
        return try await body()
    } catch {
        throw Problems([error])
    }
}
