// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// A port that the node listens on.
struct NodePort {
    /// The capability.
    let id: ID
    /// The capability's name.
    let name: String
    let transport: String
    let address: String
    /// The number; nil if none is reserved yet.
    let number: Int?

    /// Reads a capability.
    init?(_ document: JSON) {
        guard let id = document["id"]?.text.flatMap({ ID($0) }), let name = symbolicName(document) else { return nil }
        self.id = id
        self.name = name
        transport = property(document, "protocol")?.text ?? "tcp"
        address = property(document, "address")?.text ?? "127.0.0.1"
        number = property(document, "port")?.integer
    }

    /// Where the node's own checks reach it: the loopback address if it listens on all.
    var reachableAddress: String {
        switch address {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        default: address
        }
    }
}

/// The ports of a node. Which ones they are is the affair of the plugin `ports`.
struct Ports {
    let node: Node
    let all: [NodePort]

    init(of node: Node) {
        self.node = node
        all = node.contained(ofClass: "khutulun.process", "Port").compactMap { NodePort($0) }
    }

    /// Reserves what has no number yet.
    func reserveMissing() throws(PluginError) {
        for port in all where port.number == nil { try reserve(port) }
    }

    /// Makes sure that every port is reserved and nobody else holds it; gives whether a number has changed.
    ///
    /// A port that a stranger holds is given up for another, once.
    func secure() throws(PluginError) -> Bool {
        var changed = false
        for port in all {
            if port.number == nil {
                try reserve(port)
                changed = true
            }
            guard let holder = try stranger(at: port) else { continue }
            Host.log(
                .warning,
                "\(node.id.path): the port \(holder.port) of ‘\(port.name)’ is held by \(holder.text); reserving another")
            try reserve(port, insteadOf: holder.port)
            changed = true
            if let second = try stranger(at: port) {
                throw PluginError(
                    "process.port-taken",
                    "the port \(second.port) of ‘\(port.name)’ is held by \(second.text), as \(holder.port) is by \(holder.text)",
                    hint: "end what holds it, or give the capability another range")
            }
        }
        return changed
    }

    /// Gives back what is reserved.
    func release() throws(PluginError) { _ = try Host.evaluate(.call("ports:release", [node.id.json]), site: node.site) }

    private func reserve(_ port: NodePort, insteadOf taken: Int? = nil) throws(PluginError) {
        let arguments: [JSON] = taken.map { [port.id.json, ["instead-of": .integer($0)]] } ?? [port.id.json]
        _ = try Host.evaluate(.call("ports:reserve", arguments), site: node.site)
    }

    private func stranger(at port: NodePort) throws(PluginError) -> (port: Int, text: String)? {
        let answer = try Host.evaluate(.call("ports:check", [port.id.json]), site: node.site)
        guard answer["state"]?.text == "taken", let number = answer["port"]?.integer else { return nil }
        guard let pid = answer["holder"]?["pid"]?.integer else { return (number, "a process of somebody else") }
        return (number, "the process \(pid) (\(answer["holder"]?["program"]?.text ?? "unknown"))")
    }
}
