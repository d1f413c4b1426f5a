// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What an account may do with an agent. Each role may do all that the ones before it may.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Looks, and changes nothing.
    case viewer
    /// Makes, changes and removes services, and works on their nodes.
    case `operator`
    /// Reads and writes the store itself.
    case admin
    /// Is the agent of a host, which gets the contents of secrets that are used there. No account has this role.
    case host

    /// Order by power.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        case .host: 3
        }
    }
}
