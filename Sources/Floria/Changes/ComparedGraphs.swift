// SPDX-License-Identifier: Apache-2.0 OR MIT

/// The graphs that are compared, and where the design's is taken.
struct ComparedGraphs {
    /// What the design last made.
    let made: Graph
    /// What it wants now.
    let wanted: Graph
    /// What is.
    let present: Graph
    let resolution: Resolution

    /// Whether the design's is taken for an entity: for itself or for what contains it.
    func takes(_ id: ID) -> Bool {
        if resolution.takesAll { return true }
        if resolution.entities.isEmpty { return false }
        var seen: Set<ID> = []
        var next: ID? = id
        while let current = next, seen.insert(current).inserted {
            if resolution.entities.contains(current) { return true }
            next = (present.vertex(current) ?? wanted.vertex(current))?.container
        }
        return false
    }

    /// Whether the design's is taken for a property.
    func takes(_ property: String, of id: ID) -> Bool {
        resolution.properties.contains(PropertyReference(id, property)) || takes(id)
    }

    /// Whether the design no longer makes a vertex.
    func isLeaving(_ id: ID) -> Bool { wanted.vertex(id) == nil && made.vertex(id) != nil }
}
