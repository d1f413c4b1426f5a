// SPDX-License-Identifier: Apache-2.0 OR MIT
import PluginSDK

/// What the properties of a node say about its process.
struct Settings {
    var command: [String]
    var environment: [(name: String, value: String)]
    /// The variables that are secrets: references, which the host opens.
    var secrets: [(name: String, value: JSON)]
    var workingDirectory: String
    /// Whether the working directory lies below the node's folder, and is made if it isn't there.
    var ownsWorkingDirectory: Bool
    var user: String?
    var readiness: Check?
    var health: Check?
    var stopSignal: Int
    var stopGrace: Int64
    var restart: RestartPolicy
    var limits: JSON
    var log: JSON

    /// Reads a node's properties.
    init(_ node: Node) throws(PluginError) {
        for name in ["command", "environment", "files"] where node.value(name)?.isSecret == true {
            throw PluginError(
                "process.secret-property", "the property ‘\(name)’ of ‘\(node.id.path)’ is a secret as a whole",
                hint: "only single values in ‘environment’ and in the models of ‘files’ can be secrets")
        }
        command = try Settings.command(node)
        let variables = node.value("environment")?.object?.members ?? []
        environment = variables.filter { !$0.value.isSecret }.map { ($0.key, plainText($0.value)) }
        secrets = variables.filter { $0.value.isSecret }.map { ($0.key, $0.value) }
        let directory = node.value("working_directory")?.text ?? "."
        workingDirectory = directory.utf8.first == UInt8(ascii: "/") ? directory : try node.path(directory)
        ownsWorkingDirectory = directory.utf8.first != UInt8(ascii: "/") && workingDirectory != node.folder
        user = node.value("user")?.text
        readiness = try node.value("readiness").map { value throws(PluginError) in try Check(value, of: node) }
        health = try node.value("health").map { value throws(PluginError) in try Check(value, of: node) }
        let stop = node.value("stop") ?? [:]
        let signal = stop["signal"]?.text ?? "TERM"
        guard let number = signalNumber(signal) else {
            throw PluginError("process.bad-signal", "‘\(signal)’ is no signal", hint: "it is a name such as TERM, or a number")
        }
        stopSignal = number
        stopGrace = milliseconds(stop["grace"]) ?? 10_000
        restart = RestartPolicy(node.value("restart") ?? [:])
        limits = Settings.limits(node.value("limits") ?? [:])
        log = Settings.log(node.value("log") ?? [:])
    }

    private static func command(_ node: Node) throws(PluginError) -> [String] {
        guard let items = node.value("command")?.list, !items.isEmpty else {
            throw PluginError(
                "process.no-command", "the property ‘command’ of ‘\(node.id.path)’ has no value",
                hint: "‘khutulun node show \(node.id.path)’ shows what it waits for")
        }
        return try plainTexts(items, of: node)
    }

    /// The host counts the files beside the current one.
    private static func log(_ value: JSON) -> JSON {
        ["size": .integer(bytes(value["size"]) ?? 10_000_000), "files": .integer(max(1, value["files"]?.integer ?? 3) - 1)]
    }

    private static func limits(_ value: JSON) -> JSON {
        var limits: JSON = [:]
        if let memory = bytes(value["memory"]) { limits["memory"] = .integer(memory) }
        if let core = bytes(value["core"]) { limits["core"] = .integer(core) }
        for name in ["processes", "cpu", "files"] {
            if let limit = value[name], !limit.isNull { limits[name] = limit }
        }
        return limits
    }
}

/// A way to find out whether a process does what it is there for.
struct Check {
    enum Kind: String { case tcp, http, command }

    var kind: Kind
    var port: String?
    var path: String
    var command: [String]
    var interval: Int64
    var timeout: Int64
    var attempts: Int

    /// Reads a check.
    init(_ value: JSON, of node: Node) throws(PluginError) {
        guard let kind = value["kind"]?.text.flatMap(Kind.init(rawValue:)) else {
            throw PluginError(
                "process.bad-check", "a check of ‘\(node.id.path)’ has no kind that is known",
                hint: "it is tcp, http or command")
        }
        self.kind = kind
        port = value["port"]?.text
        path = value["path"]?.text ?? "/"
        command = try plainTexts(value["command"]?.list ?? [], of: node)
        interval = max(milliseconds(value["interval"]) ?? 1_000, 1)
        timeout = max(milliseconds(value["timeout"]) ?? 5_000, 1)
        attempts = max(value["attempts"]?.integer ?? 30, 1)
        if kind == .command && command.isEmpty {
            throw PluginError("process.bad-check", "a check of ‘\(node.id.path)’ is of the kind ‘command’ and has none")
        }
    }
}

extension RestartPolicy {
    /// Reads a policy; what it lacks is as usual.
    init(_ value: JSON) {
        self.init()
        mode = value["policy"]?.text.flatMap(Mode.init(rawValue:)) ?? mode
        delay = milliseconds(value["delay"]) ?? delay
        maximumDelay = milliseconds(value["maximum_delay"]) ?? maximumDelay
        attempts = value["attempts"]?.integer ?? attempts
        window = milliseconds(value["window"]) ?? window
    }
}

/// A value as it stands in an argument or an environment variable.
func plainText(_ value: JSON) -> String {
    if let text = value.text { return text }
    if let inner = value.custom?.value { return plainText(inner["text"] ?? inner) }
    return value.description
}

/// Arguments as plain texts. Everybody on the host sees them, so none may be a secret.
private func plainTexts(_ items: [JSON], of node: Node) throws(PluginError) -> [String] {
    guard !items.contains(where: { $0.isSecret }) else {
        throw PluginError(
            "process.secret-argument",
            "an argument of a command of ‘\(node.id.path)’ is a secret, and everybody on the host sees arguments",
            hint: "give it in ‘environment’ or in one of ‘files’, and let the program read it there")
    }
    return items.map(plainText)
}

/// A length of time in milliseconds; nil if it is none.
func milliseconds(_ value: JSON?) -> Int64? { amount(value, timeUnits).map { Int64($0 * 1_000 + 0.5) } }

/// An amount of data in bytes; nil if it is none.
func bytes(_ value: JSON?) -> Int64? { amount(value, sizeUnits).map { Int64($0) } }

private func amount(_ value: JSON?, _ units: [(name: String, factor: Double)]) -> Double? {
    guard let value else { return nil }
    if let number = value.float { return number }
    if let text = value.text { return scalar(text, units: units) }
    // A scalar of TOSCA, in its canonical unit.
    return value.custom?.value["number"]?.float
}
