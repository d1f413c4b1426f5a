// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceWait: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait", abstract: "Wait until nothing is under way for a service.",
        discussion: "It ends with 0 if the service then runs, or is removed as was asked.\n\n"
            + examples("service wait shop", "service wait shop --timeout 60"))

    @Argument(help: "The service.")
    var name: String

    @Option(help: ArgumentHelp("Seconds to wait at most.", valueName: "seconds"))
    var timeout: Int?

    @OptionGroup var agent: AgentOptions

    func validate() throws {
        if let timeout, timeout <= 0 { throw ValidationError("‘--timeout’ is a number of seconds above 0") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let client = client
        _ = try await client.service(name)
        if let timeout {
            Timeout.endsProgram(
                after: timeout, "‘\(name)’ is not finished after \(timeout) s; ‘khutulun service show \(name)’ says why")
        }
        try await Progress(service: name, screen: screen).follow(client)
    }
}
