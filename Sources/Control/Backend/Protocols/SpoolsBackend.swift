// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Support

/// Tells what hosts have of events.
public protocol SpoolsBackend: Sendable {
    /// What each host has taken in and not dealt with.
    func undelivered() async throws(Problem) -> [String: Undelivered]
    /// Which of some events hosts had taken in when they had these positions.
    func taken(_ ids: [String], until positions: [String: UInt64]) async throws(Problem) -> Set<String>
}

extension Spool: SpoolsBackend {
    /// What is in this spool, as that of a host without a name.
    public func undelivered() async throws(Problem) -> [String: Undelivered] { ["": try await undelivered()] }

    /// Which of some events are in this spool.
    public func taken(_ ids: [String], until positions: [String: UInt64]) async throws(Problem) -> Set<String> {
        try await taken(ids, until: positions[""] ?? 0)
    }
}
