// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension RequestContext {
    /// The name at a parameter of the route.
    public func name(_ parameter: String) throws(Problems) -> String {
        guard let name = names[parameter] else {
            throw Problems([Problem("api.invalid-route", "the route has no parameter ‘\(parameter)’")])
        }
        return name
    }

    /// The vertex of the node that `{service}/{node}` names.
    public var node: ID {
        get throws(Problems) {
            try RequestContext.vertex("\(name("service"))/\(name("node"))")
        }
    }

    /// The name of the service at the parameter `service`, which has to be one that a service can have.
    var serviceName: String {
        get throws(Problems) {
            let name = try name("service")
            _ = try RequestContext.vertex(name)
            return name
        }
    }

    /// The vertex whose name, `SERVICE/NODE`, is the text at a key of the body.
    func vertex(_ key: String) throws(Problems) -> ID { try RequestContext.vertex(text(key)) }

    /// The vertex of a name, `SERVICE/NODE`.
    static func vertex(_ text: String) throws(Problems) -> ID {
        try lifting { () throws(Problem) in try ID(.vertex, parsing: text) }
    }

    /// The entity of an ID with its kind, `edge:shop/web-0.database-0`; without a kind it is a vertex.
    static func entity(_ text: String) throws(Problems) -> ID {
        try lifting { () throws(Problem) in
            let kind = text.split(separator: ":", maxSplits: 1).first.flatMap { EntityKind(rawValue: String($0)) }
            return kind == nil ? try ID(.vertex, parsing: text) : try ID(documentText: text)
        }
    }

    /// The body as a document that is a map.
    public var document: Value {
        get throws(Problems) {
            guard case .value(let value) = request.body, value.map != nil else {
                throw Problems([Problem("api.invalid-body", "the body is no JSON object")])
            }
            return value
        }
    }

    /// The text at a key of the body.
    public func text(_ key: String) throws(Problems) -> String {
        guard let text = try document[key]?.text else { throw RequestContext.invalid("‘\(key)’ of the body", "a text") }
        return text
    }

    /// The list of texts at a key of the body; empty if there is none.
    public func texts(_ key: String) throws(Problems) -> [String] {
        guard let value = try document[key] else { return [] }
        let texts = value.list?.compactMap(\.text) ?? []
        guard let list = value.list, list.count == texts.count else {
            throw RequestContext.invalid("‘\(key)’ of the body", "a list of texts")
        }
        return texts
    }

    /// The map with text keys at a key of the body; empty if there is none.
    public func entries(_ key: String) throws(Problems) -> [String: Value] {
        guard let value = try document[key] else { return [:] }
        guard let map = value.map else { throw RequestContext.invalid("‘\(key)’ of the body", "an object") }
        var entries: [String: Value] = [:]
        for (key, value) in map {
            guard let text = key.text else { throw RequestContext.invalid("a key of ‘\(key)’ of the body", "a text") }
            entries[text] = value
        }
        return entries
    }

    /// The number at a key of the query; nil if there is none.
    public func number(_ key: String) throws(Problems) -> UInt64? {
        guard let text = request.query[key] else { return nil }
        guard let number = UInt64(text) else { throw RequestContext.invalid("‘\(key)’ of the query", "a whole number") }
        return number
    }

    /// The truth value at a key of the query; false if there is none.
    public func flag(_ key: String) throws(Problems) -> Bool {
        switch request.query[key] {
        case nil, "false": return false
        case "true", "": return true
        default: throw RequestContext.invalid("‘\(key)’ of the query", "‘true’ or ‘false’")
        }
    }

    static func invalid(_ what: String, _ expected: String) -> Problems {
        Problems([Problem("api.invalid-request", "\(what) is missing or is not \(expected)")])
    }
}
