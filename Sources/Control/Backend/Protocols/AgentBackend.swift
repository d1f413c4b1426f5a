// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Tells about the agent itself.
public protocol AgentBackend: Sendable {
    /// `{"version", "host", "data", "pid"}`.
    func version() async throws(Problems) -> Value
}

/// Tells about an agent what does not change while it runs.
public struct AgentDescription: AgentBackend {
    private let document: Value

    /// - Parameters:
    ///   - version: The program's version.
    ///   - host: The host's name.
    ///   - data: The data folder.
    ///   - pid: The agent's process.
    public init(version: String, host: String, data: String, pid: Int32) {
        document = [
            "version": .text(version), "host": .text(host), "data": .text(data), "pid": .integer(Int64(pid)),
        ]
    }

    /// `{"version", "host", "data", "pid"}`.
    public func version() async throws(Problems) -> Value { document }
}
