// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

extension GraphChanges {
    /// The changes as a document: that of `commit` in the plugin interface, with the `handler` beside its `event`, and
    /// with `provenance`.
    public var document: Value {
        var document: Value = ["provenance": provenance.document]
        if !set.isEmpty {
            document["set"] = .list(
                set.sorted { $0.key < $1.key }.map { reference, setting in
                    var entry = setting.document
                    entry["entity"] = .text(reference.entity.documentText)
                    entry["property"] = .text(reference.name)
                    return entry
                })
        }
        if !put.isEmpty { document["put"] = .list(put.map(\.document)) }
        if !delete.isEmpty { document["delete"] = .list(delete.map { .text($0.documentText) }) }
        if !expect.isEmpty {
            document["expect"] = .list(
                expect.sorted { $0.key < $1.key }.map { id, version in
                    ["entity": .text(id.documentText), "version": .number(version)]
                })
        }
        if let effect {
            document["event"] = .text(effect.event)
            document["handler"] = .text(effect.handler)
        }
        return document
    }

    /// Reads the document of changes.
    ///
    /// - Throws: `api.invalid-changes`, and what reading entities throws.
    public init(document: Value) throws(Problem) {
        guard let provenance = document["provenance"] else { throw GraphChanges.invalid("provenance", "there") }
        self.init(provenance: try Provenance(document: provenance))
        try read(document)
        if let event = document["event"]?.text {
            guard let handler = document["handler"]?.text else { throw GraphChanges.invalid("handler", "a text") }
            effect = EventEffect(event: event, handler: handler)
        }
    }

    /// Adds what a document without provenance and effect says: what a plugin hands to its host.
    ///
    /// - Throws: `api.invalid-changes`, and what reading entities throws.
    public mutating func read(_ document: Value) throws(Problem) {
        for entry in try GraphChanges.list("set", of: document) {
            guard let entity = entry["entity"]?.text, let property = entry["property"]?.text,
                let setting = PropertySetting(document: entry)
            else { throw GraphChanges.invalid("set", "a list of {\"entity\", \"property\", \"value\" or \"updater\"}") }
            set[PropertyReference(try ID(documentText: entity), property)] = setting
        }
        for entry in try GraphChanges.list("put", of: document) { put.append(try Entity(document: entry)) }
        for entry in try GraphChanges.list("delete", of: document) {
            guard let text = entry.text else { throw GraphChanges.invalid("delete", "a list of identifiers") }
            delete.append(try ID(documentText: text))
        }
        for entry in try GraphChanges.list("expect", of: document) {
            guard let entity = entry["entity"]?.text, let version = entry["version"]?.integer, version >= 0 else {
                throw GraphChanges.invalid("expect", "a list of {\"entity\", \"version\"}")
            }
            expect[try ID(documentText: entity)] = UInt64(version)
        }
    }

    private static func list(_ key: String, of document: Value) throws(Problem) -> [Value] {
        guard let value = document[key] else { return [] }
        guard let list = value.list else { throw invalid(key, "a list") }
        return list
    }

    private static func invalid(_ key: String, _ expected: String) -> Problem {
        Problem("api.invalid-changes", "‘\(key)’ of the changes is not \(expected)")
    }
}

extension PropertySetting {
    fileprivate var document: Value {
        switch self {
        case .value(let value): ["value": value]
        case .updater(let expression): ["updater": expression]
        }
    }

    /// Reads a document that has exactly one of `value` and `updater`.
    fileprivate init?(document: Value) {
        switch (document["value"], document["updater"]) {
        case (let value?, nil): self = .value(value)
        case (nil, let expression?): self = .updater(expression)
        default: return nil
        }
    }
}
