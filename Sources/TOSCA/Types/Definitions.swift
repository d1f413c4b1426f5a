// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The type of a property, before it is a schema.
enum DataTypeReference {
    case builtIn(BuiltIn)
    case defined(TypeDefinition)

    /// The type of the language that it derives from; nil for complex types.
    var builtIn: BuiltIn? {
        switch self {
        case .builtIn(let builtIn): builtIn
        case .defined(let type): type.lineage.last?.node["derived_from"]?.text.flatMap(BuiltIn.init(rawValue:))
        }
    }

    /// Whether it is another type or derives from it.
    func isA(_ other: DataTypeReference) -> Bool {
        switch (self, other) {
        case (.defined(let type), .defined(let other)): type.isA(other)
        case (_, .builtIn(let other)): builtIn == other
        case (.builtIn, .defined): false
        }
    }

    /// The name of the type.
    var name: String {
        switch self {
        case .builtIn(let builtIn): builtIn.rawValue
        case .defined(let type): type.name
        }
    }
}

/// A property, attribute or parameter as a type defines it, refinements included.
struct PropertyDefinition {
    var name: String
    var type: DataTypeReference?
    var schema: Schema = .any
    var isRequired = true
    var defaultValue: Value?
    /// The value that cannot be changed.
    var fixedValue: Value?
    /// The attribute that an output goes to, as it is written.
    var mapping: YAMLNode?
    var description: String?
    var location: SourceLocation
}

/// A capability as a node type defines it.
struct CapabilityDefinition {
    let name: String
    var type: TypeDefinition
    var properties: [String: PropertyDefinition]
    var attributes: [String: PropertyDefinition]
    var validSources: [TypeDefinition]?
    var validRelationships: [TypeDefinition]?
    var location: SourceLocation
}

/// A requirement as a node type defines it.
struct RequirementDefinition {
    let name: String
    /// The capability's type, or that of the capability that is meant by its name.
    var capability: TypeDefinition?
    /// The name of the capability in the target node.
    var capabilityName: String?
    var node: TypeDefinition?
    var relationship: TypeDefinition?
    var properties: [String: PropertyDefinition] = [:]
    var attributes: [String: PropertyDefinition] = [:]
    var interfaces: [String: InterfaceDefinition] = [:]
    var filters: [YAMLNode] = []
    var lowerBound = 0
    /// The most relationships; nil is any number.
    var upperBound: Int?
    var location: SourceLocation
    var file: SourceFile
}

/// An interface as a node or relationship type defines it.
struct InterfaceDefinition {
    let name: String
    var type: TypeDefinition?
    var inputs: [String: PropertyDefinition] = [:]
    var operations: [String: OperationDefinition] = [:]
    var notifications: [String: OperationDefinition] = [:]
    var location: SourceLocation
}

/// An operation or notification.
struct OperationDefinition {
    let name: String
    var inputs: [String: PropertyDefinition] = [:]
    var outputs: [String: PropertyDefinition] = [:]
    var implementation: Implementation?
    var location: SourceLocation
}

/// What implements an operation, as it is written.
struct Implementation {
    /// The name of an artifact, or an artifact.
    let node: YAMLNode
    let file: SourceFile
}

/// An artifact as it is written.
struct ArtifactDefinition {
    let name: String
    let node: YAMLNode
    let file: SourceFile
    let location: SourceLocation
}

/// Everything that a type and its ancestors define.
struct TypeContent {
    var properties: [String: PropertyDefinition] = [:]
    var attributes: [String: PropertyDefinition] = [:]
    var capabilities: [String: CapabilityDefinition] = [:]
    var requirements: [RequirementDefinition] = []
    var interfaces: [String: InterfaceDefinition] = [:]
    var artifacts: [String: ArtifactDefinition] = [:]
    /// The operations and notifications of an interface type, and its inputs.
    var ownInterface: InterfaceDefinition?
    var triggers: [(name: String, node: YAMLNode, file: SourceFile)] = []
    /// The lists of types that a type allows others to be, by keyname.
    var allowed: [String: [TypeDefinition]] = [:]
}
