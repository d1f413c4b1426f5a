// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
public import Support

/// An input of a service.
public struct Input: Sendable {
    /// Its name.
    public let name: String
    /// The name of its type.
    public let type: String
    /// What it is for.
    public let description: String?
    /// Whether the service cannot be made without it.
    public let isRequired: Bool
    /// Whether it has a value if none is given.
    public let hasDefault: Bool
    /// Where it is defined.
    public let location: SourceLocation
    /// Whether its value becomes a secret.
    public var isSecret: Bool { schema.isSecret(in: types) }
    private let schema: Schema
    private let types: [String: Schema]

    init(_ assigned: Assigned, types: [String: Schema]) {
        name = assigned.definition.name
        type = assigned.definition.schema.name
        description = assigned.definition.description
        isRequired = assigned.definition.isRequired
        hasDefault = assigned.expression != nil
        location = assigned.location
        schema = assigned.definition.schema
        self.types = types
    }

    /// The value that a text from a command line stands for: the text itself if the type is one of texts, and else what it
    /// means as YAML.
    public func value(parsing text: String) throws(Problems) -> Value {
        switch resolved(schema).form {
        case .string, .bytes, .timestamp, .version, .scalar: return .text(text)
        default: return try YAML.parse([UInt8](text.utf8), file: name).first?.value ?? .null
        }
    }

    private func resolved(_ schema: Schema) -> Schema {
        guard case .reference(let name) = schema.form, let type = types[name] else { return schema }
        return resolved(type)
    }

    /// What is wrong with a value.
    func problems(of value: Value) -> [Problem] {
        // What a secret holds was checked when it was made; where it may not stand the agent tells.
        if SecretReference(value) != nil { return [] }
        if isSecret {
            var preparation = Preparation(types: types)
            _ = preparation.prepare(value, schema.content(in: types))
            return preparation.isSatisfied ? [] : [.rejectedSecret(name, type, at: location)]
        }
        var preparation = Preparation(types: types)
        _ = preparation.prepare(value, schema)
        var problems = preparation.faults.map(\.problem)
        for clause in preparation.clauses {
            do throws(Problem) {
                if let result = try Fold.evaluate(clause.expression), result != true {
                    problems.append(Validation.problem(clause))
                }
            } catch {
                problems.append(error)
            }
        }
        return problems.map {
            Problem($0.code, "the input ‘\(name)’: \($0.message)", at: .source(location), hint: $0.hint)
        }
    }
}

extension CompiledDesign {
    /// Checks the values that are given for the inputs.
    ///
    /// - Throws: `tosca.unknown-input`, `tosca.missing-input`, and what is wrong with the values.
    public func check(inputs values: [String: Value]) throws(Problems) {
        var problems: [Problem] = []
        for name in values.keys.sorted() where !inputs.contains(where: { $0.name == name }) {
            problems.append(
                Problem(
                    "tosca.unknown-input", "the service has no input ‘\(name)’",
                    hint: Suggestion.hint(for: name, among: inputs.map(\.name), noun: "inputs")))
        }
        for input in inputs {
            if let value = values[input.name] {
                problems += input.problems(of: value)
            } else if input.isRequired, !input.hasDefault {
                problems.append(
                    Problem(
                        "tosca.missing-input", "the input ‘\(input.name)’ has no value", at: .source(input.location),
                        hint: "give one with ‘--input \(input.name)=…’"))
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
    }
}
