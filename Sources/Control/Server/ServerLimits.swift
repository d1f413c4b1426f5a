// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What a server bears from its callers.
public struct ServerLimits: Sendable {
    /// The largest document in a request, in bytes.
    public var documentSize: Int
    /// How deep a document may be nested, and how many values it may hold. The size is that of `documentSize`.
    public var document: CodecLimits
    /// The largest head of a request, in bytes.
    public var headSize: Int
    /// How long a request may take to arrive whole.
    public var arrival: Duration
    /// How long a connection may wait for the next request, or for the next piece of one.
    public var idle: Duration
    /// How long requests that are under way may still take when the server is told to stop.
    public var grace: Duration

    /// Makes limits.
    public init(
        documentSize: Int = 64 << 20, headSize: Int = 16 << 10, arrival: Duration = .seconds(600),
        idle: Duration = .seconds(60), grace: Duration = .seconds(5)
    ) {
        self.documentSize = documentSize
        self.document = CodecLimits(
            size: documentSize, depth: CodecLimits.standard.depth, count: CodecLimits.standard.count)
        self.headSize = headSize
        self.arrival = arrival
        self.idle = idle
        self.grace = grace
    }
}
