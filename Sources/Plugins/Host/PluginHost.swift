// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// What the host does for one call of a plugin: the executor behind the functions that the plugin imports.
///
/// A host is made for one call. It knows the call's site and the plugin's grants, and refuses what isn't granted.
public protocol PluginHost: Sendable {
    /// Writes a line to the log. Called on the plugin's stack: it must be quick and must not call the plugin.
    func log(_ level: LogLevel, _ message: String)
    /// The time in milliseconds since 1970 UTC.
    func now() -> UInt64
    /// Waits. It returns early when its task is cancelled.
    func sleep(milliseconds: UInt64) async
    /// Does what a function of the plugin interface says. When the call's deadline passes the task is cancelled, and the
    /// call ends without waiting for it.
    ///
    /// - Parameters:
    ///   - function: The function.
    ///   - request: Its document; for ``HostFunction/get`` the text of an identifier, for ``HostFunction/listeners`` null.
    ///   - site: The site of an ``HostFunction/evaluate``, nil for all others.
    /// - Throws: The problem that the plugin gets.
    func call(_ function: HostFunction, _ request: Value, site: CallSite?) async throws(Problem) -> Value
}

/// The functions of the plugin interface that take and give documents. Each needs a grant.
public enum HostFunction: String, Sendable, Hashable, CaseIterable {
    case evaluate, get, query, commit, emit, run, spawn, status, signal, wait, forget, listeners, http, connect, file
    case secret
}

/// How important a line is that a plugin logs.
public enum LogLevel: String, Sendable, Hashable, CaseIterable {
    case debug, info, warning, error
}

/// A host that does nothing for a plugin: for asking it to describe itself.
public struct RefusingHost: PluginHost {
    /// Makes one.
    public init() {}

    /// Forgets the line.
    public func log(_ level: LogLevel, _ message: String) {}

    /// Always 0.
    public func now() -> UInt64 { 0 }

    /// Doesn't wait.
    public func sleep(milliseconds: UInt64) async {}

    /// Refuses with `plugin.not-granted`.
    public func call(_ function: HostFunction, _ request: Value, site: CallSite?) async throws(Problem) -> Value {
        throw Problem("plugin.not-granted", "‘\(function.rawValue)’ can't be called while a plugin describes itself")
    }
}
