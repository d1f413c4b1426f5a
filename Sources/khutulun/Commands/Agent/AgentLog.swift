// SPDX-License-Identifier: Apache-2.0 OR MIT
import Logging

/// Writes the agent's log to standard error, a line for an entry.
struct AgentLog: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(level: Logger.Level) { logLevel = level }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { Terminal.error.write("\(event.level): \(event.message)\n") }
}
