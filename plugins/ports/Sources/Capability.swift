// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// A capability that needs a port.
struct Capability {
    let id: ID
    let version: JSON
    /// The node that has it.
    let node: ID
    /// The host that carries the node.
    let host: String
    /// Where the host is reached by others.
    let hostAddress: String
    let transport: String
    let address: String
    let range: PortRange
    /// The port that is reserved for it; nil if there is none.
    let port: Int?

    /// Reads the capability that an argument names.
    init(_ argument: JSON?) throws(PluginError) {
        guard let id = argument?.text.flatMap({ ID($0) }), let document = try Host.get(id),
            let node = document["container"]?.text.flatMap({ ID($0) }), let nodeDocument = try Host.get(node)
        else { throw PluginError("ports.unknown-capability", "there is no capability ‘\(argument?.text ?? "")’") }
        self.id = id
        self.node = node
        version = document["version"] ?? 0
        host = try Capability.host(of: node, nodeDocument)
        hostAddress = value(nodeDocument, "address")?.text ?? "127.0.0.1"
        transport = value(document, "protocol")?.text ?? "tcp"
        address = value(document, "address")?.text ?? "127.0.0.1"
        range = try Capability.range(value(document, "range"), of: id)
        port = value(document, "port")?.integer
    }

    /// The host that carries a node.
    static func host(of node: ID, _ document: JSON) throws(PluginError) -> String {
        guard let host = value(document, "host")?.text else {
            throw PluginError("ports.no-host", "‘\(node.path)’ has no host yet, so there is nowhere to reserve a port")
        }
        return host
    }

    private static func range(_ value: JSON?, of id: ID) throws(PluginError) -> PortRange {
        guard let value else { return .standard }
        if let first = value[0]?.integer, let last = value[1]?.integer, let range = PortRange(checking: first, last) {
            return range
        }
        throw PluginError(
            "ports.bad-range", "‘\(value.description)’ of ‘\(id.path)’ is no range of ports",
            hint: "it is the first and the last port, from 1 to 65535, as in [20000, 29999]")
    }

    /// The socket that the node would listen on.
    func socket(_ port: Int) -> Socket { Socket(transport: transport, address: address, port: port) }

    /// The identity of the reservation of a port on the capability's host.
    func reservation(_ port: Int) -> ID { ID(.vertex, ["hosts", host, "ports"], socket(port).reservationName) }
}

/// The value of a property of a document; nil if there is none.
func value(_ document: JSON, _ name: String) -> JSON? {
    guard let value = document["properties"]?[name]?["value"], !value.isNull else { return nil }
    return value
}
