// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// What is done with the file of a store as a whole.
enum StoreFile {
    /// Writes a copy of a database to a new file, which is there whole or not at all, and for nobody else to read.
    ///
    /// - Parameter finish: What is still to be done with the copy before it gets its name.
    static func copy(
        _ source: Connection, to path: String, replaces: Bool, finish: (Connection) throws(Problem) -> Void
    ) throws(Problem) {
        let part = path + ".part"
        let files = ["", "-journal", "-wal", "-shm"].map { part + $0 }
        for file in files { unlink(file) }
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("‘\(path)’ cannot be written") }
        close(descriptor)
        do throws(Problem) {
            let copy = try Connection(path: part, isReadOnly: false)
            try copy.execute("PRAGMA synchronous = FULL")
            try source.copy(to: copy)
            // In this mode the file stands for itself, with no other beside it.
            try copy.execute("PRAGMA journal_mode = DELETE")
            try finish(copy)
            if !replaces, access(path, F_OK) == 0 { throw taken(path) }
        } catch {
            for file in files { unlink(file) }
            throw error
        }
        guard rename(part, path) == 0 else { throw failure("‘\(path)’ cannot be written") }
        try sync(folderOf: path)
    }

    static func taken(_ path: String) -> Problem {
        Problem("store.file-exists", "‘\(path)’ is there already", hint: "choose another name, or remove it first")
    }

    private static func failure(_ message: String) -> Problem {
        Problem(
            "store.unavailable", "\(message): \(String(cString: strerror(errno)))",
            hint: "see that the folder is there, has room and can be written by this user")
    }

    /// Puts the names in the folder of a file on disk.
    private static func sync(folderOf path: String) throws(Problem) {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("the folder ‘\(folder)’ cannot be read") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("the folder ‘\(folder)’ cannot be written") }
    }

    /// Replaces the store of a path by a copy of another, which is brought up to date and checked before. What was there is kept
    /// beside it, with the ending `.replaced`.
    static func restore(from source: Connection, named name: String, to path: String) throws(Problem) {
        try settle(path)
        try copy(source, to: path, replaces: true) { copy throws(Problem) in
            try Schema.prepare(copy, path: name)
            let problems = try copy.transaction("BEGIN") { () throws(Problem) in try StoreCheck.run(copy) }
            guard problems.isEmpty else {
                throw Problem(
                    "store.damaged", "the backup ‘\(name)’ is damaged", causes: problems,
                    hint: "take another one; nothing was changed")
            }
            try keep(path)
        }
    }

    /// Brings what stands in the log into the file of a store, so that the log goes, and makes sure that nobody has it open.
    private static func settle(_ path: String) throws(Problem) {
        guard access(path, F_OK) == 0 else { return }
        do throws(Problem) {
            let old = try Connection(path: path, isReadOnly: false)
            try old.execute("PRAGMA locking_mode = EXCLUSIVE")
            try old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            try old.execute("BEGIN EXCLUSIVE")
            old.rollBack()
        } catch {
            // A store that is damaged may be replaced; one that is in use may not.
            if error.hint == Problem.inUseHint { throw error }
        }
    }

    /// Keeps what is there under another name. A log that a damaged store left must not be taken for one of what comes.
    private static func keep(_ path: String) throws(Problem) {
        guard access(path, F_OK) == 0 else { return }
        let kept = path + ".replaced"
        for file in [kept, kept + "-wal"] { unlink(file) }
        if access(path + "-wal", F_OK) == 0, rename(path + "-wal", kept + "-wal") != 0 {
            throw failure("‘\(kept)-wal’ cannot be written")
        }
        unlink(path + "-shm")
        guard link(path, kept) == 0 else { throw failure("‘\(kept)’ cannot be written") }
    }
}
