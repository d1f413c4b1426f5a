// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Support

/// Which events are wanted.
struct EventOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of this service's entities.", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("Only those of entities in this directory or below.", valueName: "directory"))
    var directory: DirectoryName?

    @Option(help: ArgumentHelp("Only those of this type; may be given several times.", valueName: "type"))
    var type: [String] = []

    @Option(help: ArgumentHelp("Only those of this node or other entity.", valueName: "entity"))
    var entity: EntityName?

    @Option(name: .customLong("class"), help: ArgumentHelp("Only those of entities of this class.", valueName: "class"))
    var memberOf: ClassName?

    @Option(help: ArgumentHelp("Only those that happened on this host.", valueName: "name"))
    var host: String?

    func validate() throws {
        if service != nil, directory != nil {
            throw ValidationError(
                "give one of ‘--service’ and ‘--directory’: a service's entities are in the directory of its name")
        }
    }

    /// The filter that they say.
    func filter() throws(Problems) -> EventFilter {
        let ofService = try service.map { name throws(Problems) in
            try raising { () throws(Problem) in try Directory(parsing: name) }
        }
        return EventFilter(
            types: Set(type), entity: entity?.id, directory: ofService ?? directory?.directory, class: memberOf?.id, host: host)
    }

    /// An event's fields for people.
    static func cells(_ event: Value) -> [String] {
        [
            event.words("sequence"), event.moment("time"), entityWords(event), event.words("type"), event.words("host"),
            event.words("payload"),
        ]
    }

    /// The entity of an event for people.
    static func entityWords(_ event: Value) -> String {
        event["entity"]?.text.flatMap { try? ID(documentText: $0) }?.description ?? event.words("entity")
    }
}

/// A directory as an argument; slashes at its end don't matter.
struct DirectoryName: ExpressibleByArgument {
    /// The directory.
    let directory: Directory

    init?(argument: String) {
        let path = argument.hasSuffix("/") ? String(argument.dropLast()) : argument
        guard let directory = try? Directory(parsing: path) else { return nil }
        self.directory = directory
    }
}

/// A class as an argument, `types/khutulun.process/Process`.
struct ClassName: ExpressibleByArgument {
    /// The class's identity.
    let id: ID

    init?(argument: String) {
        let id = argument.contains(":") ? try? ID(documentText: argument) : try? ID(.class, parsing: argument)
        guard let id, id.kind == .class else { return nil }
        self.id = id
    }
}

/// What handlers and timers are attached to, as an argument: an entity, or a directory with a slash at its end.
struct TargetName: ExpressibleByArgument {
    /// The target.
    let target: EventTarget
    /// The argument as it was given.
    let text: String

    init?(argument: String) {
        text = argument
        if argument.hasSuffix("/") {
            guard let name = DirectoryName(argument: argument) else { return nil }
            target = .directory(name.directory)
        } else {
            guard let name = EntityName(argument: argument) else { return nil }
            target = .entity(name.id)
        }
    }
}

/// A propagation as an argument.
struct PropagationName: ExpressibleByArgument {
    /// The propagation.
    let propagation: Propagation

    init?(argument: String) {
        guard let propagation = try? Propagation(parsing: argument) else { return nil }
        self.propagation = propagation
    }
}

/// How long something takes, as an argument: `500ms`, `30s`, `5m`, `1h30m`, `2d`.
struct DurationArgument: ExpressibleByArgument {
    private static let units: [Substring: Int64] = ["ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]

    /// In milliseconds.
    let milliseconds: Int64

    init?(argument: String) {
        var rest = argument[...]
        var sum: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let name = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(name.count)
            guard digits.count < 10, let number = Int64(digits), let unit = Self.units[name] else { return nil }
            sum += number * unit
        }
        guard !argument.isEmpty else { return nil }
        milliseconds = sum
    }
}
