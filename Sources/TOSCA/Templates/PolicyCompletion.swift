// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes the policies of a service, and gives their handlers to the nodes.
    func policies(_ section: YAMLNode?, _ service: inout ServiceTemplate) {
        var seen: [String: SourceLocation] = [:]
        for entry in section?.named ?? [] {
            if let first = seen[entry.name] {
                diagnostics.report(
                    "tosca.duplicate-name", "the policy ‘\(entry.name)’ stands twice in one service template",
                    at: entry.key.location, related: [.init("first here", at: .source(first))])
                continue
            }
            seen[entry.name] = entry.key.location
            guard let type = types.catalogue.require(.policy, entry.value["type"], in: file) else { continue }
            let content = types.content(of: type)
            let about = self.about(entry.name, entry.value, entry.key.location)
            var policy = PolicyTemplate(about: about, type: type)
            policy.properties = assign(
                entry.value["properties"], content.properties, kind: "property", of: about, Scope(subject: .service),
                isChecked: !type.hasBrokenLineage)
            targets(entry.value["targets"], content, &policy, service)
            var triggers = content.triggers
            for trigger in entry.value["triggers"]?.entries ?? [] {
                if triggers.contains(where: { $0.name == trigger.name }) {
                    diagnostics.report(
                        "tosca.duplicate-name", "‘\(trigger.name)’ is a trigger of the policy’s type already",
                        at: trigger.key.location)
                }
                triggers.append((trigger.name, trigger.value, file))
            }
            for trigger in triggers {
                if let condition = trigger.node["condition"] { _ = types.reader.read(condition, Scope(subject: .open)) }
                if policy.members.isEmpty {
                    for activity in trigger.node["action"]?.items ?? [] {
                        _ = self.activity(activity, [], Scope(subject: .open))
                    }
                }
                for index in service.nodes.indices where policy.members.contains(service.nodes[index].about.name) {
                    if service.nodes[index].directives == [.select] {
                        diagnostics.unsupported(
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

    /// What a trigger does for a node.
    private func handlers(_ name: String, _ trigger: YAMLNode, _ policy: PolicyTemplate, _ node: NodeTemplate) -> [Handler] {
        guard let event = trigger["event"]?.text else { return [] }
        let actor = Actor(node, types.content(of: node.type)) ?? Actor(name: node.about.name, interfaces: [:])
        checkEvent(event, actor, trigger["event"] ?? trigger)
        return (trigger["action"]?.items ?? []).enumerated().compactMap { index, activity in
            let document = self.activity(activity, [actor], Scope(subject: .node(actor.name)))
            guard let call = document["call_operation"], let operation = call["operation"] else {
                refuse(activity)
                return nil
            }
            return Handler(
                event: event,
                call: Call(
                    FunctionName(plugin: "khutulun", name: "call"), [operation, call["inputs"] ?? .map(ValueMap())]),
                name: "\(policy.about.name).\(name).\(index)",
                location: activity["call_operation"]?.location ?? activity.location)
        }
    }

    /// Refuses an activity of a trigger that nothing carries out yet.
    private func refuse(_ activity: YAMLNode) {
        for entry in activity.entries where ["delegate", "set_state", "inline"].contains(entry.name) {
            diagnostics.unsupported("the activity ‘\(entry.name)’ of a trigger is not supported yet", at: entry.key.location)
        }
    }

    /// Whether an event that is written as one of an interface of the node is one of its notifications.
    private func checkEvent(_ event: String, _ actor: Actor, _ node: YAMLNode) {
        for (name, interface) in actor.interfaces where event.hasPrefix("\(name).") {
            let notification = String(event.dropFirst(name.count + 1))
            if interface.notifications[notification] != nil || interface.operations[notification] != nil { return }
            diagnostics.report(
                "tosca.unknown-notification", "‘\(name)’ has no notification ‘\(notification)’", at: node.location,
                hint: Suggestion.hint(for: notification, among: interface.notifications.keys, noun: "notifications"))
        }
    }
}
