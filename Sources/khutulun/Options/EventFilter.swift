// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import Support

/// Which events are wanted.
struct EventFilter: ParsableArguments {
    @Option(help: ArgumentHelp("Only those of this service's entities.", valueName: "name"))
    var service: String?

    @Option(help: ArgumentHelp("Only those of this type.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Only those of this node or other entity.", valueName: "entity"))
    var entity: EntityName?

    /// Whether an event is wanted.
    func accepts(_ event: Value) -> Bool {
        if let type, event["type"]?.text != type { return false }
        guard let text = event["entity"]?.text, let id = try? ID(documentText: text) else {
            return service == nil && entity == nil
        }
        if let entity, entity.id != id { return false }
        guard let service else { return true }
        return id.directory.names.first == service || id.directory.names.isEmpty && id.name == service
    }

    /// An event's fields for people.
    static func cells(_ event: Value) -> [String] {
        let entity = event["entity"]?.text.flatMap { try? ID(documentText: $0) }?.description ?? event.words("entity")
        return [
            event.words("sequence"), event.moment("time"), entity, event.words("type"), event.words("host"),
            event.words("payload"),
        ]
    }
}
