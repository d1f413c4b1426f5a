// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// Which types may be connected, as far as that is known only when a target is looked for: sections 7.3 and 8.2 of the
/// standard.
enum TargetRestrictions {
    /// The keys in a capability's metadata: the classes of nodes and of relationships that may lead to it.
    static let sources = "valid-source-node-types"
    static let relationships = "valid-relationship-types"

    /// What the metadata of a capability says.
    static func metadata(_ capability: CapabilityAssignment) -> [(Value, Value)] {
        let lists = [(sources, capability.validSources), (relationships, capability.validRelationships)]
        return lists.filter { !$0.1.isEmpty }.map { (.text($0.0), list($0.1)) }
    }

    /// The condition that a relationship fulfills; nil if nothing restricts where it may lead.
    ///
    /// - Parameter others: whether capabilities may say what leads to them.
    static func filter(_ requirement: RequirementAssignment, others: Bool) -> Value? {
        let capabilities = open(requirement.validCapabilities, requirement.capabilityType)
        let nodes = open(requirement.validTargets, requirement.nodeType)
        // What is named was checked already, but for what its capability says.
        guard others || requirement.targetTemplate == nil && !(capabilities.isEmpty && nodes.isEmpty) else { return nil }
        return .call(Call(FunctionName(plugin: TOSCAFunctions.name, name: "allows"), [list(capabilities), list(nodes)]))
    }

    /// The types of a list, unless what is looked for is one of them anyway.
    private static func open(_ allowed: [TypeDefinition], _ wanted: TypeDefinition?) -> [TypeDefinition] {
        allowed.contains { wanted?.isA($0) ?? false } ? [] : allowed
    }

    private static func list(_ types: [TypeDefinition]) -> Value { .list(types.map { .text($0.id.documentText) }) }

    /// Whether a relationship, its source and its target allow each other.
    ///
    /// The arguments are the classes of capabilities and of nodes that the relationship may lead to; none are any.
    static func allow(_ arguments: [Value], _ evaluation: Evaluation) -> Bool {
        guard let edge = evaluation.graph.edge(evaluation.site.entity), let target = evaluation.graph.vertex(edge.target) else {
            return false
        }
        let source = evaluation.graph.vertex(edge.source)
        let node = target.container.flatMap(evaluation.graph.vertex)
        return fits(target.classes, arguments.first) && fits(node?.classes ?? [], arguments.last)
            && fits(source?.classes ?? [], target.header.metadata[sources])
            && fits(edge.classes, target.header.metadata[relationships])
    }

    private static func fits(_ classes: [ID], _ allowed: Value?) -> Bool {
        guard let allowed = allowed?.list, !allowed.isEmpty else { return true }
        return classes.contains { allowed.contains(.text($0.documentText)) }
    }
}
