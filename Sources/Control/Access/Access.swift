// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import Glibc

/// Which account has which role. Whoever is not named has none.
public struct Access: Sendable, Hashable {
    /// The role of each account, by its number.
    public var roles: [UInt32: Role]

    /// Gives these accounts these roles, and nobody else any.
    public init(roles: [UInt32: Role]) { self.roles = roles }

    /// Root and the account that this process runs as are admin; all others are denied.
    public static var standard: Access { Access(roles: Dictionary([(0, .admin), (geteuid(), .admin)]) { $1 }) }

    /// The caller that an account is.
    public func caller(uid: UInt32) -> Caller { Caller(uid: uid, role: roles[uid]) }

    /// Checks that a caller has a role or a more powerful one.
    ///
    /// - Throws: `api.denied`, which names the account, the role it has and the one it needs.
    static func check(_ caller: Caller, has needed: Role) throws(Problem) {
        if let role = caller.role, role >= needed { return }
        let present = caller.role.map { "has the role ‘\($0.rawValue)’" } ?? "has no role"
        throw Problem(
            "api.denied", "account \(caller.uid) \(present) here, and this needs the role ‘\(needed.rawValue)’",
            hint: "an administrator gives roles when starting the agent; root and the agent's own account are admin")
    }
}
