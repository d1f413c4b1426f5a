// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Gives back all ports of a node.
func release(node: String, _ site: Site) throws(PluginError) -> JSON {
    guard let id = ID(node) else { throw PluginError("ports.unknown-node", "‘\(node)’ is no node") }
    let host = try host(of: id)
    let own = try reservations(on: host).filter { $0["metadata"]?["node"]?.text == node }
    if own.isEmpty { return ["released": 0] }
    try Host.commit([
        "delete": .list(own.compactMap { $0["id"] }),
        "expect": .list(own.map { ["entity": $0["id"] ?? .null, "version": $0["version"] ?? 0] }),
    ])
    return ["released": .integer(own.count)]
}

/// Lists the ports that are reserved on a host, in order of port.
func list(host: String) throws(PluginError) -> JSON {
    var all = try reservations(on: host)
    all.sort { ($0["metadata"]?["port"]?.integer ?? 0) < ($1["metadata"]?["port"]?.integer ?? 0) }
    return .list(all.compactMap { $0["metadata"] })
}

/// The host that carries a node.
func host(of node: ID) throws(PluginError) -> String {
    guard let document = try Host.get(node) else { throw PluginError("ports.unknown-node", "there is no node ‘\(node.path)’") }
    return try Capability.host(of: node, document)
}

private func reservations(on host: String) throws(PluginError) -> [JSON] {
    try Host.query(["kind": "vertex", "directory": .text("hosts/\(host)/ports")])
}
