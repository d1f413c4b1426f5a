// SPDX-License-Identifier: Apache-2.0 OR MIT

/// What one call of a plugin may use up. What is over a limit is a problem of that call and of nothing else.
public struct PluginLimits: Sendable, Hashable {
    /// Linear memory, in bytes, at most 1 GiB: `plugin.memory`.
    public var memory: Int
    /// Time from the start to the result, also while the host works for the plugin: `plugin.timeout`.
    public var time: Duration
    /// Time in which the plugin itself computes: `plugin.cpu`.
    public var cpu: Duration
    /// The size of the result, and of each document for the host, in bytes: `plugin.output`.
    public var output: Int
    /// How deeply calls of plugins by plugins may be nested: `plugin.nesting`.
    public var nesting: Int

    /// Makes limits.
    public init(
        memory: Int = 64 << 20, time: Duration = .seconds(30), cpu: Duration = .seconds(5), output: Int = 16 << 20,
        nesting: Int = 16
    ) {
        self.memory = memory
        self.time = time
        self.cpu = cpu
        self.output = output
        self.nesting = nesting
    }

    /// What calls get if nobody says otherwise.
    public static let standard = PluginLimits()
}
