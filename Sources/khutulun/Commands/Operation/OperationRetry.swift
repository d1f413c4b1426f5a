// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct OperationRetry: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Run an operation again that failed.",
        discussion: examples("operation list --state failed", "operation retry 1f3a"))

    @Argument(help: "The operation's ID.")
    var operation: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let row = try await client.retry(operation)
        screen.show(row) { _ in "\(row.words("operation")) of \(row.words("node")) runs again\n" }
    }
}
