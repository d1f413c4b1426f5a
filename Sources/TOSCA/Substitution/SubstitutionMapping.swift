// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// For which nodes a service template can be a substitution, and what of them becomes what of it: chapter 15 of the standard.
struct SubstitutionMapping {
    var location: SourceLocation
    /// The type of the nodes.
    var nodeType: TypeDefinition
    /// The condition that a node fulfills, in whose paths `SELF` is the node; nil if any will do.
    var filter: Value?
    /// The inputs, with the paths of the properties that give their values.
    var inputs: [String: [Value]] = [:]
    /// The paths of attributes, with the outputs that give their values.
    var attributes: [(path: [Value], output: String)] = []
    /// The names of capabilities, with the node template and its capability that stand behind them.
    var capabilities: [(name: String, node: String, capability: String)] = []
    /// What the relationships of the node become, in the order of the design.
    var requirements: [RequirementMapping] = []
    /// The names of interfaces, of operations and of the workflows that carry these out.
    var interfaces: [String: [String: String]] = [:]
    /// What a requirement gets that is mapped to more often than the node template assigns it.
    var further: [MappingTarget: RequirementAssignment] = [:]
}

/// What some relationships of a substituted node become.
struct RequirementMapping {
    /// How many relationships it is for.
    enum Count: Hashable {
        /// All, or one of several mappings of the same name.
        case unsaid
        case some(Int)
        /// All that are left.
        case unbounded
    }

    var name: String
    var count: Count
    var targets: [MappingTarget]
}

/// A requirement of a node template, or a node template that is selected.
struct MappingTarget: Hashable {
    var node: String
    /// Nil if the node itself is what the relationship leads to.
    var requirement: String?
}
