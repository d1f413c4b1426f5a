// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// What the calls in a value may refer to.
struct Scope {
    /// What `SELF` means.
    enum Subject {
        /// Nothing is known of it.
        case open
        /// The service itself, which has no `SELF`.
        case service
        /// What an interface type says, without a node or relationship that has the interface.
        case interfaceType
        /// A node made from the template of this name.
        case node(String)
        /// A relationship that leaves a node made from the template, by the requirement of this name.
        case relationship(String, String)
        /// A node or relationship of the type, or of one derived from it.
        case type(TypeDefinition)
        /// A relationship that leaves a node of the type, or of one derived from it, by the requirement of this name.
        case requirement(TypeDefinition, String)
    }

    var subject: Subject
    /// Whether it is in the service template, although `SELF` is known by its type only.
    var isInService = false
    /// The inputs that there are beside those of the service: those of a workflow.
    var inputs: [String: PropertyDefinition] = [:]
    /// The schema of what `$value` means; nil if it means nothing.
    var value: Schema?
    /// The signature whose arguments `$argument` means; nil if it means nothing.
    var signature: Signature?

    /// The scope of values in types of which nothing is known.
    static var type: Scope { Scope(subject: .open) }

    /// The scope of what a type says of its instances.
    static func instance(of type: TypeDefinition) -> Scope {
        Scope(subject: type.kind == .node || type.kind == .relationship ? .type(type) : .open)
    }

    /// The same scope in a validation clause.
    func validating(_ schema: Schema) -> Scope {
        var scope = self
        scope.value = schema
        return scope
    }
}

/// Remembers the expressions of a design, to be checked when all is known that they refer to.
final class ExpressionLog {
    /// An expression, as it is written and as it was read.
    struct Entry {
        let node: YAMLNode
        let value: Value
        let expected: Schema?
        /// What gets the value.
        let name: String?
        let scope: Scope
    }

    private(set) var entries: [Entry] = []

    /// Forgets the expressions, once they are checked.
    func clear() { entries = [] }

    /// Takes note of an expression.
    func add(_ entry: Entry) { entries.append(entry) }
}

/// What a service template says, beside its types, of what expressions refer to.
final class Surroundings {
    /// A node template.
    struct Node {
        var type: TypeDefinition
        /// Whether its nodes are of exactly this type.
        var isExact: Bool
        var artifacts: Set<String> = []
        /// The node templates that its requirements lead to, by the requirements' names; nil where none is told.
        var targets: [String: [String?]] = [:]
    }

    var inputs: [String: Schema] = [:]
    var nodes: [String: Node] = [:]
    /// The types of relationship templates.
    var relationships: [String: TypeDefinition] = [:]
    /// The names of templates whose types are missing.
    var broken: Set<String> = []
}
