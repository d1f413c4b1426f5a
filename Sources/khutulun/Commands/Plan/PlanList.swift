// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct PlanList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the plans that can still be carried out, oldest first.",
        discussion: examples("plan list", "plan list --service shop"))

    @Option(help: ArgumentHelp("Only those of this service.", valueName: "name"))
    var service: String?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let plans = try await source.client().plans(of: service)
        screen.show(.list(plans)) { palette in
            var table = TextTable("ID", "SERVICE", "TO", "MADE", "CHANGES", "OPERATIONS")
            for plan in plans {
                table.add(
                    .init(plan.words("id")), .init(plan.words("service")), .init(plan.words("goal")),
                    .init(plan.moment("time")), .init(plan.words("changes")), .init(plan.words("operations")))
            }
            return table.text(palette)
        }
    }
}
