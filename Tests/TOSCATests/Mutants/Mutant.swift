// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

@testable import TOSCA

/// A valid file with one mistake.
struct Mutant {
    /// What was done, and where.
    let name: String
    let text: String
    /// The lines on which a problem must be reported.
    let rows: ClosedRange<Int>
}

/// Makes mutants of a valid file: it walks the file along the grammar, and makes every mistake at every place where it is one.
struct Mutator {
    private let root: YAMLNode
    private(set) var mutants: [Mutant] = []
    /// The keynames that the file has, each with its record.
    private(set) var keynames: Set<String> = []

    init(_ root: YAMLNode) {
        self.root = root
        walk(root, .record(.file), [])
    }

    // MARK: Mistakes

    /// Notes a mutant whose mistake is at a path of the changed tree.
    private mutating func add(_ kind: String, _ path: [TreeStep], at place: [TreeStep]? = nil, _ change: (YAMLNode) -> YAMLNode)
    {
        let written = PlainYAML(root.changing(path[...], change))
        let place = place ?? path
        guard let rows = written.rows[place] ?? written.rows[Array(place.dropLast())] else { return }
        // What stands right above a part belongs to it: the name of a map.
        let above = rows.lowerBound > 1 && place.last?.isKey != true ? rows.lowerBound - 1 : rows.lowerBound
        mutants.append(Mutant(name: "\(kind) in line \(rows.lowerBound)", text: written.text, rows: above...rows.upperBound))
    }

    private static func text(_ text: String) -> YAMLNode {
        YAMLNode(.scalar(text), at: SourceLocation(file: "", row: 1, column: 1))
    }

    private static func changed(_ node: YAMLNode) -> YAMLNode {
        var node = node
        node.content = .scalar((node.scalar ?? "") + "_zz")
        return node
    }

    private mutating func misspell(_ kind: String, _ path: [TreeStep]) { add(kind, path, Self.changed) }

    private mutating func replace(_ kind: String, _ path: [TreeStep], _ text: String) {
        add(kind, path) { _ in
            text.hasPrefix("[") ? YAMLNode(.sequence([Self.text("1")]), at: Self.text("").location) : Self.text(text)
        }
    }

    // MARK: The grammar

    private mutating func walk(_ node: YAMLNode, _ shape: Shape, _ path: [TreeStep]) {
        switch shape {
        case .boolean: replace("no boolean", path, "perhaps")
        case .version: replace("no version", path, "1..x")
        case .count: replace("no count", path, "-1")
        case .range: replace("no range", path, "5")
        case .condition:
            replace("no condition", path, "17")
            calls(node, path)
        case .text, .name: replace("no text", path, "[")
        case .value: value(node, path)
        case .anything: break
        case .target: misspell("a broken reference", node.isSequence ? path + [TreeStep(index: 0)] : path)
        case .list(let item):
            replace("no list", path, "17")
            replace("nothing for a list", path, "~")
            for index in node.items.indices { walk(node.items[index], item, path + [TreeStep(index: index)]) }
        case .oneOrMore(let item):
            for index in node.items.indices { walk(node.items[index], item, path + [TreeStep(index: index)]) }
        case .map(let entry), .pathMap(let entry):
            replace("no map", path, "17")
            replace("nothing for a map", path, "~")
            entries(node, entry, path)
        case .sequence(let entry), .pathSequence(let entry):
            replace("no list", path, "17")
            for index in node.items.indices { entries(node.items[index], entry, path + [TreeStep(index: index)]) }
        case .record(let record):
            replace("no map", path, "17")
            self.record(node, record, path)
        case .short(let short, let record):
            if node.isMapping, !node.isCall { self.record(node, record, path) } else { walk(node, short, path) }
        }
    }

    /// A value of another type, and mistakes in calls.
    private mutating func value(_ node: YAMLNode, _ path: [TreeStep]) {
        calls(node, path)
        if node.isCall { return }
        add("a value of another type", path) { _ in
            let one = (key: Self.text("zz"), value: Self.text("17"))
            let inner = YAMLNode(.mapping([one]), at: one.key.location)
            let middle = YAMLNode(.mapping([(key: Self.text("yy"), value: inner)]), at: one.key.location)
            return YAMLNode(.mapping([(key: Self.text("xx"), value: middle)]), at: one.key.location)
        }
    }

    private mutating func calls(_ node: YAMLNode, _ path: [TreeStep]) {
        switch node.content {
        case .scalar: if node.isCall { misspell("an unknown function", path) }
        case .sequence(let items):
            for index in items.indices { calls(items[index], path + [TreeStep(index: index)]) }
        case .mapping(let pairs):
            for (index, pair) in pairs.enumerated() {
                let inner = path + [TreeStep(index: index)]
                if node.isCall { misspell("an unknown function", path + [TreeStep(index: index, isKey: true)]) }
                if pair.key.scalar == "$get_input" {
                    misspell("an unknown input", pair.value.isSequence ? inner + [TreeStep(index: 0)] : inner)
                }
                calls(pair.value, inner)
            }
        }
    }

    private mutating func entries(_ node: YAMLNode, _ shape: Shape, _ path: [TreeStep]) {
        // Of some names nothing is known, and they begin so.
        for (index, entry) in (node.mapping ?? []).enumerated() where entry.key.scalar?.hasPrefix("any_") != true {
            walk(entry.value, shape, path + [TreeStep(index: index)])
        }
        twice(node, path)
    }

    /// The first entry of a map once more at its end.
    private mutating func twice(_ node: YAMLNode, _ path: [TreeStep]) {
        guard let first = node.mapping?.first, let count = node.mapping?.count else { return }
        add("an entry twice", path, at: path + [TreeStep(index: count, isKey: true)]) { node in
            var node = node
            node.content = .mapping((node.mapping ?? []) + [first])
            return node
        }
    }

    private mutating func record(_ node: YAMLNode, _ record: Record, _ path: [TreeStep]) {
        for (index, entry) in (node.mapping ?? []).enumerated() {
            guard let name = entry.key.scalar, let keyname = record.keynames.first(where: { $0.name == name }) else { continue }
            let inner = path + [TreeStep(index: index)]
            keynames.insert("\(name) of \(record.noun)")
            misspell("a misspelt keyname", path + [TreeStep(index: index, isKey: true)])
            if record.isChecked(name, node) { walk(entry.value, keyname.shape, inner) }
            references(entry.value, record, name, inner)
            if keyname.isMandatory, keyname.replacement.map({ node[$0] == nil }) ?? true {
                add("no ‘\(name)’", path) { node in
                    var node = node
                    node.content = .mapping((node.mapping ?? []).enumerated().filter { $0.offset != index }.map(\.element))
                    return node
                }
            }
        }
        twice(node, path)
    }

    // MARK: References

    private mutating func references(_ node: YAMLNode, _ record: Record, _ keyname: String, _ path: [TreeStep]) {
        switch References.kind(of: keyname, in: record) {
        case .name: if node.scalar != nil { misspell("a broken reference", path) }
        case .names:
            for index in node.items.indices where node.items[index].scalar != nil {
                misspell("a broken reference", path + [TreeStep(index: index)])
            }
            if node.scalar != nil { misspell("a broken reference", path) }
        case .keys:
            for index in (node.mapping ?? []).indices {
                misspell("an unknown name", path + [TreeStep(index: index, isKey: true)])
            }
        case .listedKeys:
            for index in node.items.indices {
                misspell("an unknown name", path + [TreeStep(index: index), TreeStep(index: 0, isKey: true)])
            }
        case .shortNames: shortNames(node, path)
        case nil: break
        }
    }

    /// The names that stand alone where a map could.
    private mutating func shortNames(_ node: YAMLNode, _ path: [TreeStep]) {
        for (index, entry) in (node.mapping ?? []).enumerated() where entry.value.scalar != nil {
            misspell("a broken reference", path + [TreeStep(index: index)])
        }
        for (index, item) in node.items.enumerated() where item.mapping?.first?.value.scalar != nil {
            misspell("a broken reference", path + [TreeStep(index: index), TreeStep(index: 0)])
        }
    }
}

extension Record {
    /// Whether something is known of a keyname's values.
    fileprivate func isChecked(_ keyname: String, _ node: YAMLNode) -> Bool {
        switch keyname {
        case "properties": self != .artifactDefinition
        case "default", "value": node["type"]?.scalar != "Any" && node["entry_schema"]?.scalar != "Any"
        default: true
        }
    }
}

/// Where names refer to something.
enum References {
    /// How they stand there.
    enum Kind { case name, names, keys, listedKeys, shortNames }

    /// The references in a keyname's value.
    static func kind(of keyname: String, in record: Record) -> Kind? {
        switch (record, keyname) {
        case (_, "type"), (_, "derived_from"), (_, "copy"), (.substitutionMapping, "node_type"), (.schema, "type"): .name
        case (_, "entry_schema"), (_, "key_schema"): .name
        case (.requirementDefinition, "capability"), (.requirementDefinition, "node"), (.requirementDefinition, "relationship"):
            .name
        case (.requirementAssignment, "capability"), (.requirementAssignment, "node"), (.requirementAssignment, "relationship"):
            .name
        case (.workflowStep, "target"), (.workflowStep, "target_relationship"), (.activity, "inline"): .name
        case (.activity, "call_operation"), (.operationCall, "operation"), (.importDefinition, "url"): .name
        case (.importDefinition, "profile"), (.file, "tosca_definitions_version"): .name
        case (_, "valid_source_node_types"), (_, "valid_target_node_types"), (_, "valid_capability_types"): .names
        case (_, "valid_relationship_types"), (_, "members"), (_, "targets"), (_, "directives"), (.file, "imports"): .names
        case (.workflowStep, "on_success"), (.workflowStep, "on_failure"): .names
        case (.nodeTemplate, "properties"), (.nodeTemplate, "attributes"), (.nodeTemplate, "capabilities"): .keys
        case (.nodeTemplate, "interfaces"), (.relationshipTemplate, "properties"), (.relationshipTemplate, "attributes"): .keys
        case (.capabilityAssignment, "properties"), (.capabilityAssignment, "attributes"): .keys
        case (.relationshipAssignment, "properties"), (.relationshipAssignment, "attributes"): .keys
        case (.relationshipAssignment, "interfaces"), (.interfaceAssignment, "operations"): .keys
        case (.interfaceAssignment, "notifications"), (.groupDefinition, "properties"), (.policyDefinition, "properties"): .keys
        case (.interfaceDefinition, "operations"), (.interfaceDefinition, "notifications"): .keys
        case (.capabilityDefinition, "properties"), (.capabilityDefinition, "attributes"): .keys
        case (.relationshipDefinition, "properties"), (.relationshipDefinition, "attributes"): .keys
        case (.substitutionMapping, "properties"), (.substitutionMapping, "attributes"): .keys
        case (.substitutionMapping, "capabilities"), (.substitutionMapping, "interfaces"): .keys
        case (.nodeTemplate, "requirements"): .listedKeys
        case (.nodeType, "capabilities"): .shortNames
        default: nil
        }
    }
}
