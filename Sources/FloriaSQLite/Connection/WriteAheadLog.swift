// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc

/// The file beside a database that commits are appended to, until it is long enough to begin anew.
enum WriteAheadLog {
    /// The size at which SQLite begins anew, and a little more: 1000 pages with their heads.
    private static let size = 1000 * (4096 + 24) + 32

    /// Makes the file as long as it will become: a commit that makes a file longer waits for the disk about twice as long.
    /// SQLite takes zeros at the end for what they are. Does nothing if there is no room.
    ///
    /// - Parameter database: The path of the database.
    static func reserve(_ database: String) {
        let file = open(database + "-wal", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        let start = Int(lseek(file, 0, SEEK_END))
        guard start >= 0, start < size else { return }
        let zeros = [UInt8](repeating: 0, count: 1 << 16)
        var end = start
        while end < size {
            let count = pwrite(file, zeros, min(zeros.count, size - end), off_t(end))
            guard count > 0 else { break }
            end += count
        }
        if end < size || fdatasync(file) != 0 { ftruncate(file, off_t(start)) }
    }
}
