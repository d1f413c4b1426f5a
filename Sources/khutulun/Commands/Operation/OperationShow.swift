// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct OperationShow: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an operation's row of the ledger.", discussion: examples("operation show 1f3a"))

    @Argument(help: "The operation's ID.")
    var operation: String

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let row = try await source.client().operation(operation)
        screen.show(row) { palette in
            var table = TextTable()
            let times: Set<String> = ["planned", "started", "ended", "deadline"]
            for (key, value) in row.map ?? ValueMap() where key != "problem" {
                let name = key.words
                let cell = times.contains(name) ? TextTable.Cell(row.moment(name)) : .init(value.words)
                table.add(.init(name), name == "state" ? .state(value.words) : cell)
            }
            let problem = row["problem"].map { ProblemPrinter(usesColors: palette.isOn).text(Problem(value: $0)) } ?? ""
            return table.text(palette) + problem
        }
    }
}
