// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// The node that a call is made for, as the graph has it.
struct Node {
    /// Where calls of the node's functions stand.
    let site: Site
    /// The vertex's document.
    let document: JSON
    /// The absolute path of the node's folder.
    let folder: String
    /// The documents of what the node contains: capabilities, artifacts, interfaces.
    let contained: [JSON]

    /// Reads the node of a site.
    init(_ site: Site) throws(PluginError) {
        guard let node = try Node(ifPresent: site) else {
            throw PluginError("process.unknown-node", "there is no node ‘\(site.id.path)’")
        }
        self = node
    }

    /// Reads the node of a site; nil if it is gone.
    init?(ifPresent site: Site) throws(PluginError) {
        let found = try Host.query(["contained-in": site.id.json, "itself": true])
        guard let document = found.first else { return nil }
        self.site = Site(site.id)
        self.document = document
        folder = try Host.evaluate(.call("khutulun:folder"), site: self.site).text ?? ""
        if folder.isEmpty { throw PluginError("process.no-folder", "the host gives ‘\(site.id.path)’ no folder") }
        contained = Array(found.dropFirst())
    }

    /// The node's identity.
    var id: ID { site.id }
    /// The service that it belongs to.
    var service: String { joined(id.directory, "/") }
    /// The folder that packages are extracted to.
    var root: String { "\(folder)/root" }

    /// The value of a property; nil if there is none.
    func value(_ property: String) -> JSON? {
        guard let value = document["properties"]?[property]?["value"], !value.isNull else { return nil }
        return value
    }

    /// Fails if a property waits for its value, or could not be given one: without it something else would be started.
    func requireValues() throws(PluginError) {
        for property in document["properties"]?.object?.members ?? [] {
            let status = property.value["status"]?.text
            guard status == "pending" || status == "failed", property.value["kind"]?.text != "attribute" else { continue }
            throw PluginError(
                "process.no-value", "the property ‘\(property.key)’ of ‘\(id.path)’ has no value that is up to date",
                hint: "‘khutulun node show \(id.path)’ shows what it waits for",
                because: property.value["problem"].map { PluginError(document: $0) })
        }
    }

    /// The contained vertexes of a class.
    func contained(ofClass profile: String, _ name: String) -> [JSON] {
        contained.filter { isOf($0, "class:types/\(profile)/\(name)") }
    }

    /// The artifact of a name.
    func artifact(_ name: String) -> JSON? {
        contained.first { $0["metadata"]?["kind"]?.text == "artifact" && symbolicName($0) == name }
    }

    /// What the host couldn't do of what was asked for when the process was last started.
    var warnings: [String] { value("warnings")?.texts ?? [] }

    /// How the supervised process is.
    func status() throws(PluginError) -> Status { Status(try Host.status(["node": id.json])) }

    /// A path below the node's folder.
    func path(_ relative: String) throws(PluginError) -> String {
        let names = parts(relative, of: UInt8(ascii: "/"))
        if relative.utf8.first == UInt8(ascii: "/") || names.contains("..") {
            throw PluginError(
                "process.bad-path", "‘\(relative)’ leads out of the folder of ‘\(id.path)’",
                hint: "paths are relative to the node's folder and have no ‘..’")
        }
        let inner = names.filter { $0 != "." }
        return inner.isEmpty ? folder : "\(folder)/\(joined(inner, "/"))"
    }

    /// Sets attributes, if the node is still as it was read.
    func set(_ attributes: JSONObject, event: String? = nil) throws(PluginError) {
        var changes: [JSON] = []
        for attribute in attributes {
            changes.append(["entity": id.json, "property": .text(attribute.key), "value": attribute.value])
        }
        var commit: JSON = [
            "set": .list(changes), "expect": [["entity": id.json, "version": document["version"] ?? 0]],
        ]
        if let event { commit["event"] = .text(event) }
        try Host.commit(commit)
    }
}

/// Whether an entity carries a class.
func isOf(_ document: JSON, _ className: String) -> Bool {
    document["classes"]?.texts?.contains(className) ?? false
}

/// The name that a design gives to what a node contains.
func symbolicName(_ document: JSON) -> String? { document["metadata"]?["name"]?.text }

/// The value of a property of a document.
func property(_ document: JSON, _ name: String) -> JSON? {
    guard let value = document["properties"]?[name]?["value"], !value.isNull else { return nil }
    return value
}

/// How a supervised process is.
struct Status {
    /// What the host says.
    let document: JSON

    init(_ document: JSON) { self.document = document }

    var isRunning: Bool { document["state"]?.text == "running" }
    var hasEnded: Bool { document["state"]?.text == "exited" }
    var run: String? { document["run"]?.text }
    var pid: Int? { document["pid"]?.integer }
    var log: String? { document["log"]?.text }
    /// What the host can't do of what was asked for.
    var warnings: [String] { document["warnings"]?.texts ?? [] }

    /// How it ended.
    var exit: Exit? { hasEnded ? Exit(document) : nil }
}

extension Exit {
    /// Reads `code` or `signal` of a status or an event, which has neither if nobody saw the end.
    init(_ document: JSON) {
        if let signal = document["signal"]?.integer {
            self = .signal(signal)
        } else if let code = document["code"]?.integer {
            self = .status(code)
        } else {
            self = .unseen
        }
    }
}

/// Does something that writes to the graph again when somebody else has written in between.
func retryingConflicts<Result>(_ body: () throws(PluginError) -> Result) throws(PluginError) -> Result {
    for _ in 0..<16 {
        do throws(PluginError) { return try body() } catch {
            if error.code != "store.conflict" { throw error }
        }
    }
    return try body()
}
