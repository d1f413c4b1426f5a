// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What came of instantiating a design.
public struct Instantiation: Sendable {
    /// The service's graph.
    public var graph: Graph
    /// Why each edge leads where it does, by edge; empty if that wasn't asked for.
    public var choices: [Choice]
    /// What was looked at of other services; nil if none were. Whoever commits the graph adds what
    /// ``Outside/claims(of:onto:)`` gives, so that no two services take the same of them.
    public var outside: Outside?
}

/// Makes graphs from designs.
///
/// Vertexes first, by their counts; then properties, as far as their values are known; then edges; then the properties
/// that had to wait for these. Nothing is stored: what comes of it is a value. `docs/instantiation.md` tells more.
public struct Instantiator: Sendable {
    private let functions: Functions
    private let now: @Sendable () -> Int64

    /// Makes an instantiator.
    ///
    /// - Parameter now: The time in milliseconds since 1970 UTC.
    public init(functions: Functions, now: @escaping @Sendable () -> Int64) {
        self.functions = functions
        self.now = now
    }

    /// Makes the graph of a service.
    ///
    /// - Parameters:
    ///   - name: The service's name, which names its vertex and the directory of all others.
    ///   - inputs: Values for the properties `input.NAME` of the service's vertex.
    ///   - present: What is there of the service already. Attributes, and whatever operations and plugins have set, keep
    ///     their values; edges prefer the targets that they have; edges that no design made take of capacities too.
    ///   - store: Where other services are, if edges may lead to their vertexes.
    ///   - explains: Whether to tell why each edge leads where it does, which takes about as long again.
    /// - Throws: All problems together: `floria.unknown-input`, `floria.missing-input`, `floria.missing-value`,
    ///   `floria.malformed-count`, `floria.wrong-count`, `floria.unsatisfied-requirement`, `floria.vetoed`, `floria.cycle`,
    ///   what preparers reject, and what reading the store throws.
    public func instantiate(
        _ design: Design, name: String, inputs: [String: Value], onto present: Graph? = nil, in store: (any Store)? = nil,
        explains: Bool = false
    ) async throws(Problems) -> Instantiation {
        var making = Making(
            design, name: name, functions: functions, provenance: Provenance(.design, name, time: now()),
            present: present ?? Graph(), store: store)
        await making.makeRoot(inputs)
        await making.makeContained()
        await making.settle()
        if making.problems.isEmpty { await making.handleVertexes() }
        if making.problems.isEmpty { await making.makeEdges() }
        let choices = explains && making.problems.isEmpty ? await making.choices() : []
        return Instantiation(graph: try making.finish(), choices: choices, outside: await making.outside())
    }
}
