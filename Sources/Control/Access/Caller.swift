// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
import Glibc

/// Who makes a request: an account of this machine, with the role that it has here.
public struct Caller: Sendable, Hashable {
    /// The account's number.
    public var uid: UInt32
    /// What it may do; nil if it may do nothing.
    public var role: Role?

    /// Makes a caller.
    public init(uid: UInt32, role: Role?) {
        self.uid = uid
        self.role = role
    }

    /// The agent of this host, which runs as this process does, with every right.
    public static var agent: Caller { Caller(uid: geteuid(), role: .host) }

    /// The account's name; its number if it has none. Asks the machine's account database each time.
    public var accountName: String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 4096)
        guard getpwuid_r(uid, &entry, &buffer, buffer.count, &found) == 0, found != nil,
            let name = entry.pw_name.map({ String(cString: $0) })
        else { return String(uid) }
        return name
    }

    /// The provenance of what the caller changes by hand.
    public func provenance(time: Int64) -> Provenance { Provenance(.person, accountName, time: time) }
}
