// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Looks what is really there.
func inspect(_ node: Node) throws(PluginError) -> JSON {
    let status = try node.status()
    var ports: [JSON] = []
    for port in Ports(of: node).all {
        var entry: JSON = ["name": .text(port.name), "protocol": .text(port.transport), "address": .text(port.address)]
        if let number = port.number {
            entry["port"] = .integer(number)
            let answer = try Host.evaluate(.call("ports:check", [port.id.json]), site: node.site)
            entry["state"] = answer["state"]
            entry["holder"] = answer["holder"]
        }
        ports.append(entry)
    }
    var answer = status.document
    answer["ports"] = .list(ports)
    answer["installed"] = node.value("installed") ?? []
    if status.isRunning, let launch = try? Launch(node), let check = launch.settings.health ?? launch.settings.readiness {
        let failure = try check.failure(launch)
        answer["ready"] = .boolean(failure == nil)
        if let failure { answer["failure"] = .text(failure) }
    }
    return answer
}

/// Takes note of a process that runs already, for example after the agent was away.
func adopt(_ node: Node) throws(PluginError) -> JSON {
    let status = try node.status()
    guard status.isRunning, let run = status.run, let pid = status.pid else {
        throw PluginError(
            "process.not-running", "no process of ‘\(node.id.path)’ is running",
            hint: "‘khutulun node restart \(node.id.path)’ starts it")
    }
    return ["state": "started", "run": .text(run), "pid": .integer(pid)]
}

/// Runs a command with the environment and in the folder of the process.
func exec(_ node: Node, _ inputs: JSON) throws(PluginError) -> JSON {
    guard let arguments = inputs["arguments"]?.list?.map(plainText), !arguments.isEmpty else {
        throw PluginError(
            "process.no-command", "there is no command to run", hint: "‘arguments’ is the program and its arguments")
    }
    let launch = try Launch(node)
    let result = try run(
        arguments, environment: launch.variables, directory: launch.settings.workingDirectory, user: launch.user(),
        timeout: milliseconds(inputs["timeout"]) ?? 60_000)
    return ["status": .integer(result.status), "output": .text(result.output), "error": .text(result.error)]
}

/// Tells where the log is, and its last lines.
func logs(_ node: Node, _ inputs: JSON) throws(PluginError) -> JSON {
    let status = try node.status()
    guard let path = status.log else {
        throw PluginError("process.no-log", "‘\(node.id.path)’ has no log", hint: "it has one once it was started")
    }
    return ["path": .text(path), "lines": .texts(try logTail(status, count: inputs["lines"]?.integer ?? 10))]
}
