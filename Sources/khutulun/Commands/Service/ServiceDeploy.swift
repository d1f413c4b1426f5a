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
                "service deploy shop shop.yaml --no-wait", "service deploy shop --plan 1764061234567"))

    @Argument(help: "The service.")
    var name: String

    @Argument(help: "The design's file, an archive, or the address of either; - is the standard input.", completion: .file())
    var design: String?

    @Option(help: ArgumentHelp("Carry out this plan, which was shown before.", valueName: "id"))
    var plan: String?

    @OptionGroup var inputs: InputOptions
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var substitutions: SubstitutionOptions
    @OptionGroup var take: TakeOptions

    @Flag(help: "Only show the plan.")
    var planOnly = false

    @OptionGroup var carryingOut: CarryingOut

    @OptionGroup var agent: AgentOptions

    func validate() throws {
        guard (design == nil) != (plan == nil) else { throw ValidationError("give either a design's file or ‘--plan’") }
        guard plan == nil || take.take.isEmpty && inputs.input.isEmpty && inputs.secrets.isEmpty && inputs.inputs == nil else {
            throw ValidationError(
                "a plan has its inputs already: ‘--plan’ goes without ‘--input’, ‘--inputs’, ‘--secret’ and ‘--take’")
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let client = client
        let planning = Planning(service: name, screen: screen)
        let shown: Value
        if let design {
            let file = try DesignFile(design, service: name, archive: archive, screen: screen)
            shown = try await planning.plan(file, substitutions, inputs, take, client)
        } else {
            shown = try await client.plan(plan ?? "")
            guard shown["service"]?.text == name else {
                throw Problems([
                    Problem("plan.unknown", "‘\(name)’ has no plan ‘\(plan ?? "")’: it is one of ‘\(shown.words("service"))’")
                ])
            }
        }
        if planOnly { return screen.show(shown) { palette in PlanText(shown, palette).textWithName } }
        try await planning.carryOut(shown, carryingOut, client)
    }
}
