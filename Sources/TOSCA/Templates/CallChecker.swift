// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Checks that the calls in a design refer to what is there, as far as that is known before there is a graph.
struct CallChecker {
    let types: TypeSystem
    let service: ServiceTemplate
    let nodeTypes: [String: TypeDefinition]
    private var diagnostics: Diagnostics { types.diagnostics }

    init(types: TypeSystem, service: ServiceTemplate, nodeTypes: [String: TypeDefinition]) {
        self.types = types
        self.service = service
        self.nodeTypes = nodeTypes
    }

    /// Checks all calls.
    func check(_ log: CallLog) {
        for entry in log.entries {
            switch entry.function {
            case "get_input": checkInput(entry)
            case "get_property", "get_attribute", "get_artifact": checkPath(entry)
            case "value":
                if !entry.scope.hasValue {
                    diagnostics.report(
                        "tosca.misplaced-function", "‘$value’ means something only in a validation", at: entry.location)
                }
            default: break
            }
        }
    }

    private func checkInput(_ entry: CallLog.Entry) {
        if case .open = entry.scope.subject { return }
        guard let name = entry.arguments.first?.text else {
            if entry.arguments.first?.isLiteral ?? true {
                diagnostics.report(
                    "tosca.wrong-arguments", "the first argument of ‘$get_input’ is the name of an input", at: entry.location)
            }
            return
        }
        if entry.scope.inputs[name] != nil || service.inputs.contains(where: { $0.definition.name == name }) { return }
        diagnostics.report(
            "tosca.unknown-input", "there is no input ‘\(name)’", at: entry.location,
            hint: Suggestion.hint(
                for: name, among: Set(entry.scope.inputs.keys).union(service.inputs.map(\.definition.name)), noun: "inputs"))
    }

    /// Where a path has come to.
    private enum Place {
        case node(TypeDefinition)
        case capability(CapabilityDefinition)
        case unknown
    }

    private func checkPath(_ entry: CallLog.Entry) {
        guard let first = entry.arguments.first?.text else { return }
        var place: Place
        var rest = entry.arguments.dropFirst()
        if first == "SELF" {
            guard let start = start(entry) else { return }
            place = start
        } else if let type = nodeTypes[first] {
            place = .node(type)
            if rest.first?.integer != nil || rest.first?.text == "ALL" { rest = rest.dropFirst() }
        } else {
            reportStart(first, entry)
            return
        }
        if case .node(let type) = place, rest.first?.text == "CAPABILITY", let name = rest.dropFirst().first?.text {
            guard let capability = types.content(of: type).capabilities[name] else {
                reportMissing(name, "capability", Array(types.content(of: type).capabilities.keys), type, entry)
                return
            }
            place = .capability(capability)
            rest = rest.dropFirst(2)
        } else if case .node(let type) = place, rest.first?.text == "RELATIONSHIP", let name = rest.dropFirst().first?.text {
            let names = types.content(of: type).requirements.map(\.name)
            if !names.contains(name) { reportMissing(name, "requirement", names, type, entry) }
            return
        }
        checkLast(place, rest, entry)
    }

    private func start(_ entry: CallLog.Entry) -> Place? {
        switch entry.scope.subject {
        case .node(let name): return nodeTypes[name].map(Place.node)
        case .open, .relationship: return nil
        case .service:
            diagnostics.report(
                "tosca.misplaced-function", "‘SELF’ means nothing here", at: entry.location, hint: "name a node template")
            return nil
        }
    }

    private func reportStart(_ name: String, _ entry: CallLog.Entry) {
        if case .open = entry.scope.subject { return }
        diagnostics.report(
            "tosca.unknown-node", "there is no node template ‘\(name)’", at: entry.location,
            hint: Suggestion.hint(for: name, among: nodeTypes.keys, noun: "node templates"))
    }

    private func checkLast(_ place: Place, _ rest: ArraySlice<Value>, _ entry: CallLog.Entry) {
        guard let name = rest.first?.text, !["SOURCE", "TARGET", "RELATIONSHIP", "CAPABILITY"].contains(name) else { return }
        switch place {
        case .unknown: break
        case .node(let type):
            let content = types.content(of: type)
            if entry.function == "get_artifact" {
                let own = service.nodes.filter { $0.type === type }.flatMap { $0.artifacts.map(\.about.name) }
                let names = Set(own).union(content.artifacts.keys)
                if !names.contains(name) { reportMissing(name, "artifact", Array(names), type, entry) }
                return
            }
            check(name, content.properties, content.attributes, type, entry)
        case .capability(let capability): check(name, capability.properties, capability.attributes, capability.type, entry)
        }
    }

    private func check(
        _ name: String, _ properties: [String: PropertyDefinition], _ attributes: [String: PropertyDefinition],
        _ type: TypeDefinition, _ entry: CallLog.Entry
    ) {
        let isAttribute = entry.function == "get_attribute"
        let names = Set(properties.keys).union(isAttribute ? Set(attributes.keys) : [])
        if !names.contains(name) { reportMissing(name, isAttribute ? "attribute" : "property", Array(names), type, entry) }
    }

    private func reportMissing(
        _ name: String, _ noun: String, _ names: [String], _ type: TypeDefinition, _ entry: CallLog.Entry
    ) {
        if type.hasBrokenLineage { return }
        let plural = noun == "property" ? "properties" : noun == "capability" ? "capabilities" : "\(noun)s"
        diagnostics.report(
            "tosca.unknown-\(noun)", "‘\(type.name)’ has no \(noun) ‘\(name)’", at: entry.location,
            hint: Suggestion.hint(for: name, among: names, noun: plural))
    }
}
