// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Support
import TOSCA

/// A node, `SERVICE/NAME`, as an argument.
struct NodeName: ExpressibleByArgument {
    /// The node's identity.
    let id: ID

    init?(argument: String) {
        guard let id = try? ID(.vertex, parsing: argument), !id.directory.names.isEmpty else { return nil }
        self.id = id
    }
}

/// An edge, `SERVICE/NAME`, as an argument; the text of its identifier will do too.
struct EdgeName: ExpressibleByArgument {
    /// The edge's identity.
    let id: ID

    init?(argument: String) {
        let id = argument.hasPrefix("edge:") ? try? ID(documentText: argument) : try? ID(.edge, parsing: argument)
        guard let id, !id.directory.names.isEmpty else { return nil }
        self.id = id
    }
}

/// An entity as an argument: a node's or a service's name, or the text of an identifier such as `edge:shop/web.db-0`.
struct EntityName: ExpressibleByArgument {
    /// The entity's identity.
    let id: ID

    init?(argument: String) {
        let id = argument.contains(":") ? try? ID(documentText: argument) : try? ID(.vertex, parsing: argument)
        guard let id else { return nil }
        self.id = id
    }
}

/// A secret, `SERVICE/NAME` or `NAME`, as an argument.
struct SecretArgument: ExpressibleByArgument {
    /// Its name.
    let name: SecretName

    init?(argument: String) {
        guard let name = try? SecretName(parsing: argument) else { return nil }
        self.name = name
    }
}

/// Where the design's is taken although something was done by hand.
struct TakeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Take the design's although it was changed by hand: of a node or another entity with all that it contains, of one property, or ‘all’; may be given several times.",
            valueName: "node[:property]"))
    var take: [TakenName] = []

    /// What was said.
    var resolution: Resolution {
        take.reduce(into: Resolution()) { resolution, name in
            switch name.choice {
            case .all: resolution.takesAll = true
            case .entity(let id): resolution.entities.insert(id)
            case .property(let reference): resolution.properties.insert(reference)
            }
        }
    }
}

/// `all`, an entity, or `ENTITY:PROPERTY` as an argument.
struct TakenName: ExpressibleByArgument {
    enum Choice {
        case all
        case entity(ID)
        case property(PropertyReference)
    }

    let choice: Choice

    init?(argument: String) {
        if argument == "all" {
            choice = .all
            return
        }
        // A kind comes before a colon too: ‘edge:shop/web.database-0’.
        let kind = argument.split(separator: ":", maxSplits: 1).first.flatMap { EntityKind(rawValue: String($0)) }
        let start =
            kind == nil ? argument.startIndex : argument.index(argument.startIndex, offsetBy: (kind?.rawValue.count ?? 0) + 1)
        guard let colon = argument[start...].firstIndex(of: ":") else {
            guard let name = EntityName(argument: argument) else { return nil }
            choice = .entity(name.id)
            return
        }
        let property = String(argument[argument.index(after: colon)...])
        guard !property.isEmpty, let name = EntityName(argument: String(argument[..<colon])) else { return nil }
        choice = .property(PropertyReference(name.id, property))
    }
}

/// How a plan is carried out.
struct CarryingOut: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Don't ask.")
    var yes = false

    @Flag(help: "Carry it out also if it destroys data.")
    var destroy = false

    @Flag(inversion: .prefixedNo, help: "Whether to wait for the end and show the progress.")
    var wait = true
}

extension Value {
    /// The value that a person wrote as an argument: a list, a map or a text in quotes as in YAML, otherwise a number, `true`,
    /// `false` or `null`, otherwise the text as it is.
    init(argument: String, named name: String) throws(Problems) {
        switch argument.utf8.first {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            self = try YAML.decode(Array(argument.utf8), file: name)
        default: self = YAMLNode.resolve(plain: argument)
        }
    }
}

/// The inputs of a service or an operation.
struct InputOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "An input; may be given several times. It is read as what its type says, and without one as YAML.",
            valueName: "name=value"))
    var input: [String] = []

    @Option(
        name: .customLong("secret"),
        help: ArgumentHelp(
            "An input that is a secret which is there already; may be given several times.", valueName: "name=secret"))
    var secrets: [String] = []

    @Option(help: ArgumentHelp("A YAML or JSON file with a map of inputs.", valueName: "file"), completion: .file())
    var inputs: String?

    func validate() throws {
        for (option, texts) in [("input", input), ("secret", secrets)] {
            for text in texts where text.firstIndex(of: "=") == nil || text.first == "=" {
                throw ValidationError("‘--\(option) \(text)’ lacks a name or a ‘=’: write it as --\(option) name=value")
            }
        }
    }

    /// The inputs of an operation, whose types only the agent knows: those of the file, and above them the single ones.
    ///
    /// - Throws: `command.unreadable`, `command.invalid-inputs`, `yaml.*`.
    func values() throws(Problems) -> [String: Value] {
        try values { name, text throws(Problems) in try Value(argument: text, named: "--input \(name)") }
    }

    /// The inputs of a design, each as its type wants it.
    ///
    /// - Throws: `command.unreadable`, `command.invalid-inputs`, `yaml.*`, and what is wrong with names and values.
    func values(for design: CompiledDesign) throws(Problems) -> [String: Value] {
        let values = try values { name, text throws(Problems) in
            try design.inputs.first { $0.name == name }?.value(parsing: text) ?? .text(text)
        }
        try design.check(inputs: values)
        return values
    }

    /// The inputs of a design that are given as arguments although they are secrets.
    func exposed(in design: CompiledDesign) -> [Problem] {
        design.inputs.filter { item in item.isSecret && input.contains { $0.hasPrefix("\(item.name)=") } }.map { item in
            Problem(
                "command.exposed-secret", "‘--input \(item.name)=…’ is a secret, and arguments can be seen by others",
                hint: "use ‘--inputs’ with a file, or with ‘-’ for the standard input; or ‘khutulun secret set’ and ‘--secret’",
                severity: .warning)
        }
    }

    private func values(
        reading read: (_ name: String, _ text: String) throws(Problems) -> Value
    ) throws(Problems) -> [String: Value] {
        var values: [String: Value] = [:]
        if let inputs {
            guard let map = try YAML.decode(try Files.read(inputs), file: inputs).map else { throw notInputs(inputs) }
            for (key, value) in map {
                guard let name = key.text else { throw notInputs(inputs) }
                values[name] = value
            }
        }
        for text in input {
            guard let separator = text.firstIndex(of: "=") else { continue }
            let name = String(text[..<separator])
            values[name] = try read(name, String(text[text.index(after: separator)...]))
        }
        for text in secrets {
            guard let separator = text.firstIndex(of: "=") else { continue }
            let secret = String(text[text.index(after: separator)...])
            let name = try raising { () throws(Problem) in try SecretName(parsing: secret) }
            values[String(text[..<separator])] = SecretReference.stored(name, version: nil).value
        }
        return values
    }

    private func notInputs(_ file: String) -> Problems {
        Problems([
            Problem(
                "command.invalid-inputs", "‘\(file)’ holds no map from names of inputs to values",
                hint: "write each input as a line ‘name: value’")
        ])
    }
}

/// Names the example of a command in its help.
func examples(_ lines: String...) -> String {
    "EXAMPLES:\n" + lines.map { "  khutulun \($0)" }.joined(separator: "\n")
}
