// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// How much may come of a design. What would be more is refused before it is made.
public struct InstantiationLimits: Sendable, Hashable {
    /// The most vertexes, with the service's own.
    public var vertexes: Int
    /// The most edges.
    public var edges: Int
    /// How many vertexes may lie within each other below the service's own.
    public var depth: Int

    /// Makes limits; each is what it is for every design unless another one is told.
    public init(vertexes: Int = 1_000_000, edges: Int = 1_000_000, depth: Int = 32) {
        self.vertexes = vertexes
        self.edges = edges
        self.depth = depth
    }
}

extension Making {
    func tooDeep(_ vertex: ID, _ template: EntityHeader) -> Problem {
        Problem(
            "floria.too-large", "‘\(vertex)’ would lie deeper than \(limits.depth) levels", at: template.place,
            hint: alternativesHint)
    }

    func tooMany(_ count: Int, of vertex: ID, _ template: EntityHeader) -> Problem {
        let what = count == 1 ? "‘\(vertex)’" : "\(count) vertexes from ‘\(vertex)’ on"
        return Problem(
            "floria.too-large",
            "with \(what) the design makes more than \(limits.vertexes) vertexes", at: template.place,
            hint: alternativesHint)
    }

    func tooManyEdges(_ source: ID) -> Problem {
        Problem("floria.too-large", "with the edges of ‘\(source)’ the design makes more than \(limits.edges) edges")
    }

    private var alternativesHint: String? {
        taken.isEmpty ? nil : "alternatives may lie within themselves only if their conditions are false at some time"
    }
}
