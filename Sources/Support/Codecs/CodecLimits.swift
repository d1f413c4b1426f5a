// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What a decoder accepts of an encoded value that may come from outside.
public struct CodecLimits: Sendable, Hashable {
    /// The largest encoded form, in bytes.
    public var size: Int
    /// The deepest nesting of lists, maps, custom values and calls.
    public var depth: Int
    /// The most values in all, keys included.
    public var count: Int

    /// Makes limits.
    public init(size: Int, depth: Int, count: Int) {
        self.size = size
        self.depth = depth
        self.count = count
    }

    /// 64 MiB, 128 levels, 4 million values.
    public static let standard = CodecLimits(size: 64 << 20, depth: 128, count: 4 << 20)
}
