// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct PlanShow: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a plan as it was shown when it was made.",
        discussion: examples("plan show 1764061234567"))

    @Argument(help: "The plan.")
    var plan: String

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let shown = try await source.client().plan(plan)
        screen.show(shown) { palette in PlanText(shown, palette).textWithName }
    }
}
