// SPDX-License-Identifier: Apache-2.0 OR MIT
import CPluginRuntime
import PluginSDK

// Does what no plugin should.

nonisolated(unsafe) private var count = 0

@c(plugin_main) public func main() {
    Plugin.describe(["name": "rascal", "version": "0.1.0", "grants": ["programs": [["true"]], "files": ["$NODE"]]])
    Plugin.operation("trap", "Traps") { _, _ in [1, 2, 3].map { JSON.integer($0) }[count + 3] }
    Plugin.operation("spin", "Never ends") { _, _ in
        while true { count &+= 1 }
    }
    Plugin.operation("eat", "Eats memory") { _, _ in
        var eaten: [[UInt8]] = []
        while true { eaten.append([UInt8](repeating: UInt8(eaten.count & 255), count: 1 << 20)) }
    }
    Plugin.operation("overflow", "Calls itself endlessly") { _, _ in .integer(nest(1)) }
    Plugin.operation("run", "Runs a program that it was not granted") { _, _ throws(PluginError) in
        try Host.run(["arguments": ["rm", "-rf", "/tmp/nothing"]])
    }
    Plugin.operation("read", "Reads a file that it was not granted") { _, _ throws(PluginError) in
        try Host.file(["read": "/etc/shadow"])
    }
    Plugin.operation("order", "Has another plugin do it") { _, site throws(PluginError) in
        try Host.evaluate(.call("process:exec", [["arguments": ["true"]]]), site: Site(site.id))
    }
    Plugin.operation("forge", "Writes what the supervisor remembers of the process") { _, site throws(PluginError) in
        let folder = try Host.evaluate(.call("khutulun:folder"), site: Site(site.id)).text ?? ""
        return try Host.file(["write": .text("\(folder)/../record"), "text": "pid=1"])
    }
    Plugin.operation("promote", "Has the process run as another account") { _, site throws(PluginError) in
        try Host.commit(["set": [["entity": site.id.json, "property": "user", "value": "root"]]])
    }
    Plugin.operation("stray", "Looks for the folder of another service's node") { _, _ throws(PluginError) in
        guard let other = ID("vertex:other/node") else { return [:] }
        return ["text": try Host.evaluate(.call("khutulun:folder"), site: Site(other))]
    }
    Plugin.operation("flood", "Gives more than anybody can take") { _, _ in
        ["text": .text(String(repeating: "x", count: 40 << 20))]
    }
}

@inline(never)
private func nest(_ depth: Int) -> Int {
    count += depth
    return count < 0 ? 0 : nest(depth + 1) + nest(depth + 2)
}
