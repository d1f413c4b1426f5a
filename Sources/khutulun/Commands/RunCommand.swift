// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct RunCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command as a service, without a design.",
        discussion: "Each port that is named is reserved for it, and its number is in the variable PORT_NAME.\n\n"
            + examples(
                "run -- sleep 1000", "run --name web --port http -- sh -c 'exec my-server $PORT_HTTP'",
                "run --name batch --env LEVEL=3 --directory /srv/batch -- ./start"))

    @Option(help: ArgumentHelp("The service's name; otherwise one is chosen.", valueName: "name"))
    var name: String?

    @Option(name: .customLong("port"), help: ArgumentHelp("A port to reserve; may be given several times.", valueName: "name"))
    var ports: [String] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("A variable for its environment; may be given several times.", valueName: "name=value"))
    var variables: [String] = []

    @Option(help: ArgumentHelp("Its working directory; otherwise one of its own.", valueName: "folder"), completion: .directory)
    var directory: String?

    @Flag(inversion: .prefixedNo, help: "Whether to wait until it runs.")
    var wait = true

    @OptionGroup var agent: AgentOptions

    @Argument(parsing: .postTerminator, help: "The program and its arguments, after ‘--’.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("there is no command: write it after ‘--’") }
        for variable in variables where variable.firstIndex(of: "=") == nil || variable.first == "=" {
            throw ValidationError("‘--env \(variable)’ lacks a name or a ‘=’: write it as --env name=value")
        }
        for (index, port) in ports.enumerated() {
            let isPlain = port.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            guard isPlain, port.first?.isLetter == true else {
                throw ValidationError("‘--port \(port)’ can't be part of a variable's name: write letters, digits, ‘-’ and ‘_’")
            }
            if ports[..<index].contains(port) { throw ValidationError("‘--port \(port)’ stands twice") }
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        var environment: [String: String] = [:]
        for variable in variables {
            guard let separator = variable.firstIndex(of: "=") else { continue }
            environment[String(variable[..<separator])] = String(variable[variable.index(after: separator)...])
        }
        let client = client
        let result = try await client.run(
            RunRequest(name: name, arguments: command, environment: environment, ports: ports, directory: directory))
        if wait { return try await Progress(service: result.service, screen: screen).follow(client) }
        screen.show(["service": .text(result.service), "deployment": .text(result.deployment)]) { _ in "\(result.service)\n" }
    }
}
