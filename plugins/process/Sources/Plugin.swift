// SPDX-License-Identifier: Apache-2.0 OR MIT
import CPluginRuntime
import PluginSDK

@c(plugin_main) public func main() {
    Plugin.describe([
        "name": "process",
        "version": "0.1.0",
        "description": "Runs bare processes: installs what they need, starts, checks, restarts and stops them.",
        "handlers": [
            handler(of: "exited", "exited"),
            handler(of: "restart", "restart-due"),
            handler(of: "health", "health-due"),
        ],
        "grants": [
            // A design may name any program as a command or a check; the host decides for whom it runs.
            "programs": [["**"]],
            "files": ["$NODE", "read:$ARTIFACTS", "read:/proc"],
            "addresses": ["*"],
            "directories": ["$SERVICE"],
            "processes": true,
        ],
    ])
    registerLifecycle()
    registerMaintenance()
    registerHandlers()
}

private func handler(of event: String, _ function: String) -> JSON {
    ["class": "class:types/khutulun.process/BareProcess", "event": .text(event), "function": .text(function)]
}

private func registerLifecycle() {
    Plugin.operation("create", "Unpacks what the node needs into its folder and reserves its ports") {
        _, site throws(PluginError) in
        try create(Node(site))
    }
    Plugin.function("start", "Starts the process and returns when it is ready") { arguments, site throws(PluginError) in
        try start(site, run: runName(arguments))
    }
    Plugin.operation("stop", "Stops the process and all that it started") { _, site throws(PluginError) in
        try stop(Node(site))
        return ["state": "stopped"]
    }
    Plugin.operation("delete", "Removes everything that the other operations made") { _, site throws(PluginError) in
        try delete(Node(site))
        return [:]
    }
    Plugin.function("restart", "Stops the process and starts it again") { arguments, site throws(PluginError) in
        try stop(Node(site))
        return try start(site, run: runName(arguments))
    }
}

private func registerMaintenance() {
    Plugin.operation("inspect", "Looks what is really there") { _, site throws(PluginError) in try inspect(Node(site)) }
    Plugin.operation("adopt", "Takes note of a process that is running already") { _, site throws(PluginError) in
        try adopt(Node(site))
    }
    Plugin.operation("stats", "Measures what the process and all that it started use") { _, site throws(PluginError) in
        try stats(Node(site))
    }
    Plugin.operation("exec", "Runs a command where the process runs") { inputs, site throws(PluginError) in
        try exec(Node(site), inputs)
    }
    Plugin.operation("logs", "Tells where the log is, and its last lines") { inputs, site throws(PluginError) in
        try logs(Node(site), inputs)
    }
    Plugin.operation("explain", "Tells the commands that do the same") { _, site throws(PluginError) in
        try explain(Node(site))
    }
}

private func registerHandlers() {
    Plugin.handler("exited", "Decides what becomes of a process that has ended") { event, site throws(PluginError) in
        try exited(event, site)
    }
    Plugin.handler("restart-due", "Starts a process again that has ended") { event, site throws(PluginError) in
        try restartDue(event, site)
    }
    Plugin.handler("health-due", "Checks whether the process does what it is there for") { event, site throws(PluginError) in
        try healthDue(event, site)
    }
}

/// The name of the start that an operation makes. The operation's ID and attempt make it one of its own.
private func runName(_ arguments: [JSON]) -> String {
    guard arguments.count > 1, let operation = arguments[1]["operation"]?.text else { return "at-\(Host.now())" }
    return "\(operation)-\(arguments[1]["attempt"]?.integer ?? 1)"
}
