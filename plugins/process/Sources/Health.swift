// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Makes the event of the next health check, if the node has one.
func scheduleHealth(_ launch: Launch, run: String, after count: Int, failures: Int = 0) throws(PluginError) {
    guard let check = launch.settings.health else { return }
    let node = launch.node
    try Host.emit([
        "entity": node.id.json, "type": "health",
        "payload": ["run": .text(run), "count": .integer(count + 1), "failures": .integer(failures)],
        "delay": .integer(check.interval), "id": .text("\(node.id.path)/\(run)/health/\(count + 1)"),
    ])
}

/// Checks the process once, and ends it if it has failed too often in a row. The restart policy then decides.
func healthDue(_ event: JSON, _ site: Site) throws(PluginError) {
    guard let payload = event["payload"], let run = payload["run"]?.text, let node = try Node(ifPresent: site) else { return }
    let status = try node.status()
    guard status.isRunning, status.run == run, node.value("state")?.text != "stopping" else { return }
    let launch = try Launch(node)
    guard let check = launch.settings.health else { return }
    var health = Health(threshold: check.attempts, failures: payload["failures"]?.integer ?? 0)
    let failure = try check.failure(launch)
    if let failure, health.count(succeeded: false) {
        let reason = "it failed its health check \(health.failures) times in a row: \(failure)"
        Host.log(.warning, "\(node.id.path): \(reason)")
        try noteUnhealthy(site, run: run, reason)
        try end(node, signal: launch.settings.stopSignal, grace: launch.settings.stopGrace)
        return
    }
    if failure == nil { _ = health.count(succeeded: true) }
    try scheduleHealth(launch, run: run, after: payload["count"]?.integer ?? 0, failures: health.failures)
}

private func noteUnhealthy(_ site: Site, run: String, _ reason: String) throws(PluginError) {
    try retryingConflicts { () throws(PluginError) in
        guard let node = try Node(ifPresent: site) else { return }
        try node.set(attributes(["unhealthy_run": .text(run), "reason": .text(reason)]))
    }
}
