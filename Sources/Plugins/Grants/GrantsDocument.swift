// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

extension Grants {
    /// What `$NAME` in a grant may stand for: the node's folder, its service's directory, the host's name, and the
    /// folder of artifacts.
    public static let placeholders = ["NODE", "SERVICE", "HOST", "ARTIFACTS"]

    private static let readPrefix = "read:"

    /// Reads the `grants` of a plugin's description.
    ///
    /// - Throws: `plugin.malformed-grants`.
    public init(_ document: Value) throws(Problem) {
        self.init()
        guard let map = document.map else { throw Self.malformed("grants are a map, not \(document.kindName)") }
        for (key, value) in map {
            switch key.text {
            case "programs": programs = try Self.commands(value)
            case "files": files = try Self.places(value, "files")
            case "sockets": sockets = try Self.texts(value, "sockets")
            case "addresses": addresses = try Self.texts(value, "addresses")
            case "directories": directories = try Self.places(value, "directories")
            case "secrets": secrets = try Self.texts(value, "secrets")
            case "processes": processes = try Self.flag(value, "processes")
            case "listeners": listeners = try Self.flag(value, "listeners")
            default: throw Self.malformed("‘\(key.text ?? key.kindName)’ is no kind of grant")
            }
        }
        try check()
    }

    /// The document that it is read from.
    public var document: Value {
        [
            "programs": .list(programs.map { .list($0.map(Value.text)) }), "files": Self.document(files),
            "sockets": .list(sockets.map(Value.text)), "addresses": .list(addresses.map(Value.text)),
            "directories": Self.document(directories), "secrets": .list(secrets.map(Value.text)),
            "processes": .boolean(processes), "listeners": .boolean(listeners),
        ]
    }

    /// The grants for one call: with every `$NAME` replaced. A grant for which there is no value is left out.
    public func substituted(_ values: [String: String]) -> Grants {
        var grants = self
        grants.programs = programs.compactMap { command in
            let words = command.compactMap { Self.substitute($0, values) }
            return words.count == command.count ? words : nil
        }
        grants.files = Self.substitute(files, values)
        grants.sockets = sockets.compactMap { Self.substitute($0, values) }
        grants.directories = Self.substitute(directories, values)
        grants.secrets = secrets.compactMap { Self.substitute($0, values) }
        return grants
    }

    private static func document(_ places: [Place]) -> Value {
        .list(places.map { .text($0.isWritable ? $0.path : readPrefix + $0.path) })
    }

    private static func substitute(_ places: [Place], _ values: [String: String]) -> [Place] {
        places.compactMap { place in substitute(place.path, values).map { Place($0, isWritable: place.isWritable) } }
    }

    /// Replaces the names of a path that begin with `$`; nil if one has no value.
    private static func substitute(_ path: String, _ values: [String: String]) -> String? {
        var names: [String] = []
        for name in path.split(separator: "/", omittingEmptySubsequences: false) {
            guard name.hasPrefix("$") else {
                names.append(String(name))
                continue
            }
            guard let value = values[String(name.dropFirst())] else { return nil }
            names.append(value)
        }
        return names.joined(separator: "/")
    }

    private func check() throws(Problem) {
        for command in programs where command.isEmpty || command.dropLast().contains("**") {
            throw Self.malformed("‘**’ may only be the last word of a program’s grant, which has at least one")
        }
        for path in files.map(\.path) + sockets where !path.hasPrefix("/") && !path.hasPrefix("$") {
            throw Self.malformed("‘\(path)’ is no absolute path")
        }
        for address in addresses where address != "*" && Self.split(address: address) == nil {
            throw Self.malformed("‘\(address)’ is no address ‘HOST:PORT’")
        }
        for path in programs.joined() + files.map(\.path) + sockets + directories.map(\.path) + secrets {
            for name in path.split(separator: "/")
            where name.hasPrefix("$") && !Self.placeholders.contains(String(name.dropFirst())) {
                throw Self.malformed("‘\(name)’ stands for nothing; there are $\(Self.placeholders.joined(separator: ", $"))")
            }
        }
    }

    private static func commands(_ value: Value) throws(Problem) -> [[String]] {
        var commands: [[String]] = []
        for command in try list(value, "programs") { commands.append(try texts(command, "programs")) }
        return commands
    }

    private static func places(_ value: Value, _ key: String) throws(Problem) -> [Place] {
        try texts(value, key).map { text in
            text.hasPrefix(readPrefix) ? Place(String(text.dropFirst(readPrefix.count)), isWritable: false) : Place(text)
        }
    }

    private static func texts(_ value: Value, _ key: String) throws(Problem) -> [String] {
        var texts: [String] = []
        for item in try list(value, key) {
            guard let text = item.text else { throw malformed("‘\(key)’ holds \(item.kindName) instead of text") }
            texts.append(text)
        }
        return texts
    }

    private static func list(_ value: Value, _ key: String) throws(Problem) -> [Value] {
        guard let list = value.list else { throw malformed("‘\(key)’ is a list, not \(value.kindName)") }
        return list
    }

    private static func flag(_ value: Value, _ key: String) throws(Problem) -> Bool {
        guard let flag = value.boolean else { throw malformed("‘\(key)’ is true or false, not \(value.kindName)") }
        return flag
    }

    private static func malformed(_ message: String) -> Problem {
        Problem("plugin.malformed-grants", message, hint: "docs/plugin-interface.md describes grants")
    }
}
