// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

@c(plugin_main)
public func main() {
    Plugin.describe(["name": "echo", "version": "0.1.0", "grants": [:]])
    Plugin.function("echo", "Gives its arguments back") { arguments, _ in .list(arguments) }
}
