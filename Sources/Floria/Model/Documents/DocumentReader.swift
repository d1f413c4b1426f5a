// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Reads the keys of one document, and says which key of what is wrong.
struct DocumentReader {
    let map: ValueMap
    let subject: String

    /// Fails if the value is no map, or has a key that isn't among `keys`: what isn't understood is never ignored.
    init(_ value: Value, _ subject: String, keys: Set<String>) throws(Problem) {
        guard let map = value.map else { throw Self.malformed("\(subject) is no map but a value of kind \(value.kindName)") }
        for (key, _) in map {
            guard case .text(let name) = key, keys.contains(name) else {
                throw Self.malformed(
                    "\(subject) has the unknown key \(key.text.map { "‘\($0)’" } ?? "of kind \(key.kindName)")",
                    hint: "the keys are \(keys.sorted().joined(separator: ", "))")
            }
        }
        self.map = map
        self.subject = subject
    }

    static func malformed(_ message: String, hint: String? = nil) -> Problem {
        Problem("floria.malformed-document", message, hint: hint)
    }

    private func wrong(_ key: String, _ expected: String) -> Problem {
        Self.malformed(map[key] == nil ? "\(subject) has no ‘\(key)’" : "‘\(key)’ of \(subject) is not \(expected)")
    }

    func optional(_ key: String) -> Value? { map[key] }

    func value(_ key: String) throws(Problem) -> Value {
        guard let value = map[key] else { throw wrong(key, "there") }
        return value
    }

    func text(_ key: String) throws(Problem) -> String {
        guard case .text(let text) = map[key] else { throw wrong(key, "a text") }
        return text
    }

    func optionalText(_ key: String) throws(Problem) -> String? {
        map[key] == nil ? nil : try text(key)
    }

    func integer(_ key: String) throws(Problem) -> Int64 {
        guard case .integer(let number) = map[key] else { throw wrong(key, "an integer") }
        return number
    }

    func integer(_ key: String, default number: Int64) throws(Problem) -> Int64 {
        map[key] == nil ? number : try integer(key)
    }

    func boolean(_ key: String) throws(Problem) -> Bool {
        guard let value = map[key] else { return false }
        guard case .boolean(let flag) = value else { throw wrong(key, "true or false") }
        return flag
    }

    func list(_ key: String) throws(Problem) -> [Value] {
        guard let value = map[key] else { return [] }
        guard case .list(let items) = value else { throw wrong(key, "a list") }
        return items
    }

    func valueMap(_ key: String) throws(Problem) -> ValueMap {
        guard let value = map[key] else { return ValueMap() }
        guard case .map(let entries) = value else { throw wrong(key, "a map") }
        return entries
    }

    func id(_ key: String) throws(Problem) -> ID { try ID(documentText: text(key)) }

    func optionalID(_ key: String) throws(Problem) -> ID? { map[key] == nil ? nil : try id(key) }

    func ids(_ key: String) throws(Problem) -> [ID] {
        var ids: [ID] = []
        for item in try list(key) {
            guard case .text(let text) = item else { throw wrong(key, "a list of identifiers") }
            ids.append(try ID(documentText: text))
        }
        return ids
    }

    /// The place in a source that stands at `location`; nil if none does.
    func location() -> SourceLocation? {
        guard case .source(let location)? = optional("location").flatMap(Problem.Place.init(value:)) else { return nil }
        return location
    }

    /// One of the names of an enumeration; nil if the key isn't there.
    func name<Name: RawRepresentable & CaseIterable>(_ key: String) throws(Problem) -> Name? where Name.RawValue == String {
        try optional(key).map { value throws(Problem) in try name(value, key) }
    }

    /// A list of names of an enumeration.
    func names<Name: RawRepresentable & CaseIterable>(_ key: String) throws(Problem) -> [Name] where Name.RawValue == String {
        var names: [Name] = []
        for item in try list(key) { names.append(try name(item, key)) }
        return names
    }

    private func name<Name: RawRepresentable & CaseIterable>(_ value: Value, _ key: String) throws(Problem) -> Name
    where Name.RawValue == String {
        guard let name = value.text.flatMap(Name.init(rawValue:)) else {
            throw Self.malformed(
                "‘\(key)’ of \(subject) is \(value.text.map { "‘\($0)’" } ?? "of kind \(value.kindName)"), which is none",
                hint: "there are \(Name.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return name
    }
}

/// Collects the entries of a document; what is empty is left out.
struct DocumentWriter {
    private var entries: [(Value, Value)] = []

    init() { entries.reserveCapacity(12) }

    var document: Value { .map(ValueMap(entries)) }

    mutating func put(_ key: String, _ value: Value?) {
        if let value { entries.append((.text(key), value)) }
    }

    mutating func put(_ key: String, _ text: String?) { put(key, text.map(Value.text)) }

    mutating func put(_ key: String, _ id: ID?) { put(key, id?.documentText) }

    mutating func put(_ key: String, list items: [Value]) { put(key, items.isEmpty ? nil : .list(items)) }

    mutating func put(_ key: String, _ ids: [ID]) { put(key, list: ids.map { .text($0.documentText) }) }

    mutating func put(_ key: String, _ map: ValueMap) { put(key, map.isEmpty ? nil : .map(map)) }

    mutating func put(_ key: String, flag: Bool) { put(key, flag ? .boolean(true) : nil) }
}
