// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceDeploy: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Make a service what a design says: show the plan, ask, and carry it out.",
        discussion: "What is carried out is what was shown. Interrupting this command leaves the deployment going on.\n\n"
            + examples(
                "service deploy shop shop.yaml --input instances=2",
                "service deploy shop shop.yaml --inputs production.yaml --yes",
                "service deploy shop shop.yaml --no-wait"))

    @Argument(help: "The service.")
    var name: String

    @Argument(help: "The design's file.", completion: .file(extensions: ["yaml", "yml"]))
    var design: String

    @OptionGroup var inputs: InputOptions

    @Flag(help: "Only show the plan.")
    var planOnly = false

    @Flag(name: .shortAndLong, help: "Don't ask.")
    var yes = false

    @Flag(help: "Carry it out also if it destroys data.")
    var destroy = false

    @Flag(inversion: .prefixedNo, help: "Whether to wait for the end and show the progress.")
    var wait = true

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let client = client
        let planning = Planning(service: name, screen: screen)
        let plan = try await planning.plan(design, inputs, client)
        if planOnly { return screen.show(plan) { palette in PlanText(plan, palette).text } }
        screen.tell(PlanText(plan, Palette(isOn: Terminal.error.usesColors)).text)
        guard destroy || plan.texts("destroys").isEmpty else {
            throw Problems([
                Problem(
                    "command.would-destroy",
                    "the plan destroys what these hold: \(plan.texts("destroys").joined(separator: ", "))",
                    hint: "if that is wanted, say so with ‘--destroy’")
            ])
        }
        try planning.confirm(plan, question: "Carry it out?", isConfirmed: yes)
        try await planning.apply(plan, waits: wait, client)
    }
}
