// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Support
import TOSCA

/// The way from a design's file to a plan, and from a plan to a service.
struct Planning {
    let service: String
    let screen: Screen

    /// Compiles a design, looks at the inputs, sends the design's artifacts and asks for a plan. Warnings are shown at once.
    func plan(
        _ file: DesignFile, _ substitutions: SubstitutionOptions, _ inputs: InputOptions, _ take: TakeOptions,
        _ client: APIClient
    ) async throws(Problems) -> Value {
        let design = try file.compile(substitutions)
        screen.report(design.warnings + inputs.exposed(in: design))
        let inputs = try inputs.values(for: design)
        for artifact in design.artifacts where try await !client.hasArtifact(artifact.digest) {
            screen.tell("sending \(artifact.name)")
            try await client.putArtifact(artifact.digest, Files.stream(artifact), length: artifact.size)
        }
        return try await client.plan(service, design: design.document, inputs: inputs, take: take.resolution)
    }

    /// Asks a person whether a plan is to be carried out. Programs aren't asked.
    ///
    /// - Throws: `command.refused`.
    func confirm(_ plan: Value, question: String, isConfirmed: Bool) throws(Problems) {
        guard !isConfirmed, screen.format == .table, Terminal.canAsk else { return }
        let answer = Terminal.ask("\(question) [y/N] ") ?? ""
        guard ["y", "yes"].contains(answer.lowercased()) else {
            throw Problems([Problem("command.refused", "nothing was changed")])
        }
    }

    /// Shows a plan to a person, asks, and carries it out.
    ///
    /// - Throws: `command.would-destroy` unless that is allowed.
    func carryOut(_ plan: Value, _ options: CarryingOut, _ client: APIClient) async throws(Problems) {
        screen.tell(PlanText(plan, Palette(isOn: Terminal.error.usesColors)).text)
        guard options.destroy || plan.texts("destroys").isEmpty else {
            throw Problems([
                Problem(
                    "command.would-destroy",
                    "the plan destroys what these hold: \(plan.texts("destroys").joined(separator: ", "))",
                    hint: "if that is wanted, say so with ‘--destroy’")
            ])
        }
        try confirm(plan, question: "Carry it out?", isConfirmed: options.yes)
        try await apply(plan, waits: options.wait, client)
    }

    /// Carries out a plan, and shows its progress if that is wanted.
    func apply(_ plan: Value, waits: Bool, _ client: APIClient) async throws(Problems) {
        guard let id = plan["id"]?.text else {
            throw Problems([Problem("api.malformed-answer", "the agent's plan has no ‘id’")])
        }
        let deployment = try await client.deploy(service, plan: id)
        if waits { return try await Progress(service: service, screen: screen).follow(client) }
        screen.show(["service": .text(service), "deployment": .text(deployment)]) { _ in
            "it is under way; ‘khutulun service wait \(service)’ waits for it\n"
        }
    }
}
