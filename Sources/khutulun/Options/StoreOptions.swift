// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import EventBus
import Floria
import FloriaSQLite
import Glibc
import HostAgent
import Support

/// Which store is meant: that of an agent that runs, or the one in a data folder on this machine.
struct StoreOptions: ParsableArguments {
    @OptionGroup var agent: AgentOptions

    @Flag(help: "Go to the store in the data folder, without asking an agent.")
    var offline = false

    @Option(
        help: ArgumentHelp(
            "The data folder (otherwise the usual one), whose store is used without asking an agent.", valueName: "folder"),
        completion: .directory)
    var data: String?

    func validate() throws {
        if agent.socket != nil, offline || data != nil {
            throw ValidationError("‘--socket’ and ‘--\(offline ? "offline" : "data")’ exclude each other")
        }
    }

    private var folder: String { data ?? StandardPaths.data }
    private var folders: DataFolders { DataFolders(root: folder) }

    /// The way to the agent, if it is to be asked: one that is named, or that runs at the usual place.
    ///
    /// - Throws: `api.unreachable` if one is named and doesn't run.
    func client() async throws(Problems) -> APIClient? {
        if offline || data != nil { return nil }
        let client = agent.client
        do throws(Problems) {
            _ = try await client.version()
        } catch {
            let isNamed = agent.socket != nil || StandardPaths.environment("KHUTULUN_SOCKET") != nil
            if isNamed || error.all[0].code != "api.unreachable" { throw error }
            return nil
        }
        return client
    }

    /// The store for reading, also beside an agent that writes it.
    ///
    /// - Throws: `store.absent`, `store.unavailable`.
    func reading() throws(Problems) -> SQLiteStore { try OfflineStore.store(folder) }

    /// What exports from a store in the data folder, with the events of its host.
    func exporter(_ store: SQLiteStore) throws(Problems) -> StoreExporter {
        guard access(folders.spool, F_OK) == 0 else { return StoreExporter(store, spools: nil, now: Timestamp.now) }
        let spool = try raising { () throws(Problem) in try SQLiteStore(path: folders.spool, readOnly: true) }
        return StoreExporter(store, spools: Spool(store: spool), now: Timestamp.now)
    }

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
        return try await body(folders.database)
    }
}

/// A command about a store as a whole.
protocol StoreCommand: Command {
    /// Which store.
    var store: StoreOptions { get }
}

extension StoreCommand {
    var outputFormat: OutputFormat { store.agent.output.format }
}

/// Waits for what throws one problem where several may be thrown.
func raising<Result>(_ body: () async throws(Problem) -> Result) async throws(Problems) -> Result {
    do {
        return try await body()
    } catch {
        throw Problems([error])
    }
}
