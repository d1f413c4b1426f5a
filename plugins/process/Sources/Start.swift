// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Starts the process unless it is running, and returns when it is ready.
func start(_ site: Site, run name: String) throws(PluginError) -> JSON {
    let node = try Node(site)
    var status = try node.status()
    let launch = status.isRunning ? try Launch(node) : try prepare(node)
    if !status.isRunning { status = try launch.spawn(run: name) }
    let run = status.run ?? name
    do throws(PluginError) { try awaitReadiness(of: launch, run: run) } catch {
        try noteFailure(site, run: run, error)
        throw error
    }
    try scheduleHealth(launch, run: run, after: 0)
    var outputs: JSON = ["state": "started", "run": .text(run)]
    if let pid = status.pid { outputs["pid"] = .integer(pid) }
    if status.warnings != node.warnings { outputs["warnings"] = .texts(status.warnings) }
    return outputs
}

/// Does all that has to be done before the process can be started: ports, then files, which may tell the ports.
func prepare(_ node: Node) throws(PluginError) -> Launch {
    try node.requireValues()
    let changed = try Ports(of: node).secure()
    let launch = try Launch(changed ? Node(node.site) : node)
    try Files(launch: launch).write()
    return launch
}

/// Waits until the process passes its readiness check. Fails as soon as the process has ended.
func awaitReadiness(of launch: Launch, run: String) throws(PluginError) {
    guard let check = launch.settings.readiness else { return }
    let begun = Int64(Host.now())
    var waiting = Waiting(from: begun, timeout: check.interval * Int64(check.attempts), longest: check.interval)
    while true {
        let failure = try check.failure(launch)
        let status = try launch.node.status()
        if !status.isRunning || status.run != run { throw try earlyEnd(status, launch.node) }
        guard let failure else { return }
        guard let wait = waiting.next(at: Int64(Host.now())) else {
            throw PluginError(
                "process.not-ready",
                "‘\(launch.node.id.path)’ was not ready within \(seconds(Int64(Host.now()) - begun)): \(failure)",
                hint: "‘khutulun node logs \(launch.node.id.path)’ shows what it said")
        }
        Host.sleep(milliseconds: UInt64(wait))
    }
}

private func earlyEnd(_ status: Status, _ node: Node) throws(PluginError) -> PluginError {
    let how = status.exit?.text ?? "is gone"
    let lines = try logTail(status, count: 5)
    let said = lines.isEmpty ? "; it wrote nothing to its log" : "; the end of its log: " + joined(lines, "\n")
    return PluginError(
        "process.ended", "the process of ‘\(node.id.path)’ \(how) before it was ready\(said)",
        hint: "‘khutulun node logs \(node.id.path)’ shows the whole log")
}

/// The last lines of a process's log.
func logTail(_ status: Status, count: Int) throws(PluginError) -> [String] {
    guard let log = status.log, try exists(log) else { return [] }
    let answer = try Host.file(["read": .text(log), "from": -16_384, "limit": 16_384])
    guard let text = answer["text"]?.text ?? answer["bytes"]?.bytes.map({ String(decoding: $0, as: UTF8.self) }) else {
        return []
    }
    return lastLines(text, count: count)
}

/// Notes at the node why a run of it is no good, so that its end isn't answered by a restart.
func noteFailure(_ site: Site, run: String, _ error: PluginError) throws(PluginError) {
    try retryingConflicts { () throws(PluginError) in
        guard let node = try Node(ifPresent: site) else { return }
        try node.set(attributes(["state": "failed", "run": .text(run), "reason": .text(error.message)]))
    }
}

/// Members of an object.
func attributes(_ object: JSON) -> JSONObject { object.object ?? JSONObject() }
