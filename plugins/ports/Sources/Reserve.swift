// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Reserves a port for a capability, or gives the one that is reserved.
///
/// The reservation and the capability's attributes are one commit, which expects that there is no reservation of the
/// port: of two that want one port only one gets it, and the other goes on to the next.
///
/// - Parameter taken: a reserved port that turned out to be held by a stranger; it is given up for another.
func reserve(_ asked: Capability, insteadOf taken: Int?) throws(PluginError) -> JSON {
    var capability = asked
    if let port = try reserved(for: capability), port != taken { return answer(capability, port) }
    let listening = try Host.listeners().compactMap { Listener($0)?.socket }
    let excluded = PortRange.parse(try Host.file(["read": "/proc/sys/net/ipv4/ip_local_port_range"])["text"]?.text ?? "")
    var found = Tally()
    for port in Candidates(capability.range, excluding: excluded, for: capability.id.path) where port != taken {
        if listening.contains(where: { $0.conflicts(with: capability.socket(port)) }) {
            // Whoever has it reserved may listen to it.
            if try Host.get(capability.reservation(port)) != nil { found.reserved += 1 } else { found.listening += 1 }
            continue
        }
        switch try claim(port, for: &capability, insteadOf: taken) {
        case .claimed(let port): return answer(capability, port)
        case .isReserved: found.reserved += 1
        }
    }
    throw exhausted(capability, found, excluded)
}

/// How many ports of a range were left out, and why.
private struct Tally {
    var listening = 0
    var reserved = 0
}

/// The port that is reserved for a capability.
private func reserved(for capability: Capability) throws(PluginError) -> Int? {
    guard let port = capability.port, let reservation = try Host.get(capability.reservation(port)) else { return nil }
    return reservation["metadata"]?["capability"]?.text == capability.id.text ? port : nil
}

private enum Claim {
    /// The capability has a port: this one.
    case claimed(Int)
    /// The port is somebody else's.
    case isReserved
}

/// Tries to get one port. Whoever changes the graph at the same time makes it look again.
private func claim(_ port: Int, for capability: inout Capability, insteadOf taken: Int?) throws(PluginError) -> Claim {
    var conflict: PluginError?
    for _ in 0..<16 {
        if try Host.get(capability.reservation(port)) != nil { return .isReserved }
        do throws(PluginError) {
            try Host.commit(changes(for: capability, port, insteadOf: taken))
            return .claimed(port)
        } catch {
            if error.code != "store.conflict" { throw error }
            conflict = error
        }
        capability = try Capability(capability.id.json)
        if let other = try reserved(for: capability), other != taken { return .claimed(other) }
    }
    throw PluginError(
        "ports.contended", "‘\(capability.id.path)’ changes too often for a port to be reserved", because: conflict)
}

private func changes(for capability: Capability, _ port: Int, insteadOf taken: Int?) -> JSON {
    let reservation = capability.reservation(port)
    var changes: JSON = [
        "put": [document(of: reservation, port, capability)],
        "set": [
            ["entity": capability.id.json, "property": "port", "value": .integer(port)],
            [
                "entity": capability.id.json, "property": "endpoint",
                "value": .text(endpoint(capability.address, port, hostAddress: capability.hostAddress)),
            ],
        ],
        "expect": [
            ["entity": reservation.json, "version": 0], ["entity": capability.id.json, "version": capability.version],
        ],
    ]
    if let taken { changes["delete"] = [capability.reservation(taken).json] }
    return changes
}

private func document(of reservation: ID, _ port: Int, _ capability: Capability) -> JSON {
    [
        "id": reservation.json,
        "metadata": [
            "kind": "reservation", "host": .text(capability.host), "protocol": .text(capability.transport),
            "address": .text(capability.address), "port": .integer(port), "node": capability.node.json,
            "capability": capability.id.json, "since": .integer(Int64(Host.now())),
        ],
    ]
}

private func answer(_ capability: Capability, _ port: Int) -> JSON {
    [
        "host": .text(capability.host), "protocol": .text(capability.transport), "address": .text(capability.address),
        "port": .integer(port),
    ]
}

private func exhausted(_ capability: Capability, _ found: Tally, _ excluded: PortRange?) -> PluginError {
    let range = "\(capability.range.first) to \(capability.range.last)"
    var reasons = "\(found.reserved) are reserved, \(found.listening) are in use"
    if let excluded, excluded.overlap(with: capability.range) > 0 {
        reasons += ", \(excluded.overlap(with: capability.range)) are the kernel's own (\(excluded.first) to \(excluded.last))"
    }
    return PluginError(
        "ports.exhausted",
        "no \(capability.transport) port from \(range) is free on the host ‘\(capability.host)’ for ‘\(capability.id.path)’: \(reasons)",
        hint: "give the capability another ‘range’, or end what uses the ports; ‘khutulun port list’ shows the reservations")
}
