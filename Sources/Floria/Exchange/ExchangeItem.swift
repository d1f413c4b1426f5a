// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// One document of an export: how it begins, one thing that it holds, or how it ends. `docs/exchange-format.md` describes them.
enum ExchangeItem: Hashable {
    /// The version of the format.
    static let version: Int64 = 1

    /// The first document.
    case start(ExchangeScope, time: Int64)
    case entity(Entity)
    /// A class or a template that lies elsewhere, and that something in the export needs.
    case needed(Entity)
    case baseline(Entity)
    case record(Record)
    case event(Event)
    /// The last document: how many came before it, and their checksum.
    case end(count: Int64, checksum: String)

    var document: Value {
        switch self {
        case .start(let scope, let time):
            var document: Value = ["floria-export": .integer(Self.version), "time": .integer(time)]
            switch scope {
            case .everything: document["everything"] = true
            case .directory(let directory): document["directory"] = .text(directory.description)
            case .service(let name): document["service"] = .text(name)
            }
            return document
        case .entity(let entity): return ["entity": entity.document]
        case .needed(let entity): return ["needed": entity.document]
        case .baseline(let entity): return ["baseline": entity.document]
        case .record(let record):
            return [
                "record": ["collection": .text(record.name.collection), "key": .text(record.name.key), "value": record.value]
            ]
        case .event(let event): return ["event": event.document]
        case .end(let count, let checksum): return ["end": ["count": .integer(count), "checksum": .text(checksum)]]
        }
    }

    init(document: Value) throws(Problem) {
        if document["floria-export"] != nil { self = try .init(start: document); return }
        guard let map = document.map, map.count == 1, let key = map[0].key.text else {
            throw Self.malformed("a document is no map of one key")
        }
        let content = map[0].value
        switch key {
        case "entity": self = .entity(try Entity(document: content))
        case "needed": self = .needed(try Entity(document: content))
        case "baseline": self = .baseline(try Entity(document: content))
        case "event": self = .event(try Event(document: content))
        case "record":
            let reader = try DocumentReader(content, "a record", keys: ["collection", "key", "value"])
            self = .record(Record(try reader.text("collection"), try reader.text("key"), try reader.value("value")))
        case "end":
            let reader = try DocumentReader(content, "the end", keys: ["count", "checksum"])
            self = .end(count: try reader.integer("count"), checksum: try reader.text("checksum"))
        default: throw Self.malformed("there is the unknown key ‘\(key)’")
        }
    }

    private init(start document: Value) throws(Problem) {
        guard case .integer(let version)? = document["floria-export"] else { throw Self.malformed("its version is no number") }
        guard version == Self.version else {
            throw Problem(
                "exchange.version", "the export has version \(version) of the format, this program knows \(Self.version)",
                hint: version > Self.version ? "use a newer program" : "export it again with this one")
        }
        let reader = try DocumentReader(
            document, "the beginning", keys: ["floria-export", "time", "everything", "directory", "service"])
        let time = try reader.integer("time")
        if try reader.boolean("everything") {
            self = .start(.everything, time: time)
        } else if let text = try reader.optionalText("directory") {
            self = .start(.directory(try Directory(parsing: text)), time: time)
        } else {
            let name = try reader.text("service")
            try ID.check(name: name)
            self = .start(.service(name), time: time)
        }
    }

    static func malformed(_ message: String) -> Problem {
        Problem("exchange.malformed", "this is no export: \(message)", hint: "‘docs/exchange-format.md’ describes the format")
    }
}

/// What is exported together.
public enum ExchangeScope: Sendable, Hashable {
    /// All that the store has.
    case everything
    /// A directory and what lies below.
    case directory(Directory)
    /// A service: its vertex, which lies in the root, and the directory of its name.
    case service(String)

    /// The directory that it covers.
    var directory: Directory {
        switch self {
        case .everything: .root
        case .directory(let directory): directory
        case .service(let name): Directory([name])
        }
    }

    /// What lies outside its directory and belongs to it.
    var root: ID? { if case .service(let name) = self { .vertex(.root, name) } else { nil } }

    /// Whether an entity belongs to it.
    package func covers(_ id: ID) -> Bool { id.directory.isWithin(directory) || id == root }

    /// Whether a record does: its key is the directory or begins with it, or it is about an event of an entity that does, or a timer of
    /// what belongs to it.
    package func covers(_ record: Record) -> Bool {
        if self == .everything { return true }
        let path = directory.description
        if record.name.key == path || record.name.key.utf8.starts(with: (path + "/").utf8) { return true }
        if record.name.collection == EventTimer.collection {
            switch record.value["target"]?.text.flatMap({ try? EventTarget(documentText: $0) }) {
            case .entity(let id)?: return covers(id)
            case .directory(let other)?: return other.isWithin(directory)
            case nil: return false
            }
        }
        let text = record.value["event"]?["entity"]?.text ?? record.value["entity"]?.text
        return text.flatMap { try? ID(documentText: $0) }.map(covers) ?? false
    }
}

/// Tells whether documents are those that were written. It guards against accidents, not against forgery: anybody can compute it.
struct ExchangeChecksum {
    private var hash = StableHash()

    /// Adds a document by its CBOR form, whatever the format it stands in.
    mutating func add(_ encoded: [UInt8]) { hash.add(encoded) }

    /// The checksum as sixteen hexadecimal digits.
    var text: String {
        let digits = String(hash.value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
