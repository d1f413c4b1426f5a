// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What the graph says about one operation of a node or an edge.
struct OperationImplementation {
    let handler: Handler
    private let name: String
    private let node: ID
    /// The header of the node or edge.
    private let header: EntityHeader
    private let interface: Interface

    /// Where an interface's values are: at a vertex of its own, or at an edge with those of its other interfaces.
    fileprivate struct Interface {
        let header: EntityHeader
        let classes: [ID]
        let properties: [String: Property]
        /// What the names of the properties begin with.
        let prefix: String
        /// The key of what the metadata says of the operation.
        let key: String
    }

    /// Finds an operation, `INTERFACE.OPERATION`.
    ///
    /// - Throws: `operation.unknown`, with the operations that there are, if there is no such one.
    init(of operation: String, subject: ID, in snapshot: any Snapshot) throws(Problem) {
        node = subject
        name = operation.operationName
        var candidates: [(name: String, handler: Handler, interface: Interface)] = []
        switch try snapshot.entity(subject) {
        case .edge(let edge):
            header = edge.header
            candidates = edge.handlers.map { ($0.event, $0, Interface(of: edge, operation: $0.event)) }
        case .vertex(let vertex):
            header = vertex.header
            for case .vertex(let vertex) in try snapshot.entities(.contained(in: subject)) where vertex.kind == "interface" {
                candidates += vertex.handlers.map {
                    ("\(vertex.symbolicName ?? "").\($0.event)", $0, Interface(of: vertex, operation: $0.event))
                }
            }
        default: throw Problem("node.unknown", "there is no ‘\(subject)’", at: .entity(subject.description, property: nil))
        }
        guard let found = candidates.first(where: { $0.name == operation }) else {
            let names = candidates.map(\.name).sorted().joined(separator: ", ")
            throw Problem(
                "operation.unknown", "‘\(subject)’ has no operation ‘\(operation)’",
                at: .entity(subject.description, property: nil),
                hint: names.isEmpty ? "it has none at all" : "it has \(names)")
        }
        (_, handler, interface) = found
    }

    /// Whether the outcome says how far the node has come in its life. Operations of other interfaces may have any names.
    var isOfLifecycle: Bool { interface.classes.contains(Lifecycle.interface) }

    /// Whether it ends the node.
    var endsNode: Bool { isOfLifecycle && name == Lifecycle.ending.last }

    /// How long the design lets an execution take, in milliseconds; nil if it does not say.
    var timeLimit: Int64? { metadata("timeouts")?.integer.map { Int64($0) * 1000 } }

    private func metadata(_ name: String) -> Value? { interface.header.metadata[name]?[interface.key] }

    /// The place in the design that asks for it: where the operation is implemented, or the node if that is in another file.
    var location: SourceLocation? {
        guard case .source(let own)? = header.metadata["location"].flatMap(Problem.Place.init(value:)) else {
            return handler.location
        }
        guard let location = handler.location, location.file == own.file else { return own }
        return location
    }

    /// The values of the inputs that the design gives: those of the interface, overlaid by those of the operation.
    func inputs() throws(Problem) -> ValueMap {
        var inputs = ValueMap()
        for key in inputNames {
            if let input = input(key), let value = try value(of: input.property, key) { inputs[.text(key)] = value }
        }
        return inputs
    }

    /// The names of the inputs that the design knows, in order.
    var inputNames: [String] {
        let names = interface.properties.keys.filter { $0.hasPrefix(interface.prefix) }.map {
            $0.dropFirst(interface.prefix.count)
        }
        let own = names.filter { $0.hasPrefix(name + ".") }.map { $0.dropFirst(name.count + 1) }
        return Set((own + names.filter { !$0.contains(".") }).map(String.init)).sorted()
    }

    /// The property that is an input: the operation's own, or else its interface's.
    func input(_ key: String) -> (reference: PropertyReference, property: Property)? {
        for name in ["\(interface.prefix)\(name).\(key)", interface.prefix + key] {
            if let property = interface.properties[name] { return (PropertyReference(interface.header.id, name), property) }
        }
        return nil
    }

    /// Makes sure that inputs which are given by hand hold a content of no secret, because they are kept with the operation.
    ///
    /// - Throws: `secret.plain-value`.
    func checkSecrets(in inputs: ValueMap) throws(Problem) {
        for (key, value) in inputs {
            guard let key = key.text, SecretReference(value) == nil, input(key)?.property.isSensitive == true else { continue }
            throw Problem(
                "secret.plain-value", "the input ‘\(key)’ of the operation ‘\(name)’ is sensitive, and was given plainly",
                at: .entity(node.description, property: key),
                hint: "make a secret with ‘khutulun secret set’, and give it with ‘--secret \(key)=NAME’")
        }
    }

    private func value(of property: Property, _ key: String) throws(Problem) -> Value? {
        switch property.status {
        case .pending(let reason), .failed(let reason):
            throw Problem(
                "operation.input-missing", "the input ‘\(key)’ of the operation ‘\(name)’ has no value",
                at: .entity(node.description, property: key), causes: [reason])
        default: property.value
        }
    }

    /// The attributes that outputs are mapped to, with the outputs' values.
    func values(of outputs: ValueMap, in snapshot: any Snapshot) throws(Problem) -> [PropertyReference: Value] {
        var values: [PropertyReference: Value] = [:]
        for (output, target) in try targets(in: snapshot) {
            if let value = outputs[output] { values[target] = value }
        }
        return values
    }

    private func targets(in snapshot: any Snapshot) throws(Problem) -> [(output: Value, target: PropertyReference)] {
        var targets: [(output: Value, target: PropertyReference)] = []
        for (output, mapping) in metadata("outputs")?.map ?? ValueMap() {
            guard let target = mapping.list?.compactMap(\.text), target.count == 2 else { continue }
            targets.append((output, PropertyReference(try owner(target[0], in: snapshot), target[1])))
        }
        return targets
    }

    /// The outputs that are secrets, because they are defined as such or go to sensitive attributes, with the attributes; the
    /// others have an empty one.
    func sensitiveOutputs(in snapshot: any Snapshot) throws(Problem) -> [String: Property] {
        var outputs = Dictionary((metadata("secret-outputs")?.list ?? []).compactMap(\.text).map { ($0, Property()) }) { $1 }
        for (output, target) in try targets(in: snapshot) {
            guard let output = output.text, let property = try snapshot.entity(target.entity)?.properties[target.name],
                property.isSensitive
            else { continue }
            outputs[output] = property
        }
        return outputs
    }

    /// The node, or its capability of a name.
    private func owner(_ capability: String, in snapshot: any Snapshot) throws(Problem) -> ID {
        if capability.isEmpty { return node }
        for case .vertex(let vertex) in try snapshot.entities(.contained(in: node))
        where vertex.kind == "capability" && vertex.symbolicName == capability { return vertex.header.id }
        throw Problem("operation.unknown-capability", "‘\(node)’ has no capability ‘\(capability)’")
    }
}

extension OperationImplementation.Interface {
    fileprivate init(of vertex: Vertex, operation: String) {
        self.init(header: vertex.header, classes: vertex.classes, properties: vertex.properties, prefix: "", key: operation)
    }

    /// An edge's operations are named with their interfaces.
    fileprivate init(of edge: Edge, operation: String) {
        let interface = operation.split(separator: ".").first ?? ""
        self.init(
            header: edge.header, classes: [], properties: edge.properties, prefix: "\(interface).", key: operation)
    }
}
