// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// A property, attribute or parameter with what was assigned to it.
struct Assigned {
    var definition: PropertyDefinition
    /// The kind in the graph: `property`, `attribute`, `input` or `output`.
    var kind: String
    /// The expression that gives its value.
    var expression: Value?
    var location: SourceLocation
}

/// A service template that was checked against its types.
struct ServiceTemplate {
    var inputs: [Assigned] = []
    var outputs: [Assigned] = []
    var nodes: [NodeTemplate] = []
    /// The names of all node templates, those included whose type isn't known.
    var nodeNames: Set<String> = []
    var groups: [GroupTemplate] = []
    var policies: [PolicyTemplate] = []
    var workflows: [WorkflowTemplate] = []
    /// For which nodes it can be a substitution; nil if for none.
    var substitution: SubstitutionMapping?
    var about: About
}

/// How the nodes of a node template come to be: section 7.2 of the standard.
enum Directive: String, CaseIterable {
    /// They are made.
    case create
    /// They are there already, elsewhere.
    case select
    /// They are made, and a service of their own stands behind each.
    case substitute
}

/// What is known about a part of a design beside its meaning.
struct About {
    var name: String
    var description: String?
    var metadata: Value?
    var location: SourceLocation
}

/// A node template, complete.
struct NodeTemplate {
    var about: About
    var type: TypeDefinition
    var properties: [Assigned] = []
    var capabilities: [CapabilityAssignment] = []
    var requirements: [RequirementAssignment] = []
    var interfaces: [InterfaceAssignment] = []
    var artifacts: [Artifact] = []
    var count: Value?
    /// What happens on events, for the policies that target the node.
    var handlers: [Handler] = []
    /// How its nodes come to be: the first of these that is possible.
    var directives: [Directive] = [.create]
    /// What is selected, if the template may stand for a node that is there already.
    var selection: Selection?
}

extension NodeTemplate {
    /// The same, with operations that do nothing by themselves.
    var withoutImplementations: NodeTemplate {
        var result = self
        for index in interfaces.indices {
            for position in interfaces[index].operations.indices { result.interfaces[index].operations[position].call = nil }
        }
        return result
    }
}

/// Which node that is there already a node template stands for: one of its type.
struct Selection {
    /// The condition that the node fulfills, in whose paths `SELF` is the node; nil if any will do.
    var filter: Value?
}

/// A capability of a node template.
struct CapabilityAssignment {
    var about: About
    var type: TypeDefinition
    var properties: [Assigned]
    /// The types of nodes and of relationships that may lead to it; none are any.
    var validSources: [TypeDefinition] = []
    var validRelationships: [TypeDefinition] = []
}

/// A requirement of a node template.
struct RequirementAssignment {
    var about: About
    /// Which of the node template's assignments of one name it is.
    var index: Int
    var targetTemplate: String?
    var targetIndex: Value?
    var nodeType: TypeDefinition?
    var capabilityType: TypeDefinition?
    var capabilityName: String?
    var relationship: TypeDefinition?
    /// The relationship template that describes the relationship, if one does.
    var relationshipTemplate: String?
    /// The types of capabilities and of nodes that the relationship may lead to; none are any.
    var validCapabilities: [TypeDefinition] = []
    var validTargets: [TypeDefinition] = []
    var properties: [Assigned] = []
    /// What it takes of the properties of the target's capability.
    var allocations: [Assigned] = []
    var interfaces: [InterfaceAssignment] = []
    var filters: [Value] = []
    /// Where targets are looked for, if they aren't told.
    var scopes: [TargetScope] = [.internal]
    var count: Value?
    /// How many the definition allows, if the counts are expressions.
    var range: CountRange?
    var isOptional = false
}

/// An interface of a node or relationship template.
struct InterfaceAssignment {
    var about: About
    var type: TypeDefinition?
    var inputs: [Assigned] = []
    var operations: [OperationAssignment] = []
}

/// An operation, with what implements it.
struct OperationAssignment {
    var about: About
    var inputs: [Assigned] = []
    /// Where outputs go: the name of a capability or nothing, and the name of an attribute.
    var outputs: [String: (capability: String, attribute: String)] = [:]
    /// The outputs that are secrets.
    var secretOutputs: Set<String> = []
    var call: Call?
    /// How many seconds an execution may take; nil if the design does not say.
    var timeout: Int?
}

/// An artifact of a node template.
struct Artifact {
    var about: About
    var type: TypeDefinition?
    /// The file as the design says it, or a name that is no file.
    var file: String
    /// The file itself, if it is one.
    var content: ArtifactFile?
    var properties: [Assigned] = []
}

/// A group of nodes.
struct GroupTemplate {
    var about: About
    var type: TypeDefinition
    var properties: [Assigned] = []
    var members: [String] = []
}

/// A policy and the nodes that it is for.
struct PolicyTemplate {
    var about: About
    var type: TypeDefinition
    var properties: [Assigned] = []
    var members: [String] = []
}

/// A workflow, which is kept as it is written until something runs it.
struct WorkflowTemplate {
    var about: About
    /// `docs/tosca-mapping.md` tells its form.
    var document: Value
}
