// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Tells the commands that a person would type for the same state.
func explain(_ node: Node) throws(PluginError) -> JSON {
    let launch = try Launch(node)
    let folder = shellQuoted(node.folder)
    let owned = try launch.user().map { " && chown \(shellQuoted($0)) \(folder)" } ?? ""
    var commands: [(comment: String, command: String)] = [("the node's folder", "mkdir -p \(folder)\(owned)")]
    for record in node.value("installed")?.list ?? [] { commands += installation(record, node) }
    for port in launch.ports.all {
        if let number = port.number {
            let filter = shellQuoted("sport = :\(number)")
            commands.append(
                (
                    "who listens on the \(port.transport) port ‘\(port.name)’",
                    "ss -Hlnp\(port.transport == "udp" ? "u" : "t") \(filter)"
                ))
        }
    }
    commands.append(("what the node's files were made into", "ls -l \(shellQuoted(node.folder))"))
    let start = StartCommand(
        unit: unitName(node), folder: launch.settings.workingDirectory, user: try launch.user(),
        environment: launch.environment + launch.settings.secrets.map { ($0.name, described($0.value)) },
        arguments: try launch.arguments(), restart: launch.settings.restart, stopSignal: launch.settings.stopSignal,
        stopGrace: launch.settings.stopGrace)
    commands.append(("start it by hand", start.plain))
    commands.append(("or as a unit of systemd, with the same restarts", start.systemd))
    let status = try node.status()
    if let pid = status.pid, status.isRunning { commands += running(pid, launch) }
    if let log = status.log { commands.append(("its log", "tail -n 100 -f \(shellQuoted(log))")) }
    return ["commands": .list(commands.map { ["comment": .text($0.comment), "command": .text($0.command)] })]
}

/// A secret, whose content is not for the eyes of whoever asks.
private func described(_ secret: JSON) -> String {
    let reference = secret.custom?.value
    guard let name = reference?.text ?? reference?["name"]?.text else { return "(made of secrets)" }
    return "(secret \(name))"
}

private func installation(_ record: JSON, _ node: Node) -> [(comment: String, command: String)] {
    let root = shellQuoted(node.root)
    if let package = record["package"]?.text {
        if record["present"]?.boolean == true {
            return [("the host has this package already", shellCommand(["dpkg-query", "--show", package]))]
        }
        let cache = "\(node.folder)/apt"
        let download = [
            "apt-get", "install", "--download-only", "--no-install-recommends", "-o", "Dir::Cache=\(cache)", package,
        ]
        return [
            (
                "unpack the package for the node alone",
                "mkdir -p \(shellQuoted("\(cache)/archives/partial")) && \(shellCommand(download))"
            ),
            ("", "for file in \(shellQuoted(cache))/archives/*.deb; do dpkg-deb --extract \"$file\" \(root); done"),
        ]
    }
    if let archive = record["archive"]?.text, let folder = record["folder"]?.text {
        return [
            ("unpack the archive of the design", shellCommand(["tar", "--extract", "--file", archive, "--directory", folder]))
        ]
    }
    if let file = record["file"]?.text, let path = record["path"]?.text {
        return [("copy the file of the design", shellCommand(["cp", file, path]))]
    }
    return []
}

private func running(_ pid: Int, _ launch: Launch) -> [(comment: String, command: String)] {
    [
        ("the process that is running", "ps -fp \(pid)"),
        ("stop it by hand; its restart policy then decides", "kill -\(signalName(launch.settings.stopSignal)) \(pid)"),
    ]
}

private func unitName(_ node: Node) -> String {
    let bytes = "khutulun-\(node.service)-\(node.id.name)".utf8.map { isLetterOrDigit($0) ? $0 : UInt8(ascii: "-") }
    return String(decoding: bytes, as: UTF8.self)
}
