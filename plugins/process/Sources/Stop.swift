// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Stops the process and all that it started, if there is anything to stop.
func stop(_ node: Node) throws(PluginError) {
    let status = try node.status()
    let state = node.value("state")?.text
    if status.isRunning || state == "restarting" { try noteStopping(node.site, run: status.run) }
    let settings = try? Settings(node)
    try end(node, signal: settings?.stopSignal ?? 15, grace: settings?.stopGrace ?? 10_000)
    if state == "restarting" {
        // A restart that was on its way when we took note gives up within this time, or is ended here.
        Host.sleep(milliseconds: 200)
        try end(node, signal: settings?.stopSignal ?? 15, grace: settings?.stopGrace ?? 10_000)
    }
}

/// Notes that the coming end of the process is wanted.
private func noteStopping(_ site: Site, run: String?) throws(PluginError) {
    try retryingConflicts { () throws(PluginError) in
        guard let node = try Node(ifPresent: site) else { return }
        var new = attributes(["state": "stopping", "reason": ""])
        if let run { new["run"] = .text(run) }
        try node.set(new)
    }
}

/// Ends the process: asks with a signal, and kills the whole tree when the time of grace is over, or what is left of it.
func end(_ node: Node, signal: Int, grace: Int64) throws(PluginError) {
    guard try node.status().document["state"]?.text != "absent" else { return }
    if try node.status().isRunning {
        try Host.signal(["node": node.id.json, "signal": .integer(signal), "tree": false])
        _ = try Host.wait(["node": node.id.json, "timeout": .integer(grace)])
    }
    try Host.signal(["node": node.id.json, "signal": 9, "tree": true])
    if try Status(Host.wait(["node": node.id.json, "timeout": 5_000])).isRunning {
        throw PluginError(
            "process.not-stopped", "the process of ‘\(node.id.path)’ does not end, not even by the signal KILL",
            hint: "it may wait for a device or a network file system; see its state in /proc")
    }
}

/// Removes everything that the other operations made.
func delete(_ node: Node) throws(PluginError) {
    try stop(node)
    if try node.status().document["state"]?.text != "absent" { try Host.forget(["node": node.id.json]) }
    try Ports(of: node).release()
    try Host.file(["remove": .text(node.folder)])
}
