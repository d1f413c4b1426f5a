// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Decides what becomes of a process that has ended.
func exited(_ event: JSON, _ site: Site) throws(PluginError) {
    try retryingConflicts { () throws(PluginError) in
        guard let run = event["payload"]?["run"]?.text, let node = try Node(ifPresent: site) else { return }
        let status = try node.status()
        let situation = Ending.Situation(
            state: node.value("state")?.text, knownRun: node.value("run")?.text, endedRun: node.value("ended_run")?.text,
            supervisedRun: status.run, isRunning: status.isRunning)
        switch Ending(of: run, in: situation) {
        case .ignore: return
        case .later: try lookAgain(event, node, run)
        case .restart: try emitRestart(node, run: run, delay: 0)
        case .decide: try decide(event, node, run)
        }
    }
}

/// Lets the event come again: a start is under way, and what it says of the run isn't in the graph yet.
private func lookAgain(_ event: JSON, _ node: Node, _ run: String) throws(PluginError) {
    var payload = event["payload"] ?? [:]
    let looks = (payload["looks"]?.integer ?? 0) + 1
    // A start has three minutes; what it hasn't taken up by then, it never will.
    if looks > 14 { return }
    payload["looks"] = .integer(looks)
    try Host.emit([
        "entity": node.id.json, "type": "exited", "payload": payload, "delay": .integer(min(100 << looks, 30_000)),
        "id": .text("\(node.id.path)/\(run)/exited/\(looks)"),
    ])
}

private func decide(_ event: JSON, _ node: Node, _ run: String) throws(PluginError) {
    let settings = try Settings(node)
    let exit = Exit(event["payload"] ?? [:])
    let times = node.value("restart_times")?.list?.compactMap { $0.int64 } ?? []
    let isUnhealthy = node.value("unhealthy_run")?.text == run
    let name = event["id"]?.text
    switch settings.restart.decide(exit, isUnhealthy: isUnhealthy, times: times, now: Int64(Host.now())) {
    case .restart(let delay, let times):
        let why =
            "the process \(exit.text); restart \(times.count) of at most \(settings.restart.attempts) within \(seconds(settings.restart.window)) follows in \(seconds(delay))"
        Host.log(.warning, "\(node.id.path): \(why)")
        try node.set(
            attributes([
                "state": "restarting", "ended_run": .text(run), "reason": .text(why),
                "restart_times": .list(times.map { .integer($0) }),
                "restart_deadline": .integer(Int64(Host.now()) + delay + handlerLimit),
            ]), event: name)
        try emitRestart(node, run: run, delay: delay)
    case .finished:
        try node.set(
            attributes(["state": "finished", "ended_run": .text(run), "reason": .text("the process \(exit.text)")]), event: name
        )
    case .giveUp(let reason):
        Host.log(.error, "\(node.id.path): \(reason)")
        try node.set(attributes(["state": "failed", "ended_run": .text(run), "reason": .text(reason)]), event: name)
    }
}

/// How long the handler may take that makes a restart, in milliseconds.
private let handlerLimit: Int64 = 120_000

/// Makes the event that restarts the process. Making it twice has no effect: the run names it.
private func emitRestart(_ node: Node, run: String, delay: Int64) throws(PluginError) {
    try Host.emit([
        "entity": node.id.json, "type": "restart", "payload": ["run": .text(run)], "delay": .integer(delay),
        "id": .text("\(node.id.path)/\(run)/restart"),
    ])
}

/// Starts a process again that has ended, unless something else was decided meanwhile.
func restartDue(_ event: JSON, _ site: Site) throws(PluginError) {
    guard let ended = event["payload"]?["run"]?.text, let node = try Node(ifPresent: site), node.isRestarting(after: ended)
    else { return }
    let run = nextRun(after: ended)
    do throws(PluginError) {
        let launch = try prepare(node)
        let status = try launch.spawn(run: run)
        guard try noteRestart(launch, ended: ended, status, event) else { return }
        guard launch.settings.readiness != nil else { return try scheduleHealth(launch, run: run, after: 0) }
        try awaitReadiness(of: launch, run: run)
        try noteReady(site, run: run)
        try scheduleHealth(launch, run: run, after: 0)
    } catch {
        try restartFailed(site, run: run, error)
    }
}

extension Node {
    func isRestarting(after ended: String) -> Bool {
        value("state")?.text == "restarting" && value("ended_run")?.text == ended
    }
}

/// Notes the new run at the node. If the node is to be stopped by now, ends the run and gives false.
private func noteRestart(_ launch: Launch, ended: String, _ status: Status, _ event: JSON) throws(PluginError) -> Bool {
    try retryingConflicts { () throws(PluginError) in
        guard let node = try Node(ifPresent: launch.node.site),
            node.isRestarting(after: ended) || node.value("run")?.text == status.run
        else {
            try end(launch.node, signal: launch.settings.stopSignal, grace: launch.settings.stopGrace)
            return false
        }
        if node.value("run")?.text == status.run { return true }
        let isReady = launch.settings.readiness == nil
        var new = attributes([
            "state": isReady ? "started" : "restarting", "restarts": .integer((node.value("restarts")?.integer ?? 0) + 1),
        ])
        if isReady { new["reason"] = "" }
        if let run = status.run { new["run"] = .text(run) }
        if let pid = status.pid { new["pid"] = .integer(pid) }
        if status.warnings != node.warnings { new["warnings"] = .texts(status.warnings) }
        try node.set(new, event: event["id"]?.text)
        return true
    }
}

/// Notes that a run has become ready, unless its end was dealt with meanwhile.
private func noteReady(_ site: Site, run: String) throws(PluginError) {
    try retryingConflicts { () throws(PluginError) in
        guard let node = try Node(ifPresent: site), node.value("state")?.text == "restarting", node.value("run")?.text == run,
            node.value("ended_run")?.text != run
        else { return }
        try node.set(attributes(["state": "started", "reason": ""]))
    }
}

/// Deals with a restart that did not get to its end.
private func restartFailed(_ site: Site, run: String, _ error: PluginError) throws(PluginError) {
    switch error.code {
    case "process.ended":
        // Its own event `exited` decides.
        return
    case "process.not-ready":
        Host.log(.warning, error.message)
        if let node = try Node(ifPresent: site), try node.status().run == run {
            try Host.signal(["node": node.id.json, "signal": 9, "tree": true])
        }
    case let code where code.utf8.starts(with: "store.".utf8): throw error
    default:
        Host.log(.error, "\(site.id.path): the restart failed: \(error.message)")
        try noteFailure(site, run: run, error)
    }
}
