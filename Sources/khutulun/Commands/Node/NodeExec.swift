// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeExec: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command beside a node's workload.",
        discussion: examples("node exec shop/web-0 -- ps aux"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @OptionGroup var agent: AgentOptions

    @Argument(parsing: .postTerminator, help: "The command and its arguments, after ‘--’.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("there is no command: write it after ‘--’") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        var status: Int?
        try await forEach(in: try await client.exec(command, on: node.id)) { piece throws(Problems) in
            status = piece["status"]?.integer ?? status
            if screen.format != .table {
                screen.showNext(piece) { _ in nil }
            } else {
                if let text = piece["output"]?.text { Terminal.output.write(text) }
                if let text = piece["error"]?.text { Terminal.error.write(text) }
            }
            return true
        }
        guard status == 0 else {
            let outcome = status.map { "ended with status \($0)" } ?? "did not tell how it ended"
            throw Problems([
                Problem("command.exec-failed", "‘\(command[0])’ \(outcome)", at: .entity(node.id.description, property: nil))
            ])
        }
    }
}
