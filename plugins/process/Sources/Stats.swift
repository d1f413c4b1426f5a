// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// Measures what the process and all that it started use: memory in bytes, processor time in milliseconds.
func stats(_ node: Node) throws(PluginError) -> JSON {
    let status = try node.status()
    guard status.isRunning, let pid = status.pid else { return ["processes": 0] }
    var total = Usage()
    var processes = 0
    var open = [pid]
    while let next = open.popLast() {
        guard let usage = try readText("/proc/\(next)/stat").flatMap(Usage.init(stat:)) else { continue }
        total.add(usage)
        processes += 1
        for child in parts(try readText("/proc/\(next)/task/\(next)/children") ?? "", of: UInt8(ascii: " ")) {
            if let child = Int(child) { open.append(child) }
        }
    }
    return [
        "processes": .integer(processes), "threads": .integer(total.threads), "memory": .integer(total.memory),
        "cpu": .integer(total.processorTime), "pid": .integer(pid),
    ]
}

/// The text of a file; nil if it can't be read, as that of a process that has just ended.
private func readText(_ path: String) throws(PluginError) -> String? {
    do throws(PluginError) { return try Host.file(["read": .text(path)])["text"]?.text } catch {
        if error.code == "plugin.not-granted" { throw error }
        return nil
    }
}
