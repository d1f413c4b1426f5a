// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// A socket that listens on the host, and who holds it.
struct Listener {
    let socket: Socket
    let pid: Int?
    let program: String?

    /// Reads an entry of the host's list.
    init?(_ document: JSON) {
        guard let port = document["port"]?.integer else { return nil }
        socket = Socket(transport: document["protocol"]?.text ?? "tcp", address: document["address"]?.text ?? "", port: port)
        pid = document["pid"]?.integer
        program = document["program"]?.text
    }
}

/// Tells whether a capability's port is free, held by its own node or by a stranger, who is named.
func check(_ capability: Capability) throws(PluginError) -> JSON {
    guard let port = capability.port else { return ["state": "unreserved"] }
    let wanted = capability.socket(port)
    let holders = try Host.listeners().compactMap { Listener($0) }.filter { $0.socket.conflicts(with: wanted) }
    guard let first = holders.first else { return ["state": "free", "port": .integer(port)] }
    let own = try Host.status(["node": capability.node.json])
    let main = own["state"]?.text == "running" ? own["pid"]?.integer : nil
    var strangers: [Listener] = []
    for holder in holders {
        if let main, let pid = holder.pid, try descends(pid, from: main) { continue }
        strangers.append(holder)
    }
    let holder = strangers.first ?? first
    var document: JSON = [:]
    if let pid = holder.pid { document["pid"] = .integer(pid) }
    if let program = holder.program { document["program"] = .text(program) }
    return ["state": strangers.isEmpty ? "own" : "taken", "port": .integer(port), "holder": document]
}

/// Whether a process is another one, or was started by it or by what it started.
private func descends(_ pid: Int, from ancestor: Int) throws(PluginError) -> Bool {
    var current = pid
    for _ in 0..<64 {
        if current == ancestor { return true }
        guard current > 1, let parent = try parent(of: current) else { return false }
        current = parent
    }
    return false
}

private func parent(of pid: Int) throws(PluginError) -> Int? {
    do throws(PluginError) {
        return try Host.file(["read": .text("/proc/\(pid)/stat")])["text"]?.text.flatMap(parentProcess)
    } catch {
        if error.code == "plugin.not-granted" { throw error }
        // It has just ended.
        return nil
    }
}
