// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    /// What a definition is of.
    enum PropertyKind: String {
        case property, attribute, parameter
    }

    /// The definitions of a section, with the inherited ones.
    ///
    /// - Parameter isClosed: whether only inherited ones may stand there.
    func properties(
        _ section: YAMLNode?, _ kind: PropertyKind, _ inherited: [String: PropertyDefinition], _ file: SourceFile,
        isClosed: Bool = false, scope: Scope = .type
    ) -> [String: PropertyDefinition] {
        var definitions = inherited
        for entry in section?.entries ?? [] {
            if isClosed, inherited[entry.name] == nil {
                diagnostics.report(
                    "tosca.unknown-\(kind.rawValue)", "there is no \(kind.rawValue) ‘\(entry.name)’ to refine",
                    at: entry.key.location,
                    hint: Suggestion.hint(for: entry.name, among: inherited.keys, noun: "ones that there are"))
                continue
            }
            definitions[entry.name] = property(entry, kind, inherited[entry.name], file, scope)
        }
        return definitions
    }

    private func property(
        _ entry: YAMLNode.Entry, _ kind: PropertyKind, _ inherited: PropertyDefinition?, _ file: SourceFile, _ scope: Scope
    ) -> PropertyDefinition {
        let location = entry.key.location
        var definition = inherited ?? PropertyDefinition(name: entry.name, location: location)
        definition.location = location
        if let inherited, inherited.fixedValue != nil || inherited.mapping != nil {
            let what = inherited.fixedValue == nil ? "mapping" : "value"
            refuse(
                "the \(what) of ‘\(entry.name)’ is fixed and cannot be refined", at: location,
                related: [.init("fixed here", at: .source(inherited.location))])
            return definition
        }
        guard entry.value.isMapping, !entry.value.isCall else {
            if inherited == nil, kind != .parameter {
                refuse("‘\(entry.name)’ has only a value, but nothing that it refines", at: location)
            }
            definition.fixedValue = value(entry.value, definition.schema, entry.name, scope)
            return definition
        }
        definition.description = entry.value["description"]?.text ?? definition.description
        type(entry, kind, inherited, file, scope, &definition)
        requirement(entry, inherited, &definition)
        values(entry, scope, &definition)
        return definition
    }

    private func type(
        _ entry: YAMLNode.Entry, _ kind: PropertyKind, _ inherited: PropertyDefinition?, _ file: SourceFile,
        _ scope: Scope, _ definition: inout PropertyDefinition
    ) {
        let node = entry.value
        if node["type"] == nil, inherited?.type == nil {
            if kind != .parameter {
                diagnostics.report(
                    "tosca.missing-keyname", "‘\(entry.name)’ has no ‘type’, which a \(kind.rawValue) needs",
                    at: entry.key.location)
            } else if let clause = node["validation"] {
                definition.schema.validation = [validationClause(clause, .any, scope)]
            }
            return
        }
        guard
            let (type, schema) = schema(
                node, inheriting: inherited.flatMap { old in old.type.map { ($0, old.schema) } }, file, scope)
        else {
            definition.schema = .any
            return
        }
        definition.type = type
        definition.schema = schema
    }

    private func requirement(_ entry: YAMLNode.Entry, _ inherited: PropertyDefinition?, _ definition: inout PropertyDefinition)
    {
        guard let node = entry.value["required"], let isRequired = node.flag ?? node.meantFlag else { return }
        if let inherited, inherited.isRequired, !isRequired {
            refuse("‘\(entry.name)’ is required and cannot become optional", at: node.location)
        }
        definition.isRequired = isRequired
        if !isRequired, let value = entry.value["default"] {
            diagnostics.report(
                "tosca.default-of-optional", "‘\(entry.name)’ is not required, so that its default means little",
                at: value.location,
                hint: "leave out ‘required’", severity: .warning)
        }
    }

    private func values(_ entry: YAMLNode.Entry, _ scope: Scope, _ definition: inout PropertyDefinition) {
        if let node = entry.value["default"] { definition.defaultValue = value(node, definition.schema, entry.name, scope) }
        if let node = entry.value["value"] { definition.fixedValue = value(node, definition.schema, entry.name, scope) }
        guard let mapping = entry.value["mapping"] else { return }
        definition.mapping = mapping
        if entry.value["value"] != nil {
            diagnostics.report(
                "tosca.value-and-mapping", "‘\(entry.name)’ has both a value and a mapping", at: mapping.location)
        }
    }

    /// Reports a refinement that isn't allowed.
    func refuse(_ message: String, at location: SourceLocation, related: [Problem.Related] = [], hint: String? = nil) {
        diagnostics.report("tosca.invalid-refinement", message, at: location, related: related, hint: hint)
    }

    /// Reads a value that is given to what is defined elsewhere, and checks it as far as that is possible now.
    func value(_ node: YAMLNode, _ definition: PropertyDefinition, _ scope: Scope) -> Value {
        let isElsewhere = definition.location.file != node.location.file || definition.location.row != node.location.row
        let related = isElsewhere ? [Problem.Related("defined here", at: .source(definition.location))] : []
        return value(node, definition.schema, definition.name, scope, related: related)
    }

    /// Reads a value and checks it as far as that is possible now.
    func value(_ node: YAMLNode, _ schema: Schema, _ name: String, _ scope: Scope, related: [Problem.Related] = []) -> Value {
        let value = reader.read(node, scope, expecting: schema, name: name)
        if schema.isSecret(in: schemas) {
            checkSecret(value, node, schema, name)
            return value
        }
        var preparation = Preparation(types: schemas)
        _ = preparation.prepare(value, schema)
        for fault in preparation.faults {
            diagnostics.report(
                fault.problem.code, "‘\(name)’: \(fault.problem.message)", at: node.location(of: fault.path),
                related: related, hint: fault.problem.hint)
        }
        for clause in preparation.clauses {
            let location = node.location(of: clause.path)
            do throws(Problem) {
                guard let result = try Fold.evaluate(clause.expression), result != true else { continue }
                diagnostics.report(
                    "tosca.validation-failed", "‘\(name)’: \(Validation.problem(clause).message)", at: location,
                    related: related)
            } catch {
                diagnostics.report(error.code, "‘\(name)’: \(error.message)", at: location, related: related)
            }
        }
        return value
    }

    /// Checks the content of a secret that stands in the design.
    private func checkSecret(_ value: Value, _ node: YAMLNode, _ schema: Schema, _ name: String) {
        guard value.isLiteral else { return }
        diagnostics.report(
            "tosca.secret-in-design", "the secret ‘\(name)’ stands in the design, where everybody can read it",
            at: node.location, hint: "take it from an input, which is given when the service is deployed", severity: .warning)
        var preparation = Preparation(types: schemas)
        _ = preparation.prepare(value, schema.content(in: schemas))
        if !preparation.isSatisfied { diagnostics.add(.rejectedSecret(name, schema.name, at: node.location)) }
    }
}
