// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria

/// What changes in the graph that a design last made, which is kept beside what is.
public struct Baseline: Sendable {
    /// What the design makes otherwise than before.
    public var puts: [Entity]
    /// What the design doesn't make any more.
    public var deletions: [ID]

    init(puts: [Entity], deletions: [ID]) {
        self.puts = puts
        self.deletions = deletions
    }

    /// Compares what a design made with what it makes now. O(n).
    init(from made: Graph, to wanted: Graph) {
        let entities = wanted.entities
        puts = entities.filter { !$0.isMadeLike(made) }
        let ids = Array(made.vertexes.keys) + Array(made.edges.keys)
        deletions = ids.filter { wanted.vertex($0) == nil && wanted.edge($0) == nil }
    }
}

extension Entity {
    /// Whether a design made the same before, whoever made it and when.
    fileprivate func isMadeLike(_ made: Graph) -> Bool {
        guard let old = made.entity(id) else { return false }
        var new = self
        new.header = old.header
        new.header.metadata = header.metadata
        return new == old
    }
}
