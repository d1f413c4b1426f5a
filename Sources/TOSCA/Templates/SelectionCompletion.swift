// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// The keynames that mean something where a node is selected.
    private static let meaningful: Set<String> = ["type", "description", "metadata", "directives", "node_filter", "copy"]

    /// Whether a node template, as it is written, may stand for a node that is there already.
    static func isSelection(_ node: YAMLNode) -> Bool { node["directives"]?.texts.contains("select") ?? false }

    /// Completes a node template that stands for a node that is there already: only its type and its filter count.
    func selection(_ entry: YAMLNode.Entry, _ about: About, _ type: TypeDefinition) -> NodeTemplate {
        for keyname in entry.value.entries where !Self.meaningful.contains(keyname.name) {
            diagnostics.report(
                "tosca.ignored-keyname", "‘\(keyname.name)’ is ignored, because the node is selected",
                at: keyname.key.location,
                hint: "what the node is, the service says that it belongs to", severity: .warning)
        }
        var template = NodeTemplate(about: about, type: type)
        template.directives = [.select]
        template.selection = selection(entry)
        return template
    }

    /// What may be selected.
    func selection(_ entry: YAMLNode.Entry) -> Selection {
        Selection(
            filter: entry.value["node_filter"].map { condition($0, Scope(subject: .node(entry.name)), name: "node_filter") })
    }
}

extension Value {
    /// An expression about a node as one about a relationship that leads to it.
    var aboutTarget: Value {
        switch self {
        case .list(let items): return .list(items.map(\.aboutTarget))
        case .map(let map): return .map(ValueMap(map.map { ($0.key.aboutTarget, $0.value.aboutTarget) }))
        case .call(var call):
            call.arguments = call.arguments.map(\.aboutTarget)
            let paths: Set<String> = ["get_property", "get_attribute", "get_artifact", "available_allocation"]
            if paths.contains(call.function.name), call.arguments.first == "SELF" { call.arguments.insert("TARGET", at: 1) }
            return .call(call)
        default: return self
        }
    }
}
