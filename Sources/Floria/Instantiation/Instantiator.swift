// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Makes graphs from designs.
///
/// Vertexes first, by their counts; then properties, as far as their values are known; then edges; then the properties
/// that had to wait for these. Nothing is stored: what comes of it is a value.
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
    ///     their values; edges prefer the targets that they have.
    /// - Throws: All problems together: `floria.unknown-input`, `floria.missing-input`, `floria.missing-value`,
    ///   `floria.malformed-count`, `floria.unsatisfied-requirement`, `floria.cycle`, and what preparers reject.
    public func instantiate(
        _ design: Design, name: String, inputs: [String: Value], onto present: Graph? = nil
    ) async throws(Problems) -> Graph {
        var making = Making(
            design, name: name, functions: functions, provenance: Provenance(.design, name, time: now()),
            present: present ?? Graph())
        making.makeRoot(inputs)
        await making.makeContained()
        await making.settle()
        if making.problems.isEmpty { await making.makeEdges() }
        return try making.finish()
    }
}
