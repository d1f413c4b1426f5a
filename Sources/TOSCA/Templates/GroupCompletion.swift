// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// Completes the groups of a service. Members of groups that are members of a group belong to it.
    func groups(_ section: YAMLNode?) -> [GroupTemplate] {
        let entries = section?.entries ?? []
        return entries.compactMap { entry in
            guard let type = types.catalogue.require(.group, entry.value["type"], in: file) else { return nil }
            let content = types.content(of: type)
            let about = self.about(entry.name, entry.value, entry.key.location)
            var group = GroupTemplate(about: about, type: type)
            group.properties = members(
                entry.value, content.properties, content.attributes, of: about, Scope(subject: .service),
                isChecked: !type.hasBrokenLineage)
            for item in entry.value["members"]?.items ?? [] {
                for name in members(of: item, entries, path: [entry.name]) where !group.members.contains(name) {
                    if let member = nodeTypes[name] { checkMember(member, content.allowed["members"], item) }
                    group.members.append(name)
                }
            }
            return group
        }
    }

    /// The node templates that a member comes to: itself, or the members of the group that it is.
    private func members(of item: YAMLNode, _ groups: [YAMLNode.Entry], path: [String]) -> [String] {
        guard let name = item.text else { return [] }
        if nodeTypes[name] != nil { return [name] }
        guard let group = groups.first(where: { $0.name == name }) else {
            reportMember(item, Array(nodeTypes.keys) + groups.map(\.name))
            return []
        }
        if path.contains(name) {
            let names = (path + [name]).map { "‘\($0)’" }.joined(separator: " → ")
            diagnostics.report("tosca.cyclic-group", "a group cannot be a member of itself: \(names)", at: item.location)
            return []
        }
        return (group.value["members"]?.items ?? []).flatMap { members(of: $0, groups, path: path + [name]) }
    }

    /// Reports a member or target that isn't there.
    func reportMember(_ item: YAMLNode, _ names: [String]) {
        guard let name = item.text, !isWritten(name), file.root["service_template"]?["groups"]?[name] == nil else { return }
        diagnostics.report(
            "tosca.unknown-node", "there is no node template or group ‘\(name)’", at: item.location,
            hint: Suggestion.hint(for: name, among: names, noun: "node templates and groups"))
    }

    /// Checks a member or target against the types that are allowed.
    func checkMember(_ type: TypeDefinition, _ allowed: [TypeDefinition]?, _ item: YAMLNode) {
        guard let allowed, !type.hasBrokenLineage, !allowed.contains(where: { type.isA($0) }) else { return }
        diagnostics.report(
            "tosca.wrong-type", "‘\(item.text ?? "")’ is of the type ‘\(type.name)’, which is not allowed here",
            at: item.location,
            hint: "allowed are \(allowed.map(\.name).joined(separator: ", ")) and what derives from them")
    }
}
