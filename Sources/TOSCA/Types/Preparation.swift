// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support

/// Fits a value to a schema: converts what the schema says is another form of the same, fills in defaults, and finds what
/// is wrong. Where a call stands the value isn't known yet, and nothing is checked.
struct Preparation {
    /// Something wrong, at a place within the value.
    struct Fault {
        var path: [Value]
        var problem: Problem
    }

    /// A validation clause to be evaluated, with the value in the place of `tosca:value`.
    struct Clause {
        var path: [Value]
        var expression: Value
        /// The clause as it stands in the design.
        var clause: Value
        var value: Value
    }

    /// The schemas of data types, by name.
    let types: [String: Schema]
    /// What is wrong.
    private(set) var faults: [Fault] = []
    /// What is still to be evaluated.
    private(set) var clauses: [Clause] = []

    init(types: [String: Schema]) { self.types = types }

    /// The value as the schema wants it.
    mutating func prepare(_ value: Value, _ schema: Schema, at path: [Value] = []) -> Value {
        if case .call = value { return value }
        if SecretReference(value) != nil {
            // What a secret holds was checked when it was made; what else is asked of it cannot be looked at here.
            if !schema.isSecret(in: types) { note(schema.validation, value, path) }
            return value
        }
        guard !schema.isSecret else {
            fault(
                path, "tosca.plain-secret", "\(schema.name) must be a secret, and is given plainly",
                hint: "take it from an input or a property of this type")
            return value
        }
        guard let result = convert(value, schema, at: path) else {
            fault(
                path, "tosca.wrong-type", "\(Describe.value(value)) is no \(schema.name)", hint: Self.hint(value, schema.form))
            return value
        }
        if result.isLiteral { note(schema.validation, result, path) }
        return result
    }

    /// What a person may have meant who wrote a value of another type.
    private static func hint(_ value: Value, _ form: Schema.Form) -> String? {
        switch (form, value) {
        case (.string, .integer), (.string, .unsigned), (.string, .float), (.string, .boolean), (.version, .float):
            "write it in quotes, so that it is a text"
        case (.integer, .unsigned): "integers go from -9223372036854775808 to 9223372036854775807"
        case (.timestamp, .text): "write a timestamp as 2001-12-14T21:59:43Z, or with an offset as +01:00 in the place of Z"
        default: nil
        }
    }

    private mutating func note(_ validation: [Value], _ value: Value, _ path: [Value]) {
        for clause in validation {
            let expression = Validation.substitute(value, in: clause)
            clauses.append(Clause(path: path, expression: expression, clause: clause, value: value))
        }
    }

    private mutating func convert(_ value: Value, _ schema: Schema, at path: [Value]) -> Value? {
        switch schema.form {
        case .any: return value
        case .string: return value.text == nil ? nil : value
        case .boolean: return value.boolean == nil ? nil : value
        case .nil: return value.isNull ? value : nil
        case .integer:
            if case .integer = value { return value }
            return nil
        case .float: return value.float.map(Value.float)
        case .bytes:
            return value.blob != nil ? value : value.text.flatMap(Self.bytes)
        case .version: return Self.tagged(value, VersionValue.kind) { VersionNumber($0) != nil }
        case .timestamp: return Self.tagged(value, TimestampValue.kind) { TimestampValue($0) != nil }
        case .scalar(let form): return scalar(value, form)
        case .list(let entry): return list(value, entry, at: path)
        case .map(let key, let entry): return map(value, key, entry, at: path)
        case .complex(let fields): return complex(value, fields, schema.name, at: path)
        case .reference(let name):
            guard let type = types[name] else { return value }
            return prepare(value, type, at: path)
        }
    }

    /// The bytes of a text in Base64, which may be broken into lines.
    private static func bytes(_ text: String) -> Value? {
        let digits = text.filter { !$0.isWhitespace }
        return Data(base64Encoded: digits).map { .blob([UInt8]($0)) }
    }

    private static func tagged(_ value: Value, _ kind: String, _ isValid: (String) -> Bool) -> Value? {
        if case .custom(let tag, _) = value { return tag == kind ? value : nil }
        guard let text = value.text, isValid(text) else { return nil }
        return .custom(kind: kind, value: .text(text))
    }

    private func scalar(_ value: Value, _ form: ScalarForm) -> Value? {
        if let scalar = Scalar(value) { return scalar.unit == form.canonical ? value : nil }
        return value.text.flatMap(form.parse)?.value
    }

    private mutating func list(_ value: Value, _ entry: Schema, at path: [Value]) -> Value? {
        guard let items = value.list else { return nil }
        var prepared: [Value] = []
        for (index, item) in items.enumerated() { prepared.append(prepare(item, entry, at: path + [.integer(index)])) }
        return .list(prepared)
    }

    private mutating func map(_ value: Value, _ key: Schema?, _ entry: Schema, at path: [Value]) -> Value? {
        guard let map = value.map else { return nil }
        var prepared: [(Value, Value)] = []
        for (name, item) in map {
            let keySchema = key ?? Schema(form: .string, name: "string")
            prepared.append((prepare(name, keySchema, at: path + [name]), prepare(item, entry, at: path + [name])))
        }
        return .map(ValueMap(prepared))
    }

    private mutating func complex(_ value: Value, _ fields: [String: Schema.Field], _ type: String, at path: [Value]) -> Value?
    {
        guard let map = value.map else { return nil }
        var prepared: [(Value, Value)] = []
        for (key, item) in map {
            guard let name = key.text, let field = fields[name] else {
                let hint = key.text.flatMap { Suggestion.hint(for: $0, among: fields.keys, noun: "properties of \(type)") }
                fault(path + [key], "tosca.unknown-property", "\(Describe.value(key)) is no property of \(type)", hint: hint)
                continue
            }
            prepared.append((key, prepare(item, field.schema, at: path + [key])))
        }
        for (name, field) in fields where map[name] == nil {
            if let value = field.defaultValue {
                prepared.append((.text(name), prepare(value, field.schema, at: path + [.text(name)])))
            } else if field.isRequired {
                fault(path, "tosca.missing-property", "‘\(name)’, which \(type) needs, has no value")
            }
        }
        return .map(ValueMap(prepared))
    }

    /// Whether nothing is wrong, as far as that can be told without a graph.
    var isSatisfied: Bool {
        faults.isEmpty
            && clauses.allSatisfy { clause in
                do throws(Problem) { return try Fold.evaluate(clause.expression) ?? true == true } catch { return false }
            }
    }

    private mutating func fault(_ path: [Value], _ code: String, _ message: String, hint: String? = nil) {
        let place = path.isEmpty ? "" : Describe.path(path) + ": "
        faults.append(Fault(path: path, problem: Problem(code, place + message, hint: hint)))
    }
}

/// Validation clauses.
enum Validation {
    /// The clause with a value in the place of each call of `tosca:value`.
    static func substitute(_ value: Value, in expression: Value) -> Value {
        switch expression {
        case .call(let call):
            if call.function == FunctionName(plugin: TOSCAFunctions.name, name: "value") {
                if case .call = value, call.arguments.isEmpty { return value }
                return Nested.find(call.arguments, in: value) ?? .null
            }
            let arguments = call.arguments.map { substitute(value, in: $0) }
            return .call(Call(call.function, arguments, mode: call.mode))
        case .list(let items): return .list(items.map { substitute(value, in: $0) })
        case .map(let map): return .map(ValueMap(map.map { ($0.key, substitute(value, in: $0.value)) }))
        default: return expression
        }
    }

    /// The problem of a value that a clause isn't true for.
    static func problem(_ clause: Preparation.Clause) -> Problem {
        let place = clause.path.isEmpty ? "" : Describe.path(clause.path) + ": "
        return Problem(
            "tosca.validation-failed",
            "\(place)\(Describe.value(clause.value)) does not satisfy \(Describe.value(clause.clause))")
    }
}

/// Values within values.
enum Nested {
    /// What lies at a path of keys and indexes; nil if nothing does. A scalar has a `number`.
    static func find(_ path: some Sequence<Value>, in value: Value) -> Value? {
        var value = value
        for step in path {
            if step == "number", let scalar = Scalar(value) {
                value = scalar.number
                continue
            }
            if let items = value.list, let index = step.integer, items.indices.contains(index) {
                value = items[index]
            } else if let inner = value.map?[step] {
                value = inner
            } else {
                return nil
            }
        }
        return value
    }
}
