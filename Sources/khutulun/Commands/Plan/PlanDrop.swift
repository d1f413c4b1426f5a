// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct PlanDrop: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Forget a plan, so that it can't be carried out any more.",
        discussion: examples("plan drop 1764061234567"))

    @Argument(help: "The plan.")
    var plan: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.drop(plan: plan)
        screen.show(["id": .text(plan)]) { _ in "the plan is forgotten\n" }
    }
}
