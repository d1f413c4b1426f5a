// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct OperationList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the operations in the ledger, oldest first.",
        discussion: examples("operation list --service shop", "operation list --state failed"))

    @Option(help: ArgumentHelp("Only those of this service.", valueName: "name"))
    var service: String?

    @Option(
        help: ArgumentHelp("Only those that are planned, started, done, failed, cancelled or abandoned.", valueName: "state"))
    var state: String?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let rows = try await source.client().operations(of: service, state: state)
        screen.show(.list(rows)) { palette in
            var table = TextTable("ID", "NODE", "OPERATION", "STATE", "HOST", "ATTEMPT", "STARTED", "TOOK", "PROBLEM")
            for row in rows {
                table.add(
                    .init(row.words("id")), .init(row.words("node")), .init(row.words("operation")), .state(row.words("state")),
                    .init(row.words("host")), .init(row.words("attempt")), .init(row.moment("started")), .init(took(row)),
                    .init(row["problem"].map { Problem(value: $0).reason } ?? ""))
            }
            return table.text(palette)
        }
    }

    private func took(_ row: Value) -> String {
        guard let started = row["started"]?.integer, let ended = row["ended"]?.integer else { return "" }
        return Wording.duration(ended - started)
    }
}
