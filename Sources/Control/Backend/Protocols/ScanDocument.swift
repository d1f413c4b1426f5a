// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension Scan {
    /// The scan as a document, the form of `query` in the plugin interface.
    public var document: Value {
        switch self {
        case .directory(let kind, let directory, let isDeep):
            ["kind": .text(kind.rawValue), "directory": .text(directory.description), "deep": .boolean(isDeep)]
        case .class(let id, let directory): ["class": .text(id.documentText), "within": .text(directory.description)]
        case .contained(let id): ["contained-in": .text(id.documentText)]
        case .outgoing(let id): ["outgoing-from": .text(id.documentText)]
        case .incoming(let id): ["incoming-to": .text(id.documentText)]
        }
    }

    /// Reads a scan's document.
    ///
    /// - Throws: `api.invalid-scan`, `floria.malformed-id`.
    public init(document: Value) throws(Problem) {
        if let text = document["contained-in"]?.text {
            self = .contained(in: try ID(documentText: text))
        } else if let text = document["outgoing-from"]?.text {
            self = .outgoing(from: try ID(documentText: text))
        } else if let text = document["incoming-to"]?.text {
            self = .incoming(to: try ID(documentText: text))
        } else if let text = document["class"]?.text {
            let directory = try Directory(parsing: document["within"]?.text ?? "")
            self = .class(try ID(documentText: text), within: directory)
        } else if let kind = document["kind"]?.text.flatMap(EntityKind.init(rawValue:)) {
            let directory = try Directory(parsing: document["directory"]?.text ?? "")
            self = .directory(kind, directory, isDeep: document["deep"]?.boolean ?? false)
        } else {
            throw Problem(
                "api.invalid-scan", "the document selects no entities",
                hint: "it has ‘contained-in’, ‘outgoing-from’, ‘incoming-to’, ‘class’ or ‘kind’")
        }
    }
}
