// SPDX-License-Identifier: Apache-2.0 OR MIT
import CLinux
import Glibc
import Support

/// Who a file or folder belongs to.
struct Owner: Sendable, Hashable {
    var user: uid_t
    var group: gid_t

    init(user: uid_t, group: gid_t) {
        self.user = user
        self.group = group
    }

    /// The owner of what is at a path, links not followed; nil if nothing is.
    init?(of path: String) {
        var info = stat()
        guard lstat(path, &info) == 0 else { return nil }
        self.init(user: info.st_uid, group: info.st_gid)
    }

    /// The account, as commands take it: a name, or `USER:GROUP` in numbers for a user who has none.
    var account: String { Account.name(of: user) ?? "\(user):\(group)" }

    /// Whether this process would have to become somebody else to be the owner, and can.
    var isAnother: Bool { geteuid() == 0 && user != 0 }

    /// Reaches files as the owner if that is another. What is made then belongs to the owner, and no link that the owner
    /// put somewhere leads to what the owner may not reach.
    func reachingFiles<Result>(_ body: () throws(Problem) -> Result) throws(Problem) -> Result {
        guard isAnother else { return try body() }
        linux_reach_files_as(user, group)
        defer { linux_reach_files_as(0, getegid()) }
        return try body()
    }
}

/// Folders that belong to others, while this process is root's.
extension Files {
    /// Makes a folder, which belongs to the owner from the beginning, and those above it, which don't: others pass through them and
    /// see nothing. One that is there stays as it is.
    ///
    /// - Throws: `file.make-folder`.
    static func makeFolder(_ path: String, of owner: Owner) throws(Problem) {
        guard owner.isAnother else { return _ = try makeFolder(path, above: 0o711) }
        if exists(path) { return }
        let temporary = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).new"
        try makeFolder(temporary, above: 0o711)
        guard chown(temporary, owner.user, owner.group) == 0, rename(temporary, path) == 0 else {
            let error = errno
            rmdir(temporary)
            // Another call was faster.
            if error == EEXIST || error == ENOTEMPTY { return }
            throw failure("file.make-folder", "the folder ‘\(path)’ cannot be made", error)
        }
    }

    /// Gives a folder to another owner, with everything below that belongs to its present one. No link is followed, and
    /// the folder itself comes last, so that what was interrupted is done again.
    ///
    /// - Throws: `file.failed`.
    static func give(_ path: String, to owner: Owner) throws(Problem) {
        guard geteuid() == 0, let present = Owner(of: path), present != owner else { return }
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw problem("given to another user", path) }
        defer { close(folder) }
        try give(contentsOf: folder, at: path, from: present, to: owner)
        guard fchown(folder, owner.user, owner.group) == 0 else { throw problem("given to another user", path) }
    }

    private static func give(contentsOf folder: Int32, at path: String, from: Owner, to: Owner) throws(Problem) {
        for name in try names(in: folder, at: path) {
            let entry = linux_entry(folder, name)
            guard entry >= 0 else { continue }
            defer { close(entry) }
            var info = stat()
            guard fstat(entry, &info) == 0, info.st_uid == from.user else { continue }
            if info.st_mode & S_IFMT == S_IFDIR {
                let inner = openat(entry, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                guard inner >= 0 else { throw problem("given to another user", "\(path)/\(name)") }
                defer { close(inner) }
                try give(contentsOf: inner, at: "\(path)/\(name)", from: from, to: to)
            }
            guard linux_give_entry(entry, to.user, to.group) == 0 else {
                throw problem("given to another user", "\(path)/\(name)")
            }
        }
    }
}
