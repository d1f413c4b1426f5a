// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension TypeSystem {
    /// What a type defines and inherits.
    func summary(of type: TypeDefinition, as name: String) -> Value {
        var document: Value = [
            "kind": .text(type.kind.rawValue), "name": .text(name), "location": Problem.Place.source(type.location).value,
        ]
        document["profile"] = type.file.profile.map(Value.text)
        document["description"] = type.node["description"]?.text.map(Value.text)
        document["version"] = type.node["version"]?.text.map(Value.text)
        var lineage = type.lineage.dropFirst().map(\.name)
        if let base = type.lineage.last?.node["derived_from"]?.text, BuiltIn(rawValue: base) != nil { lineage.append(base) }
        if !lineage.isEmpty { document["derived-from"] = .list(lineage.map(Value.text)) }
        if type.kind == .data { data(type, &document) } else { members(content(of: type), &document) }
        return document
    }

    private func data(_ type: TypeDefinition, _ document: inout Value) {
        let schema = dataSchema(of: type)
        if !schema.validation.isEmpty { document["validation"] = .list(schema.validation.map { .text(Describe.whole($0)) }) }
        switch schema.form {
        case .complex: document["properties"] = properties(content(of: type).properties)
        case .scalar(let scalar):
            document["canonical-unit"] = .text(scalar.canonical)
            document["units"] = .object(scalar.units.mapValues(Value.float))
        case .list(let entry): document["entries"] = .text(entry.summary)
        case .map(let key, let entry):
            document["keys"] = .text(key?.summary ?? "string")
            document["entries"] = .text(entry.summary)
        default: break
        }
    }

    private func members(_ content: TypeContent, _ document: inout Value) {
        document["properties"] = properties(content.properties)
        document["attributes"] = properties(content.attributes)
        document["capabilities"] = object(content.capabilities) { capability in
            var entry: Value = ["type": .text(capability.type.name)]
            entry["properties"] = properties(capability.properties)
            entry["attributes"] = properties(capability.attributes)
            return entry
        }
        document["requirements"] = content.requirements.isEmpty ? nil : .list(content.requirements.map(requirement))
        document["interfaces"] = object(content.interfaces, interface)
        if let own = content.ownInterface { document["operations"] = interface(own)["operations"] }
        document["artifacts"] = object(content.artifacts) { ["type": .text($0.node["type"]?.text ?? "")] }
        for (keyname, types) in content.allowed { document[keyname] = .list(types.map { .text($0.name) }) }
    }

    private func properties(_ definitions: [String: PropertyDefinition]) -> Value? {
        object(definitions) { definition in
            var entry: Value = ["type": .text(definition.schema.summary), "required": .boolean(definition.isRequired)]
            entry["description"] = definition.description.map(Value.text)
            entry["default"] = definition.defaultValue.map(Describe.literal)
            entry["value"] = definition.fixedValue.map(Describe.literal)
            if !definition.schema.validation.isEmpty {
                entry["validation"] = .list(definition.schema.validation.map { .text(Describe.whole($0)) })
            }
            return entry
        }
    }

    private func requirement(_ definition: RequirementDefinition) -> Value {
        var entry: Value = ["name": .text(definition.name)]
        entry["capability"] = (definition.capabilityName ?? definition.capability?.name).map(Value.text)
        entry["node"] = definition.node.map { .text($0.name) }
        entry["relationship"] = definition.relationship.map { .text($0.name) }
        entry["count-range"] = [.integer(definition.lowerBound), definition.upperBound.map { .integer($0) } ?? "UNBOUNDED"]
        return entry
    }

    private func interface(_ definition: InterfaceDefinition) -> Value {
        var entry: Value = [:]
        entry["type"] = definition.type.map { .text($0.name) }
        entry["inputs"] = properties(definition.inputs)
        for (name, operations) in [("operations", definition.operations), ("notifications", definition.notifications)] {
            entry[name] = object(operations) { operation in
                var entry: Value = [:]
                entry["inputs"] = properties(operation.inputs)
                entry["outputs"] = properties(operation.outputs)
                return entry
            }
        }
        return entry
    }

    private func object<Item>(_ items: [String: Item], _ value: (Item) -> Value) -> Value? {
        items.isEmpty ? nil : .object(items.mapValues(value))
    }
}

extension Describe {
    /// A value as it is written, calls as text.
    static func literal(_ value: Value) -> Value { value.isLiteral ? value : .text(whole(value)) }
}
