// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import Glibc
import Support

/// Reads the logs of nodes on this host without the agent.
enum OfflineLog {
    /// The lines of a node's log, oldest first, with the positions in bytes that an agent would give them.
    ///
    /// - Throws: `command.unreadable`.
    static func lines(of node: ID, in data: String, _ request: LogRequest) throws(Problems) -> APIStream<Value> {
        let folder = "\(data)/nodes/\(node)"
        // There is no log before the process has printed something.
        let isSilent = access("\(folder)/log", F_OK) != 0 && access("\(folder)/record", F_OK) == 0
        let content = isSilent ? [] : try Files.read("\(folder)/log")
        var lines: [Value] = []
        var position = 0
        for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            position += line.count + 1
            if position > request.after ?? 0 {
                lines.append(["position": .integer(position), "line": .text(String(decoding: line, as: UTF8.self))])
            }
        }
        return APIStream(request.lines.map { lines.suffix($0) } ?? lines)
    }
}
