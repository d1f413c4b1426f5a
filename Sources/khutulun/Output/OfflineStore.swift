// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import FloriaSQLite
import Glibc
import HostAgent
import Support

/// Reads an agent's store without the agent.
enum OfflineStore {
    /// What answers from the store in a data folder, as an agent would.
    ///
    /// - Throws: `store.absent`.
    static func client(_ folder: String) throws(Problems) -> APIClient {
        let backend = StoreBackend(store: try store(folder), functions: Functions([:]), now: Timestamp.now)
        return APIClient(InProcessTransport(Router(ControlBackend(graph: backend))))
    }

    /// The store in a data folder, for reading only.
    ///
    /// - Throws: `store.absent`, `store.unavailable`.
    static func store(_ folder: String) throws(Problems) -> SQLiteStore {
        let path = DataFolders(root: folder).database
        guard access(path, R_OK) == 0 else {
            let reason = String(cString: strerror(errno))
            throw Problems([
                Problem(
                    "store.absent", "the store ‘\(path)’ cannot be read: \(reason)", hint: "name the data folder with ‘--data’")
            ])
        }
        return try raising { () throws(Problem) in try SQLiteStore(path: path, readOnly: true) }
    }
}
