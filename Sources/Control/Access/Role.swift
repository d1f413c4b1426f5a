// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What an account may do with an agent. Each role may do all that the ones before it may.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Looks, and changes nothing.
    case viewer
    /// Makes, changes and removes services, and works on their nodes.
    case `operator`
    /// Does what a host's agent does too: reads and writes the store itself.
    case admin

    /// Order by power.
    public static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .operator: 1
        case .admin: 2
        }
    }
}
