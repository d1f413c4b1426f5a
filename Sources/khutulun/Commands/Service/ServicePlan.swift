// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServicePlan: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what deploying a design would do; change nothing.",
        discussion: "The plan is kept, and can be carried out later as long as nothing that it shows has changed.\n\n"
            + examples(
                "service plan shop shop.yaml --input instances=2", "service plan shop shop.yaml --take shop/web:port",
                "service plan shop --delete"))

    @Argument(help: "The service.")
    var name: String

    @Argument(help: "The design's file, an archive, or the address of either; - is the standard input.", completion: .file())
    var design: String?

    @Flag(help: "Plan to remove the service.")
    var delete = false

    @OptionGroup var inputs: InputOptions
    @OptionGroup var archive: ArchiveOptions
    @OptionGroup var substitutions: SubstitutionOptions
    @OptionGroup var take: TakeOptions
    @OptionGroup var agent: AgentOptions

    func validate() throws {
        guard (design == nil) == delete else { throw ValidationError("give either a design's file or ‘--delete’") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let plan: Value
        if let design {
            let file = try DesignFile(design, service: name, archive: archive, screen: screen)
            plan = try await Planning(service: name, screen: screen).plan(file, substitutions, inputs, take, client)
        } else {
            plan = try await client.planDeletion(of: name)
        }
        screen.show(plan) { palette in PlanText(plan, palette).textWithName }
    }
}
