// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What an argument of a function may be, or what its result is.
indirect enum TypePattern: Sendable, Hashable {
    /// Whatever there is.
    case any
    /// One of some types of the language, which a noun stands for.
    case one(Set<BuiltIn>, String)
    case list(TypePattern)
    case map(key: TypePattern, entry: TypePattern)
    /// The same type wherever the letter stands in a signature, within another pattern.
    case variable(String, TypePattern)
    /// Exactly what a schema says.
    case schema(Schema)

    static let string = one([.string], "string")
    static let boolean = one([.boolean], "boolean")
    static let integer = one([.integer], "integer")
    static let float = one([.float], "float")
    static let number = one([.integer, .float], "number")
    static let scalar = one([.scalar], "scalar")
    static let bytes = one([.bytes], "bytes")
    /// What has a text: numbers, truth values and what is written as text.
    static let text = one([.string, .integer, .float, .boolean, .timestamp, .version, .scalar], "text")
    static let comparable = one(
        [.string, .integer, .float, .timestamp, .version, .scalar], "string, number, timestamp, version or scalar")
    /// Any type, but the same one.
    static let a = variable("A", .any)

    /// The pattern as signatures show it.
    var description: String {
        switch self {
        case .any: "any"
        case .one(_, let noun): noun
        case .list(let entry): "list of \(entry.description)"
        case .map(let key, let entry): "map of \(key.description) to \(entry.description)"
        case .variable(let name, .any): name
        case .variable(let name, let bound): "\(name) (\(bound.description))"
        case .schema(let schema): schema.summary
        }
    }
}

extension Schema {
    /// The type in words, with those of its entries.
    var summary: String {
        switch form {
        case .list(let entry) where name == BuiltIn.list.rawValue: "list of \(entry.summary)"
        case .map(let key, let entry) where name == BuiltIn.map.rawValue:
            "map of \(key?.summary ?? "string") to \(entry.summary)"
        default: name
        }
    }
}

/// One way to call a function.
struct Signature: Sendable, Hashable {
    /// An argument.
    struct Parameter: Sendable, Hashable {
        /// Its name in messages and in the help; custom functions have none.
        var name: String?
        var pattern: TypePattern
    }

    var parameters: [Parameter]
    /// How many of the parameters, the last ones, may be left out.
    var optional = 0
    /// Whether the last parameter may be repeated.
    var isVariadic = false
    var result: TypePattern

    init(_ parameters: [Parameter], optional: Int = 0, isVariadic: Bool = false, _ result: TypePattern) {
        self.parameters = parameters
        self.optional = optional
        self.isVariadic = isVariadic
        self.result = result
    }

    /// A signature of named parameters.
    init(_ parameters: KeyValuePairs<String, TypePattern>, optional: Int = 0, isVariadic: Bool = false, _ result: TypePattern) {
        self.init(
            parameters.map { Parameter(name: $0.key, pattern: $0.value) }, optional: optional, isVariadic: isVariadic, result)
    }

    /// How many arguments it takes.
    var arity: ClosedRange<Int> {
        let all = parameters.count
        if parameters.isEmpty { return isVariadic ? 0...Int.max : 0...0 }
        return (all - optional)...(isVariadic ? .max : all)
    }

    /// What the argument at an index may be; nil if there is none.
    func pattern(at index: Int) -> TypePattern? {
        if parameters.indices.contains(index) { return parameters[index].pattern }
        return isVariadic ? parameters.last?.pattern ?? .any : nil
    }

    /// The signature of a function as the help shows it.
    func description(of name: String) -> String {
        var shown = parameters.enumerated().map { index, parameter in
            let text = [parameter.name, parameter.pattern.description].compactMap { $0 }.joined(separator: ": ")
            return index < parameters.count - optional ? text : "\(text)?"
        }
        if isVariadic { shown.append("…") }
        return shown.isEmpty
            ? "$\(name) → \(result.description)" : "$\(name): [ \(shown.joined(separator: ", ")) ] → \(result.description)"
    }
}
