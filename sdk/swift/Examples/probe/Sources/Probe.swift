// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

// Calls everything that there is to call, rightly and wrongly: the plugin that the host's tests use.

@c(plugin_main)
public func main() {
    Plugin.describe([
        "name": "probe", "version": "0.1.0",
        "handlers": [["class": "class:types/probe", "event": "poked", "function": "poked"]],
        "grants": ["programs": [["echo", "*"]], "files": ["$NODE"]],
    ])
    registerValues()
    registerHost()
    registerFaults()
}

private func registerValues() {
    Plugin.function("echo", "Gives its arguments back") { arguments, _ in .list(arguments) }
    Plugin.function("bytes", "Adds a byte to bytes") { arguments, _ throws(PluginError) in
        guard let bytes = arguments.first?.bytes else { throw PluginError("probe.no-bytes", "the argument is no bytes") }
        return .bytes(bytes + [255])
    }
    Plugin.function("site", "Gives the site of the call") { _, site in
        ["id": site.id.json, "property": site.property.map { .text($0) } ?? .null]
    }
    Plugin.operation("operate", "Gives its inputs with one more") { inputs, _ in
        var outputs = inputs
        outputs["more"] = true
        return outputs
    }
    Plugin.handler("poked", "Logs an event") { event, site in
        Host.log(.warning, "\(site.id.text) was \(event["type"]?.text ?? "?")")
    }
    Plugin.function("fail", "Fails with a problem") { _, _ throws(PluginError) in
        throw PluginError(
            "probe.failed", "it failed as it should", hint: "do nothing", because: PluginError("probe.cause", "for a reason"))
    }
}

private func registerHost() {
    Plugin.function("request", "Calls the function of the host that is named first with the second argument") {
        arguments, site throws(PluginError) in
        try request(arguments.first?.text ?? "", arguments.last ?? .null, site)
    }
    Plugin.function("clock", "Gives the time before and after some milliseconds") { arguments, _ in
        let before = Host.now()
        Host.sleep(milliseconds: UInt64(arguments.first?.integer ?? 0))
        return [.integer(Int64(before)), .integer(Int64(Host.now()))]
    }
}

private func request(_ name: String, _ document: JSON, _ site: Site) throws(PluginError) -> JSON {
    switch name {
    case "evaluate": try Host.evaluate(document, site: site)
    case "get": try Host.get(ID(document.text ?? "") ?? site.id) ?? "absent"
    case "query": .list(try Host.query(document))
    case "commit": try Host.commit(document)
    case "emit": try Host.emit(document)
    case "run": try Host.run(document)
    case "spawn": try Host.spawn(document)
    case "status": try Host.status(document)
    case "signal": try Host.signal(document)
    case "wait": try Host.wait(document)
    case "forget": try Host.forget(document)
    case "listeners": .list(try Host.listeners())
    case "http": try Host.http(document)
    case "connect": try Host.connect(document)
    case "file": try Host.file(document)
    case "secret": try Host.secret(document)
    default: throw PluginError("probe.unknown", "‘\(name)’ is no function of the host")
    }
}

nonisolated(unsafe) private var count = 0

private func registerFaults() {
    Plugin.function("count", "Counts the calls of this instance") { _, _ in
        count += 1
        return .integer(count)
    }
    Plugin.function("trap", "Traps") { arguments, _ in arguments[arguments.count] }
    Plugin.function("spin", "Never ends") { _, _ in
        while true { count &+= 1 }
    }
    Plugin.function("eat", "Eats memory") { _, _ in
        var eaten: [[UInt8]] = []
        while true { eaten.append([UInt8](repeating: UInt8(eaten.count & 255), count: 1 << 20)) }
    }
    Plugin.function("overflow", "Calls itself endlessly") { _, _ in .integer(nest(1)) }
    Plugin.function("flood", "Gives a text of as many bytes as it is told") { arguments, _ in
        .text(String(repeating: "x", count: arguments.first?.integer ?? 0))
    }
}

@inline(never)
private func nest(_ depth: Int) -> Int {
    count += depth
    return count < 0 ? 0 : nest(depth + 1) + nest(depth + 2)
}
