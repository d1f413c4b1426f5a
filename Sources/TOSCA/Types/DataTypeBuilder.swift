// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension TypeSystem {
    /// Makes the schema of a data type. While it is made, values that refer to it are not checked.
    @discardableResult
    func dataSchema(of type: TypeDefinition) -> Schema {
        let key = type.id.description
        if let schema = schemas[key] { return schema }
        schemas[key] = Schema(form: .any, name: type.name)
        let inherited = type.parent.map(dataSchema(of:))
        var schema = Schema(form: form(type, inherited), name: type.name, validation: inherited?.validation ?? [])
        schemas[key] = schema
        if let clause = type.node["validation"] {
            schema.validation.append(validationClause(clause, schema))
            schemas[key] = schema
        }
        return schema
    }

    private func form(_ type: TypeDefinition, _ inherited: Schema?) -> Schema.Form {
        let reference = DataTypeReference.defined(type)
        let builtIn = reference.builtIn
        refuseForeignKeynames(type, builtIn)
        if type.isA(.any) { return .any }
        switch builtIn {
        case nil: return complex(type, inherited)
        case .scalar: return scalar(type, inherited)
        case .list, .map: return collection(type, builtIn, inherited)
        case let builtIn?: return builtIn.form ?? .any
        }
    }

    private func refuseForeignKeynames(_ type: TypeDefinition, _ builtIn: BuiltIn?) {
        var foreign: [String] = []
        if builtIn != .scalar { foreign += ["units", "prefixes", "canonical_unit", "data_type"] }
        if builtIn != .list, builtIn != .map { foreign.append("entry_schema") }
        if builtIn != .map { foreign.append("key_schema") }
        if builtIn != nil { foreign.append("properties") }
        for entry in type.node.entries where foreign.contains(entry.name) {
            let base = builtIn.map { "a type that derives from \($0.rawValue)" } ?? "a complex type"
            diagnostics.report("tosca.wrong-keyname", "\(base) cannot have ‘\(entry.name)’", at: entry.key.location)
        }
    }

    private func complex(_ type: TypeDefinition, _ inherited: Schema?) -> Schema.Form {
        var fields: [String: Schema.Field] = [:]
        if case .complex(let old) = inherited?.form { fields = old }
        let old = type.parent.map(content(of:))?.properties ?? [:]
        let definitions = content(of: type).properties
        for (name, definition) in definitions where type.node["properties"]?[name] != nil || old[name] == nil {
            fields[name] = Schema.Field(
                schema: definition.schema, isRequired: definition.isRequired,
                defaultValue: definition.fixedValue ?? (definition.isRequired ? definition.defaultValue : nil))
        }
        if fields.isEmpty, type.parent == nil, !type.isBroken {
            diagnostics.report(
                "tosca.empty-data-type", "the data type ‘\(type.name)’ neither derives from a type nor has properties", at: type.location)
        }
        return .complex(fields)
    }

    private func collection(_ type: TypeDefinition, _ builtIn: BuiltIn?, _ inherited: Schema?) -> Schema.Form {
        var (key, entry): (Schema?, Schema?) = (nil, nil)
        switch inherited?.form {
        case .list(let old): entry = old
        case .map(let oldKey, let old): (key, entry) = (oldKey, old)
        default: break
        }
        if let node = type.node["entry_schema"] { entry = schema(node, inheriting: nil, type.file)?.schema ?? .any }
        if let node = type.node["key_schema"] {
            let reference = schema(node, inheriting: nil, type.file)
            if let reference, reference.type.builtIn != .string {
                diagnostics.report("tosca.wrong-type", "the keys of a map are of a type that derives from string", at: node.location)
            }
            key = reference?.schema
        }
        if entry == nil {
            diagnostics.report(
                "tosca.missing-keyname", "‘\(type.name)’ has no ‘entry_schema’, which a type of lists or maps needs", at: type.location)
        }
        return builtIn == .list ? .list(entry ?? .any) : .map(key: key, entry: entry ?? .any)
    }

    // MARK: Scalars

    private func scalar(_ type: TypeDefinition, _ inherited: Schema?) -> Schema.Form {
        if case .scalar(let form) = inherited?.form { return derivedScalar(type, form) }
        let node = type.node
        let isInteger = scalarDataType(type)
        guard let units = node["units"], !units.entries.isEmpty else {
            diagnostics.report("tosca.missing-keyname", "‘\(type.name)’ has no ‘units’, which a type of scalars needs", at: type.location)
            return .any
        }
        let factors = self.factors(units, isInteger)
        let prefixes = node["prefixes"].map { self.factors($0, isInteger) }
        var all: [String: Double] = [:]
        for (unit, factor) in factors {
            for (prefix, multiple) in prefixes ?? ["": 1] { all[prefix + unit] = factor * multiple }
        }
        let bases = all.filter { $0.value == 1 }.map(\.key).sorted()
        guard let base = bases.first else {
            diagnostics.report("tosca.no-base-unit", "no unit of ‘\(type.name)’ has the factor 1", at: units.location)
            return .any
        }
        var canonical = base
        if let name = node["canonical_unit"], let text = name.text {
            canonical = text
            if all[text] == nil {
                diagnostics.report(
                    "tosca.unknown-unit", "‘\(text)’ is no unit of ‘\(type.name)’", at: name.location,
                    hint: Suggestion.hint(for: text, among: all.keys, noun: "units"))
            }
        }
        let unit = all[canonical] ?? 1
        return .scalar(ScalarForm(units: all.mapValues { $0 / unit }, canonical: canonical, isInteger: isInteger))
    }

    private func derivedScalar(_ type: TypeDefinition, _ form: ScalarForm) -> Schema.Form {
        for keyname in ["units", "prefixes", "canonical_unit", "data_type"] {
            if let node = type.node[keyname] { refuse("‘\(keyname)’ of a derived scalar cannot be changed", at: node.location) }
        }
        return .scalar(form)
    }

    /// Whether the numbers of a scalar type are whole.
    private func scalarDataType(_ type: TypeDefinition) -> Bool {
        guard let name = type.node["data_type"], let text = name.text else { return false }
        let reference = BuiltIn(rawValue: text).map(DataTypeReference.builtIn)
            ?? catalogue.require(.data, name, in: type.file).map(DataTypeReference.defined)
        if let reference, reference.builtIn != .integer, reference.builtIn != .float {
            diagnostics.report("tosca.wrong-type", "the numbers of a scalar are of a type that derives from integer or float", at: name.location)
        }
        return reference?.builtIn == .integer
    }

    private func factors(_ node: YAMLNode, _ isInteger: Bool) -> [String: Double] {
        var factors: [String: Double] = [:]
        for entry in node.entries {
            guard let value = PlainScalar(entry.value).value, let factor = value.float, factor > 0, !isInteger || factor.rounded() == factor else {
                diagnostics.report(
                    "tosca.wrong-type", "the factor of ‘\(entry.name)’ must be a positive \(isInteger ? "integer" : "number")",
                    at: entry.value.location)
                continue
            }
            factors[entry.name] = factor
        }
        return factors
    }
}
