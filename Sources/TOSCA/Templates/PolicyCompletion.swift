// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes the groups of a service.
    func groups(_ section: YAMLNode?) -> [GroupTemplate] {
        (section?.entries ?? []).compactMap { entry in
            guard let type = types.catalogue.require(.group, entry.value["type"], in: file) else { return nil }
            let content = types.content(of: type)
            let about = self.about(entry.name, entry.value, entry.key.location)
            var group = GroupTemplate(about: about, type: type)
            group.properties = members(
                entry.value, content.properties, content.attributes, of: about, Scope(subject: .service),
                isChecked: !type.hasBrokenLineage)
            for item in entry.value["members"]?.items ?? [] {
                guard let name = item.text, let member = nodeTypes[name] else {
                    reportMember(item, nodeTypes.keys.sorted())
                    continue
                }
                checkMember(member, content.allowed["members"], item)
                group.members.append(name)
            }
            return group
        }
    }

    /// Completes the policies of a service, and gives their handlers to the nodes.
    func policies(_ section: YAMLNode?, _ service: inout ServiceTemplate) {
        for entry in section?.named ?? [] {
            guard let type = types.catalogue.require(.policy, entry.value["type"], in: file) else { continue }
            let content = types.content(of: type)
            let about = self.about(entry.name, entry.value, entry.key.location)
            var policy = PolicyTemplate(about: about, type: type)
            policy.properties = assign(
                entry.value["properties"], content.properties, kind: "property", of: about, Scope(subject: .service),
                isChecked: !type.hasBrokenLineage)
            targets(entry.value["targets"], content, &policy, service)
            var triggers = content.triggers
            for trigger in entry.value["triggers"]?.entries ?? [] { triggers.append((trigger.name, trigger.value, file)) }
            for trigger in triggers {
                for index in service.nodes.indices where policy.members.contains(service.nodes[index].about.name) {
                    if service.nodes[index].directives == [.select] {
                        diagnostics.report(
                            "tosca.not-supported",
                            "a trigger for ‘\(service.nodes[index].about.name)’, which is selected, is not supported yet",
                            at: about.location, hint: "the service that the node belongs to can have the policy")
                        continue
                    }
                    service.nodes[index].handlers += handlers(trigger.name, trigger.node, policy, service.nodes[index])
                }
            }
            service.policies.append(policy)
        }
    }

    private func targets(
        _ section: YAMLNode?, _ content: TypeContent, _ policy: inout PolicyTemplate, _ service: ServiceTemplate
    ) {
        for item in section?.items ?? [] {
            let name = item.text ?? ""
            if let type = nodeTypes[name] {
                checkMember(type, content.allowed["targets"], item)
                policy.members.append(name)
            } else if let group = service.groups.first(where: { $0.about.name == name }) {
                checkMember(group.type, content.allowed["targets"], item)
                policy.members += group.members
            } else {
                reportMember(item, nodeTypes.keys + service.groups.map(\.about.name))
            }
        }
        policy.members = Set(policy.members).sorted()
    }

    private func reportMember(_ item: YAMLNode, _ names: [String]) {
        guard let name = item.text, file.root["service_template"]?["node_templates"]?[name] == nil else { return }
        diagnostics.report(
            "tosca.unknown-node", "there is no node template or group ‘\(name)’", at: item.location,
            hint: Suggestion.hint(for: name, among: names, noun: "node templates and groups"))
    }

    private func checkMember(_ type: TypeDefinition, _ allowed: [TypeDefinition]?, _ item: YAMLNode) {
        guard let allowed, !type.hasBrokenLineage, !allowed.contains(where: { type.isA($0) }) else { return }
        diagnostics.report(
            "tosca.wrong-type", "‘\(item.text ?? "")’ is of the type ‘\(type.name)’, which is not allowed here",
            at: item.location,
            hint: "allowed are \(allowed.map(\.name).joined(separator: ", ")) and what derives from them")
    }

    /// What a trigger does for a node.
    private func handlers(_ name: String, _ trigger: YAMLNode, _ policy: PolicyTemplate, _ node: NodeTemplate) -> [Handler] {
        guard let event = trigger["event"]?.text else { return [] }
        return (trigger["action"]?.items ?? []).enumerated().compactMap { index, activity in
            guard let call = activity["call_operation"] else { return nil }
            guard let place = call.isMapping ? call["operation"] : call, let operation = place.text else { return nil }
            guard has(node, operation) else {
                diagnostics.report(
                    "tosca.unknown-operation", "‘\(node.about.name)’ has no operation ‘\(operation)’", at: place.location,
                    hint: "an operation is written as INTERFACE.OPERATION")
                return nil
            }
            var inputs: [(Value, Value)] = []
            for entry in call["inputs"]?.entries ?? [] {
                inputs.append((.text(entry.name), types.reader.read(entry.value, Scope(subject: .node(node.about.name)))))
            }
            return Handler(
                event: event,
                call: Call(FunctionName(plugin: "khutulun", name: "call"), [.text(operation), .map(ValueMap(inputs))]),
                name: "\(policy.about.name).\(name).\(index)", location: place.location)
        }
    }

    private func has(_ node: NodeTemplate, _ operation: String) -> Bool {
        node.interfaces.contains { interface in
            interface.operations.contains { "\(interface.about.name).\($0.about.name)" == operation }
        }
    }
}
