// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// A user of the host with the groups that a process of theirs has.
struct Account: Sendable, Hashable {
    /// The user's number and the main group's.
    var user: uid_t
    var group: gid_t
    /// All groups.
    var groups: [gid_t]
    /// The user's name and home; nil for a number that no user has.
    var name: String?
    var home: String?

    /// Finds `USER` or `USER:GROUP`, each a name or a number. It may ask a directory service, so it may take a while.
    ///
    /// - Throws: `process.unknown-user`.
    init(_ text: String) throws(Problem) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let user = parts.first, !user.isEmpty else { throw Problem("process.unknown-user", "‘\(text)’ names no user") }
        if let entry = Self.entry(of: user) {
            (self.user, group, name, home) = (entry.user, entry.group, entry.name, entry.home)
        } else if let number = uid_t(user), parts.count > 1 {
            (self.user, group, name, home) = (number, 0, nil, nil)
        } else {
            throw Problem(
                "process.unknown-user", "there is no user ‘\(user)’ on this host",
                hint: uid_t(user) == nil ? nil : "write \(user):GROUP for a number that no user has")
        }
        if parts.count > 1 { group = try Self.group(parts[1]) }
        groups = name.map { [group] in Self.groups(of: $0, group) } ?? [group]
    }

    /// The name of a user; nil for a number that no user has.
    static func name(of user: uid_t) -> String? { entry(of: "\(user)")?.name }

    /// To whom their files belong.
    var owner: Owner { Owner(user: user, group: group) }

    private static func entry(of user: String) -> (user: uid_t, group: gid_t, name: String, home: String)? {
        var entry = passwd()
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var found: UnsafeMutablePointer<passwd>?
            let error =
                uid_t(user).map { getpwuid_r($0, &entry, base, buffer.count, &found) }
                ?? getpwnam_r(user, &entry, base, buffer.count, &found)
            guard error == 0, found != nil else { return nil }
            return (entry.pw_uid, entry.pw_gid, String(cString: entry.pw_name), String(cString: entry.pw_dir))
        }
    }

    private static func group(_ text: String) throws(Problem) -> gid_t {
        if let number = gid_t(text) { return number }
        var entry = Glibc.group()
        let number: gid_t? = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1 << 14) { buffer in
            guard let base = buffer.baseAddress else { return nil }
            var found: UnsafeMutablePointer<Glibc.group>?
            let error = getgrnam_r(text, &entry, base, buffer.count, &found)
            return error == 0 && found != nil ? entry.gr_gid : nil
        }
        guard let number else { throw Problem("process.unknown-user", "there is no group ‘\(text)’ on this host") }
        return number
    }

    private static func groups(of name: String, _ main: gid_t) -> [gid_t] {
        var count: Int32 = 64
        var groups = [gid_t](repeating: 0, count: Int(count))
        if getgrouplist(name, main, &groups, &count) < 0 {
            groups = [gid_t](repeating: 0, count: Int(count))
            if getgrouplist(name, main, &groups, &count) < 0 { return [main] }
        }
        return Array(groups.prefix(Int(count)))
    }
}
