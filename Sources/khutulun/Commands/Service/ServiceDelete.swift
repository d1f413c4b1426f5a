// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceDelete: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a service and all that belongs to it.",
        discussion: examples("service delete shop", "service delete shop --yes --no-wait"))

    @Argument(help: "The service.")
    var name: String

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var yes = false

    @Flag(inversion: .prefixedNo, help: "Whether to wait for the end and show the progress.")
    var wait = true

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let client = client
        let planning = Planning(service: name, screen: screen)
        let plan = try await client.planDeletion(of: name)
        screen.tell(PlanText(plan, Palette(isOn: Terminal.error.usesColors)).text)
        try planning.confirm(plan, question: "Remove it?", isConfirmed: yes)
        try await planning.apply(plan, waits: wait, client)
    }
}
