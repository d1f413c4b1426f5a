// SPDX-License-Identifier: Apache-2.0 OR MIT
import CPluginRuntime

@c(plugin_describe)
func describePlugin() -> plugin_text {
    plugin_main()
    return Boundary.give(Plugin.description().encoded)
}

@c(plugin_dispatch)
func dispatchPlugin(_ name: plugin_text, _ arguments: plugin_text, _ site: plugin_site) -> plugin_result {
    plugin_main()
    do throws(PluginError) {
        let site = Site(taking: site)
        let result = try Plugin.dispatch(Boundary.takeText(name), Boundary.takeJSON(arguments), site)
        return plugin_result(is_problem: 0, text: Boundary.give(result.encoded))
    } catch {
        return plugin_result(is_problem: 1, text: Boundary.give(error.document.encoded))
    }
}

extension Site {
    fileprivate init(taking site: plugin_site) {
        var directory: [String] = []
        for index in 0..<site.id.directory_count { directory.append(Boundary.takeText(site.id.directory[index])) }
        free(UnsafeMutableRawPointer(mutating: site.id.directory))
        let id = ID(EntityKind(rawValue: site.id.kind) ?? .vertex, directory, Boundary.takeText(site.id.name))
        self.init(id, property: site.has_property ? Boundary.takeText(site.property) : nil)
    }
}
