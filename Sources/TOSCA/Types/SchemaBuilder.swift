// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension TypeSystem {
    /// The type and schema of a definition, which may refine inherited ones; nil if its type isn't known.
    func schema(
        _ node: YAMLNode, inheriting inherited: (type: DataTypeReference, schema: Schema)?, _ file: SourceFile,
        _ scope: Scope = .type
    ) -> (type: DataTypeReference, schema: Schema)? {
        let name = node["type"] ?? (node.isMapping ? nil : node)
        guard let type = name.map({ dataType($0, file) }) ?? inherited?.type else { return nil }
        var schema = inherited?.schema ?? .any
        if let name, let inherited, !type.isA(inherited.type) {
            refuse("the type ‘\(type.name)’ does not derive from the refined type ‘\(inherited.type.name)’", at: name.location)
        }
        if name != nil || inherited == nil {
            let clauses = inherited?.schema.validation ?? []
            schema = self.schema(of: type)
            schema.validation += clauses
        }
        collection(node, type, inherited?.schema, &schema, file)
        if let clause = node["validation"] { schema.validation.append(validationClause(clause, schema, scope)) }
        return (type, schema)
    }

    private func dataType(_ name: YAMLNode, _ file: SourceFile) -> DataTypeReference? {
        guard let text = name.text else { return nil }
        if let type = catalogue.find(.data, text, in: file) { return .defined(type) }
        if text == BuiltIn.scalar.rawValue {
            diagnostics.report(
                "tosca.abstract-type", "‘scalar’ cannot be used as it is", at: name.location,
                hint: "define a data type that derives from it and has units")
            return nil
        }
        if let builtIn = BuiltIn(rawValue: text) { return .builtIn(builtIn) }
        return catalogue.require(.data, name, in: file).map(DataTypeReference.defined)
    }

    private func schema(of type: DataTypeReference) -> Schema {
        switch type {
        case .builtIn(.list): return Schema(form: .list(.any), name: "list")
        case .builtIn(.map): return Schema(form: .map(key: nil, entry: .any), name: "map")
        case .builtIn(let builtIn): return Schema(form: builtIn.form ?? .any, name: builtIn.rawValue)
        case .defined(let type):
            dataSchema(of: type)
            return Schema(form: .reference(type.id.description), name: type.name)
        }
    }

    /// Applies `entry_schema` and `key_schema`.
    private func collection(
        _ node: YAMLNode, _ type: DataTypeReference, _ inherited: Schema?, _ schema: inout Schema, _ file: SourceFile
    ) {
        let builtIn = type.builtIn
        if let key = node["key_schema"], builtIn != .map {
            diagnostics.report("tosca.wrong-keyname", "only a map can have a ‘key_schema’", at: key.location)
        }
        if let entry = node["entry_schema"], builtIn != .map, builtIn != .list {
            diagnostics.report("tosca.wrong-keyname", "only a list or a map can have an ‘entry_schema’", at: entry.location)
        }
        guard builtIn == .map || builtIn == .list else { return }
        let old = parts(resolved(inherited ?? schema))
        if node["entry_schema"] == nil, node["key_schema"] == nil {
            if case .builtIn = type, case .any? = old.entry?.form, node.isMapping || inherited == nil {
                missingEntry(node, builtIn)
            }
            if case .builtIn = type, let inherited { schema.form = resolved(inherited).form }
            return
        }
        let entry = node["entry_schema"].flatMap { part($0, refining: old.entry, file)?.schema } ?? old.entry ?? .any
        let key = node["key_schema"].flatMap { keySchema($0, refining: old.key, file) } ?? old.key
        schema.form = builtIn == .list ? .list(entry) : .map(key: key, entry: entry)
    }

    private func missingEntry(_ node: YAMLNode, _ builtIn: BuiltIn?) {
        diagnostics.report(
            "tosca.missing-keyname", "a \(builtIn?.rawValue ?? "list") needs an ‘entry_schema’", at: node.location,
            hint: "‘entry_schema: string’ if its entries are text")
    }

    /// The schema of the keys of a map.
    func keySchema(_ node: YAMLNode, refining old: Schema?, _ file: SourceFile) -> Schema? {
        guard let (type, schema) = part(node, refining: old, file) else { return nil }
        if type.builtIn != .string {
            diagnostics.report(
                "tosca.wrong-type", "the keys of a map are of a type that derives from string", at: node.location)
        }
        return schema
    }

    /// The schema of keys or entries, which may refine an inherited one.
    func part(_ node: YAMLNode, refining old: Schema?, _ file: SourceFile) -> (type: DataTypeReference, schema: Schema)? {
        let inherited = old.flatMap { old in reference(of: old).map { ($0, old) } }
        if node.isMapping, node["type"] == nil, inherited == nil {
            diagnostics.report("tosca.missing-keyname", "the schema has no ‘type’", at: node.location)
        }
        return schema(node, inheriting: inherited, file)
    }

    /// The type that a schema was made of; nil if that was none.
    private func reference(of schema: Schema) -> DataTypeReference? {
        switch schema.form {
        case .reference(let id): catalogue.dataTypes[id].map(DataTypeReference.defined)
        case .list: .builtIn(.list)
        case .map: .builtIn(.map)
        case let form: BuiltIn.allCases.first { $0.form == form }.map(DataTypeReference.builtIn)
        }
    }

    func parts(_ schema: Schema) -> (key: Schema?, entry: Schema?) {
        switch schema.form {
        case .list(let entry): (nil, entry)
        case .map(let key, let entry): (key, entry)
        default: (nil, nil)
        }
    }

    /// The schema itself, or that of the data type that it refers to.
    func resolved(_ schema: Schema) -> Schema {
        guard case .reference(let name) = schema.form, let type = schemas[name] else { return schema }
        return resolved(type)
    }
}
