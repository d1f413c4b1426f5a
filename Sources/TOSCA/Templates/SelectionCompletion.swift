// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Completion {
    /// The keynames that mean something where a node is selected.
    private static let meaningful: Set<String> = ["type", "description", "metadata", "directives", "node_filter", "copy"]

    /// Whether a node template, as it is written, stands for a node that is there already.
    static func isSelection(_ node: YAMLNode) -> Bool { node["directives"]?.items.first?.text == "select" }

    /// Completes a node template that stands for a node that is there already: only its type and its filter count.
    func selection(_ entry: YAMLNode.Entry, _ about: About, _ type: TypeDefinition) -> NodeTemplate {
        for keyname in entry.value.entries where !Self.meaningful.contains(keyname.name) {
            if keyname.name == "count" {
                diagnostics.unsupported(
                    "the ‘count’ of a node that is selected is not supported yet",
                    at: keyname.key.location,
                    hint: "write a node template for each")
            } else {
                diagnostics.report(
                    "tosca.ignored-keyname", "‘\(keyname.name)’ is ignored, because the node is selected",
                    at: keyname.key.location,
                    hint: "what the node is, the service says that it belongs to", severity: .warning)
            }
        }
        var template = NodeTemplate(about: about, type: type)
        let filter = entry.value["node_filter"].map { types.reader.read($0, Scope(subject: .node(entry.name))) }
        template.selection = Selection(filter: filter)
        return template
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
            let paths: Set<String> = ["get_property", "get_attribute", "get_artifact"]
            if paths.contains(call.function.name), call.arguments.first == "SELF" { call.arguments.insert("TARGET", at: 1) }
            return .call(call)
        default: return self
        }
    }
}
