// SPDX-License-Identifier: Apache-2.0 OR MIT
public import EventBus
public import Support

/// Asks the hosts over the bus what they have of events.
public struct BusSpools: SpoolsBackend {
    private let bus: any Bus
    private let hosts: @Sendable () -> [String]

    /// Makes it; `hosts` names all hosts.
    public init(bus: any Bus, hosts: @escaping @Sendable () -> [String]) {
        self.bus = bus
        self.hosts = hosts
    }

    /// What each host has taken in and not dealt with.
    public func undelivered() async throws(Problem) -> [String: Undelivered] {
        var found: [String: Undelivered] = [:]
        for host in hosts() {
            found[host] = try Undelivered(document: try await bus.ask(host, Message("undelivered", [:])))
        }
        return found
    }

    /// Which of some events hosts had taken in when they had these positions.
    public func taken(_ ids: [String], until positions: [String: UInt64]) async throws(Problem) -> Set<String> {
        var taken: Set<String> = []
        for (host, position) in positions {
            let question: Value = ["ids": .list(ids.map(Value.text)), "position": .number(position)]
            taken.formUnion((try await bus.ask(host, Message("taken", question)).list ?? []).compactMap(\.text))
        }
        return taken
    }
}
