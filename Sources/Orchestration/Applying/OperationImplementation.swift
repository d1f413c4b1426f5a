// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// What the graph says about one operation of a node or an edge.
struct OperationImplementation {
    let handler: Handler
    private let interface: Vertex?
    private let name: String
    private let node: ID
    private let header: EntityHeader

    /// Finds an operation, `INTERFACE.OPERATION`.
    ///
    /// - Throws: `operation.unknown`, with the operations that there are, if there is no such one.
    init(of operation: String, subject: ID, in snapshot: any Snapshot) throws(Problem) {
        node = subject
        name = operation.operationName
        var candidates: [(name: String, handler: Handler, interface: Vertex?)] = []
        switch try snapshot.entity(subject) {
        case .edge(let edge):
            header = edge.header
            candidates = edge.handlers.map { ($0.event, $0, nil) }
        case .vertex(let vertex):
            header = vertex.header
            for case .vertex(let vertex) in try snapshot.entities(.contained(in: subject)) where vertex.kind == "interface" {
                candidates += vertex.handlers.map { ("\(vertex.symbolicName ?? "").\($0.event)", $0, vertex) }
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

    /// How long the design lets an execution take, in milliseconds; nil if it does not say.
    var timeLimit: Int64? {
        let seconds = interface.map { $0.header.metadata["timeouts"]?[name] } ?? header.metadata["timeouts"]?[handler.event]
        return seconds?.integer.map { Int64($0) * 1000 }
    }

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
        let properties = interface?.properties ?? [:]
        for (key, property) in properties where !key.contains(".") {
            if let value = try value(of: property, key) { inputs[key] = value }
        }
        for (key, property) in properties where key.hasPrefix(name + ".") {
            if let value = try value(of: property, key) { inputs[String(key.dropFirst(name.count + 1))] = value }
        }
        return inputs
    }

    /// Makes sure that inputs which are given by hand hold a content of no secret, because they are kept with the operation.
    ///
    /// - Throws: `secret.plain-value`.
    func checkSecrets(in inputs: ValueMap) throws(Problem) {
        for (key, value) in inputs {
            guard let key = key.text, SecretReference(value) == nil else { continue }
            let property = interface?.properties["\(name).\(key)"] ?? interface?.properties[key]
            guard property?.isSensitive == true else { continue }
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
        for (output, mapping) in interface?.header.metadata["outputs"]?[name]?.map ?? ValueMap() {
            guard let target = mapping.list?.compactMap(\.text), target.count == 2 else { continue }
            targets.append((output, PropertyReference(try owner(target[0], in: snapshot), target[1])))
        }
        return targets
    }

    /// The outputs that are secrets, because they are defined as such or go to sensitive attributes, with the attributes; the
    /// others have an empty one.
    func sensitiveOutputs(in snapshot: any Snapshot) throws(Problem) -> [String: Property] {
        let defined =
            interface.map { $0.header.metadata["secret-outputs"]?[name] } ?? header.metadata["secret-outputs"]?[handler.event]
        var outputs = Dictionary((defined?.list ?? []).compactMap(\.text).map { ($0, Property()) }) { $1 }
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
