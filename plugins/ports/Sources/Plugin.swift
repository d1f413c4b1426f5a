// SPDX-License-Identifier: Apache-2.0 OR MIT
import CPluginRuntime
import PluginSDK

@c(plugin_main) public func main() {
    Plugin.describe([
        "name": "ports",
        "version": "0.1.0",
        "description": "Reserves the TCP and UDP ports of a host, and tells who holds them.",
        "grants": [
            "files": ["read:/proc"],
            "directories": ["$SERVICE", "hosts/$HOST"],
            "processes": true,
            "listeners": true,
        ],
    ])
    Plugin.function("reserve", "Reserves a port for a capability, or gives the one that is reserved") {
        arguments, _ throws(PluginError) in
        try reserve(Capability(arguments.first), insteadOf: arguments.count > 1 ? arguments[1]["instead-of"]?.integer : nil)
    }
    Plugin.function("check", "Tells whether a capability's port is free, held by its own node or by a stranger") {
        arguments, _ throws(PluginError) in
        try check(Capability(arguments.first))
    }
    Plugin.function("release", "Gives back all ports of a node") { arguments, site throws(PluginError) in
        try release(node: arguments.first?.text ?? site.id.text, site)
    }
    Plugin.function("list", "Lists the ports that are reserved on a host") { arguments, site throws(PluginError) in
        if let host = arguments.first?.text { return try list(host: host) }
        return try list(host: host(of: site.id))
    }
}
