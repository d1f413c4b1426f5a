// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Schema {
    /// The schema as a document. Validation clauses stand in it as they are, with their calls.
    var document: Value {
        var document: Value = ["type": .text(kind)]
        if name != kind { document["name"] = .text(name) }
        if !validation.isEmpty { document["validation"] = .list(validation) }
        if isSecret { document["secret"] = true }
        switch form {
        case .scalar(let scalar):
            document["units"] = .object(scalar.units.mapValues(Value.float))
            document["unit"] = .text(scalar.canonical)
            document["integer"] = .boolean(scalar.isInteger)
        case .list(let entry): document["entry"] = entry.document
        case .map(let key, let entry):
            document["key"] = key?.document
            document["entry"] = entry.document
        case .complex(let fields): document["fields"] = .object(fields.mapValues(\.document))
        case .reference(let id): document["id"] = .text(id)
        default: break
        }
        return document
    }

    /// Reads a schema's document; nil if it is malformed.
    init?(document: Value) {
        guard let kind = document["type"]?.text else { return nil }
        let name = document["name"]?.text ?? kind
        guard let form = Self.form(kind, name, document) else { return nil }
        self.init(
            form: form, name: name, validation: document["validation"]?.list ?? [],
            isSecret: document["secret"]?.boolean ?? false)
    }

    private static func form(_ kind: String, _ name: String, _ document: Value) -> Form? {
        switch kind {
        case "scalar":
            let units = (document["units"]?.map ?? ValueMap()).compactMap { entry in
                entry.key.text.flatMap { key in entry.value.float.map { (key, $0) } }
            }
            return .scalar(
                ScalarForm(
                    units: Dictionary(units) { first, _ in first }, canonical: document["unit"]?.text ?? "",
                    isInteger: document["integer"]?.boolean ?? false))
        case "list": return document["entry"].flatMap(Schema.init(document:)).map { .list($0) }
        case "map":
            return document["entry"].flatMap(Schema.init(document:)).map {
                .map(key: document["key"].flatMap(Schema.init(document:)), entry: $0)
            }
        case "complex":
            var fields: [String: Field] = [:]
            for (key, value) in document["fields"]?.map ?? ValueMap() {
                guard let key = key.text, let field = Field(document: value) else { return nil }
                fields[key] = field
            }
            return .complex(fields)
        case "reference": return .reference(document["id"]?.text ?? name)
        default: return BuiltIn(rawValue: kind)?.form ?? (kind == "any" ? .any : nil)
        }
    }

    private var kind: String {
        switch form {
        case .string: "string"
        case .integer: "integer"
        case .float: "float"
        case .boolean: "boolean"
        case .bytes: "bytes"
        case .nil: "nil"
        case .timestamp: "timestamp"
        case .version: "version"
        case .any: "any"
        case .scalar: "scalar"
        case .list: "list"
        case .map: "map"
        case .complex: "complex"
        case .reference: "reference"
        }
    }

    /// The names of the types that it refers to.
    var references: Set<String> {
        switch form {
        case .reference(let name): [name]
        case .list(let entry): entry.references
        case .map(let key, let entry): entry.references.union(key?.references ?? [])
        case .complex(let fields): fields.values.reduce(into: []) { $0.formUnion($1.schema.references) }
        default: []
        }
    }
}

extension Schema.Field {
    /// The field as a document.
    var document: Value {
        var document = schema.document
        if !isRequired { document["required"] = false }
        document["default"] = defaultValue
        return document
    }

    /// Reads a field's document; nil if it is malformed.
    init?(document: Value) {
        guard let schema = Schema(document: document) else { return nil }
        self.init(schema: schema, isRequired: document["required"]?.boolean ?? true, defaultValue: document["default"])
    }
}

/// The data types of the language itself.
enum BuiltIn: String, CaseIterable {
    case string, integer, float, boolean, bytes, `nil`, timestamp, version, scalar, list, map

    /// The form of its values; nil where that takes more than the type's name.
    var form: Schema.Form? {
        switch self {
        case .string: .string
        case .integer: .integer
        case .float: .float
        case .boolean: .boolean
        case .bytes: .bytes
        case .nil: .nil
        case .timestamp: .timestamp
        case .version: .version
        case .scalar, .list, .map: nil
        }
    }
}
