// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What is known of the value of an expression before it is evaluated.
indirect enum StaticType {
    /// Nothing.
    case unknown
    /// The value itself, which is neither a list nor a map.
    case literal(Value)
    /// A list as it is written.
    case list([StaticType])
    /// A map as it is written.
    case map([(key: StaticType, entry: StaticType)])
    /// A value that fits a schema.
    case known(Schema)

    /// The type of a literal.
    init(_ value: Value) {
        switch value {
        case .list(let items): self = .list(items.map(StaticType.init))
        case .map(let map): self = .map(map.map { (StaticType($0.key), StaticType($0.value)) })
        case .call: self = .unknown
        default: self = .literal(value)
        }
    }

    /// The type of values of a type of the language.
    static func builtIn(_ type: BuiltIn) -> StaticType {
        type.form.map { .known(Schema(form: $0, name: type.rawValue)) } ?? .unknown
    }

    /// The types of the language that its values may be of; nil if nothing is known.
    var kinds: Set<BuiltIn>? {
        switch self {
        case .unknown: nil
        case .list: [.list]
        case .map: [.map]
        case .literal(let value): Self.kinds(of: value)
        case .known(let schema): schema.form.kind.map { [$0] } ?? (schema.form.isComplex ? [.map] : nil)
        }
    }

    private static func kinds(of value: Value) -> Set<BuiltIn>? {
        switch value {
        case .null: [.nil]
        case .integer, .unsigned: [.integer]
        case .float: [.float]
        case .boolean: [.boolean]
        case .blob: [.bytes]
        case .text(let text): Self.kinds(ofText: text)
        case .custom(Scalar.kind, _): [.scalar]
        case .custom(TimestampValue.kind, _): [.timestamp]
        case .custom(VersionValue.kind, _): [.version]
        default: nil
        }
    }

    /// What a text may stand for beside itself.
    private static func kinds(ofText text: String) -> Set<BuiltIn> {
        var kinds: Set<BuiltIn> = [.string, .bytes]
        if let first = text.unicodeScalars.first, first.properties.numericType != nil || "+-.".unicodeScalars.contains(first) {
            kinds.insert(.scalar)
        }
        if VersionNumber(text) != nil { kinds.insert(.version) }
        if TimestampValue(text) != nil { kinds.insert(.timestamp) }
        return kinds
    }

    /// The entries of a list or map; nil if it is none, or if nothing is known of them.
    var entries: [StaticType]? {
        switch self {
        case .list(let items): Self.alike(items)
        case .map(let pairs): Self.alike(pairs.map(\.entry))
        case .known(let schema):
            switch schema.form {
            case .list(let entry), .map(_, let entry): [.known(entry)]
            case .complex(let fields): fields.values.map { .known($0.schema) }
            default: nil
            }
        default: nil
        }
    }

    /// Types of one kind; of a mixture nothing is known.
    private static func alike(_ types: [StaticType]) -> [StaticType] {
        let numbers: Set<BuiltIn> = [.integer, .float]
        let kinds = types.compactMap(\.kinds).map { $0.isSubset(of: numbers) ? numbers : $0 }
        guard let first = kinds.first, kinds.contains(where: { $0.isDisjoint(with: first) }) else { return types }
        return [.unknown]
    }

    /// The keys of a map; nil if it is none, or if nothing is known of them.
    var keys: [StaticType]? {
        switch self {
        case .map(let pairs): pairs.map(\.key)
        case .known(let schema):
            switch schema.form {
            case .map(let key, _): [.known(key ?? Schema(form: .string, name: "string"))]
            case .complex(let fields): fields.keys.map { .literal(.text($0)) }
            default: nil
            }
        default: nil
        }
    }

    /// The type in words, with an article.
    var description: String {
        switch self {
        case .unknown: "something"
        case .literal(let value): Describe.value(value)
        case .list: "a list"
        case .map: "a map"
        case .known(let schema): Describe.article(schema.summary)
        }
    }
}

extension Schema.Form {
    /// The type of the language; nil for complex types and where it isn't known.
    var kind: BuiltIn? {
        switch self {
        case .string: .string
        case .integer: .integer
        case .float: .float
        case .boolean: .boolean
        case .bytes: .bytes
        case .nil: .nil
        case .timestamp: .timestamp
        case .version: .version
        case .scalar: .scalar
        case .list: .list
        case .map: .map
        case .any, .complex, .reference: nil
        }
    }

    var isComplex: Bool { if case .complex = self { true } else { false } }
}
