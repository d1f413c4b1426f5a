// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceUndo: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take the last deployment of a service back: show the plan, ask, and carry it out.",
        discussion:
            "What was done by hand since then stays, unless ‘--take’ says otherwise. To undo an undo does the deployment again.\n\n"
            + examples("service undo shop", "service undo shop --plan-only"))

    @Argument(help: "The service.")
    var name: String

    @OptionGroup var take: TakeOptions

    @Flag(help: "Only show the plan.")
    var planOnly = false

    @OptionGroup var carryingOut: CarryingOut
    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let client = client
        let plan = try await client.planUndo(of: name, take: take.resolution)
        if planOnly { return screen.show(plan) { palette in PlanText(plan, palette).textWithName } }
        try await Planning(service: name, screen: screen).carryOut(plan, carryingOut, client)
    }
}
