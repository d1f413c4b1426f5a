// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// The inputs that a caller gives to an operation, as the design defines them.
struct CallInputs {
    /// What an operation is given that is called for an event, whether or not the design defines it.
    static let event = "event"

    let operation: String
    let node: ID
    private let given: ValueMap
    private let references: [String: PropertyReference]
    private var problems: [Problem] = []

    /// Takes inputs for an operation of a node or edge.
    init(_ given: ValueMap, for operation: String, of node: ID, _ implementation: OperationImplementation) {
        self.operation = operation
        self.node = node
        self.given = given
        var references: [String: PropertyReference] = [:]
        let known = implementation.inputNames
        for name in given.compactMap(\.key.text).sorted() where name != Self.event || known.contains(name) {
            references[name] = implementation.input(name)?.reference
            if references[name] == nil {
                problems.append(
                    Problem(
                        "operation.unknown-input", "the operation has no input ‘\(name)’",
                        hint: known.isEmpty ? "it has none at all" : "it has \(known.joined(separator: ", "))"))
            }
        }
        self.references = references
    }

    /// The values as the definitions want them.
    ///
    /// - Throws: `operation.malformed-inputs`, with all that is wrong.
    func prepared(by update: GraphUpdate, in store: any Store) async throws(Problem) -> ValueMap {
        var values = given
        var problems = problems
        let candidates = Dictionary(references.map { ($1, given[.text($0)] ?? .null) }) { $1 }
        let entities: [Entity]
        do {
            // As if they were set, without a commit.
            entities =
                candidates.isEmpty
                ? [] : try await update.push(candidates, in: store, provenance: Provenance(.person, "", time: 0)).entities
        } catch { throw error.all[0] }
        for (name, reference) in references.sorted(by: { $0.key < $1.key }) {
            guard let property = entities.first(where: { $0.id == reference.entity })?.properties[reference.name] else {
                continue
            }
            if case .failed(let problem) = property.status {
                problems.append(Problem("operation.wrong-input", "the input ‘\(name)’ isn’t as it must be", causes: [problem]))
            } else if let value = property.value {
                values[.text(name)] = value
            }
        }
        guard problems.isEmpty else {
            throw Problem(
                "operation.malformed-inputs", "‘\(operation)’ of ‘\(node)’ can't be called with these inputs",
                at: .entity(node.description, property: nil), causes: problems)
        }
        return values
    }
}
