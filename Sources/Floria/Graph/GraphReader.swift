// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Whatever vertexes and edges can be read from.
public protocol GraphReader: Sendable {
    /// The vertex of an ID.
    func vertex(_ id: ID) -> Vertex?
    /// The edge of an ID.
    func edge(_ id: ID) -> Edge?
    /// What a vertex contains: by template, then by index.
    func contained(in id: ID) -> [Vertex]
    /// The edges that leave a vertex: by name, then by index.
    func outgoing(from id: ID) -> [Edge]
    /// The edges that lead to a vertex, in order of ID.
    func incoming(to id: ID) -> [Edge]
}
