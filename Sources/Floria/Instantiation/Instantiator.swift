// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What came of instantiating a design.
public struct Instantiation: Sendable {
    /// The service's graph.
    public var graph: Graph
    /// Why each edge leads where it does, by edge; empty if that wasn't asked for.
    public var choices: [Choice]
    /// Which alternatives vertexes were made from, by vertex.
    public var alternatives: [AlternativeChoice]
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
    private let limits: InstantiationLimits
    private let now: @Sendable () -> Int64

    /// Makes an instantiator.
    ///
    /// - Parameters:
    ///   - limits: How much a design may make.
    ///   - now: The time in milliseconds since 1970 UTC.
    public init(
        functions: Functions, limits: InstantiationLimits = InstantiationLimits(), now: @escaping @Sendable () -> Int64
    ) {
        self.functions = functions
        self.limits = limits
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
    ///   `floria.malformed-count`, `floria.wrong-count`, `floria.unsatisfied-requirement`, `floria.no-alternative`,
    ///   `floria.vetoed`, `floria.cycle`, `floria.too-large`, what preparers reject, and what reading the store throws.
    public func instantiate(
        _ design: Design, name: String, inputs: [String: Value], onto present: Graph? = nil, in store: (any Store)? = nil,
        explains: Bool = false
    ) async throws(Problems) -> Instantiation {
        let provenance = Provenance(.design, name, time: now())
        var refusals = Refusals()
        while true {
            var making = Making(
                design, name: name, functions: functions, provenance: provenance, present: present ?? Graph(), store: store,
                refusals: refusals, limits: limits)
            await making.make(inputs)
            let choices = explains && making.faults.isEmpty ? await making.choices() : []
            let graph = making.graph
            if !making.isTooLarge { making.checkValues(of: graph) }
            let problems = making.allProblems
            if problems.isEmpty {
                let alternatives = making.taken.values.sorted { $0.vertex < $1.vertex }
                return Instantiation(
                    graph: graph, choices: choices, alternatives: alternatives, outside: await making.outside())
            }
            guard making.refuse(for: making.faults, in: &refusals) else { throw Problems(problems) }
        }
    }
}
