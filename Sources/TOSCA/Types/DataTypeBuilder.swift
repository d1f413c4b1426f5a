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
        var schema = Schema(
            form: form(type, inherited), name: type.name, validation: inherited?.validation ?? [], isSecret: type.isA(.secret))
        schema.validation += numberValidation(of: type)
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
        case .scalar: return scalar(type)
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
                "tosca.empty-data-type", "the data type ‘\(type.name)’ neither derives from a type nor has properties",
                at: type.location)
        }
        return .complex(fields)
    }

    private func collection(_ type: TypeDefinition, _ builtIn: BuiltIn?, _ inherited: Schema?) -> Schema.Form {
        var (key, entry) = inherited.map(parts) ?? (nil, nil)
        if let node = type.node["entry_schema"] { entry = part(node, refining: entry, type.file)?.schema ?? .any }
        if let node = type.node["key_schema"] { key = keySchema(node, refining: key, type.file) }
        if entry == nil {
            diagnostics.report(
                "tosca.missing-keyname", "‘\(type.name)’ has no ‘entry_schema’, which a type of lists or maps needs",
                at: type.location)
        }
        return builtIn == .list ? .list(entry ?? .any) : .map(key: key, entry: entry ?? .any)
    }

    // MARK: Scalars

    /// What a scalar's number must be, by its data type.
    private func numberValidation(of type: TypeDefinition) -> [Value] {
        guard let name = type.node["data_type"]?.text, let base = catalogue.find(.data, name, in: type.file), base !== type
        else { return [] }
        let number = Value.call(Call(FunctionName(plugin: TOSCAFunctions.name, name: "value"), ["number"]))
        return dataSchema(of: base).validation.map { Validation.substitute(number, in: $0) }
    }

    /// A scalar: units and prefixes add up in the course of derivation, all else stays as it is.
    private func scalar(_ type: TypeDefinition) -> Schema.Form {
        let lineage = Array(type.lineage.reversed())
        for node in lineage.dropFirst().compactMap({ $0.node["canonical_unit"] ?? $0.node["data_type"] }) {
            refuse("the canonical unit and the data type of a derived scalar cannot be changed", at: node.location)
        }
        let isInteger = scalarDataType(lineage[0])
        var (factors, prefixes): ([String: Double], [String: Double]) = ([:], [:])
        for type in lineage {
            factors.merge(self.factors(type.node["units"], isInteger)) { _, new in new }
            prefixes.merge(self.factors(type.node["prefixes"], isInteger)) { _, new in new }
        }
        guard !factors.isEmpty else {
            if !lineage.contains(where: { $0.node["units"] != nil }) {
                diagnostics.report(
                    "tosca.missing-keyname", "‘\(type.name)’ has no ‘units’, which a type of scalars needs", at: type.location)
            }
            return .any
        }
        let all = combined(factors, prefixes, type)
        guard let canonical = canonicalUnit(lineage[0], all) else { return .any }
        let unit = all[canonical] ?? 1
        return .scalar(ScalarForm(units: all.mapValues { $0 / unit }, canonical: canonical, isInteger: isInteger))
    }

    /// The factors of all units with all prefixes.
    private func combined(_ units: [String: Double], _ prefixes: [String: Double], _ type: TypeDefinition) -> [String: Double] {
        var all: [String: Double] = [:]
        for (unit, factor) in units.sorted(by: { $0.key < $1.key }) {
            for (prefix, multiple) in (prefixes.isEmpty ? ["": 1] : prefixes).sorted(by: { $0.key < $1.key }) {
                let product = factor * multiple
                if let old = all[prefix + unit], old != product {
                    diagnostics.report(
                        "tosca.ambiguous-unit",
                        "‘\(prefix)\(unit)’ means two units of ‘\(type.name)’: one is \(old), the other \(product)",
                        at: type.node["units"]?.location ?? type.location, hint: "rename a unit or a prefix")
                }
                all[prefix + unit] = product
            }
        }
        return all
    }

    private func canonicalUnit(_ type: TypeDefinition, _ units: [String: Double]) -> String? {
        guard let base = units.filter({ $0.value == 1 }).map(\.key).min() else {
            diagnostics.report("tosca.no-base-unit", "no unit of ‘\(type.name)’ has the factor 1", at: type.location)
            return nil
        }
        guard let name = type.node["canonical_unit"], let text = name.text else { return base }
        if units[text] == nil {
            diagnostics.report(
                "tosca.unknown-unit", "‘\(text)’ is no unit of ‘\(type.name)’", at: name.location,
                hint: Suggestion.hint(for: text, among: units.keys, noun: "units"))
        } else if units[text] != 1 {
            diagnostics.report(
                "tosca.no-base-unit", "the canonical unit ‘\(text)’ does not have the factor 1", at: name.location)
        }
        return text
    }

    /// Whether the numbers of a scalar type are whole.
    private func scalarDataType(_ type: TypeDefinition) -> Bool {
        guard let name = type.node["data_type"], let text = name.text else { return false }
        let reference =
            BuiltIn(rawValue: text).map(DataTypeReference.builtIn)
            ?? catalogue.require(.data, name, in: type.file).map(DataTypeReference.defined)
        if let reference, reference.builtIn != .integer, reference.builtIn != .float {
            diagnostics.report(
                "tosca.wrong-type", "the numbers of a scalar are of a type that derives from integer or float",
                at: name.location)
        }
        return reference?.builtIn == .integer
    }

    private func factors(_ node: YAMLNode?, _ isInteger: Bool) -> [String: Double] {
        guard let node else { return [:] }
        var factors: [String: Double] = [:]
        for entry in node.entries {
            guard let value = PlainScalar(entry.value).value, let factor = value.float, factor > 0,
                !isInteger || factor.rounded() == factor
            else {
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
