// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

@c(plugin_main)
public func main() {
    Plugin.describe(["name": "greeter", "version": "0.1.0", "grants": [:]])
    Plugin.operation("greet", "Greets somebody, and keeps the greeting in the node's folder") { inputs, site throws(PluginError) in
        let text = "Hello \(inputs["name"]?.text ?? "world"), from \(site.id.path)"
        let folder = try Host.evaluate(.call("khutulun:folder"), site: site).text ?? ""
        try Host.file(["write": .text("\(folder)/greeting"), "text": .text(text)])
        return ["text": .text(text)]
    }
}
