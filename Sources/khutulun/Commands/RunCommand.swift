// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct RunCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run a command as a service, without a design.",
        discussion: "Each port that is named is reserved for it, and its number is in the variable PORT_NAME.\n\n"
            + examples(
                "run -- sleep 1000", "run --name web --port http -- sh -c 'exec my-server $PORT_HTTP'",
                "run --name batch --env LEVEL=3 --directory /srv/batch -- ./start",
                "run --name shop --secret DATABASE_PASSWORD=password -- my-server"))

    @Option(help: ArgumentHelp("The service's name; otherwise one is chosen.", valueName: "name"))
    var name: String?

    @Option(name: .customLong("port"), help: ArgumentHelp("A port to reserve; may be given several times.", valueName: "name"))
    var ports: [String] = []

    @Option(
        name: .customLong("env"),
        help: ArgumentHelp("A variable for its environment; may be given several times.", valueName: "name=value"))
    var variables: [String] = []

    @Option(
        name: .customLong("secret"),
        help: ArgumentHelp(
            "A variable for its environment whose value is a secret that is there already; may be given several times.",
            valueName: "name=secret"))
    var secrets: [String] = []

    @Option(help: ArgumentHelp("Its working directory; otherwise one of its own.", valueName: "folder"), completion: .directory)
    var directory: String?

    @Flag(inversion: .prefixedNo, help: "Whether to wait until it runs.")
    var wait = true

    @OptionGroup var agent: AgentOptions

    @Argument(parsing: .postTerminator, help: "The program and its arguments, after ‘--’.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else { throw ValidationError("there is no command: write it after ‘--’") }
        for (option, form, texts) in [("env", "value", variables), ("secret", "secret", secrets)] {
            for text in texts where Self.assignment(text) == nil {
                throw ValidationError("‘--\(option) \(text)’ lacks a name or a ‘=’: write it as --\(option) name=\(form)")
            }
        }
        for (_, secret) in secrets.compactMap(Self.assignment) where SecretArgument(argument: secret) == nil {
            throw ValidationError("‘\(secret)’ is no name of a secret: SERVICE/NAME, or NAME")
        }
        let plain = Set(variables.compactMap { Self.assignment($0)?.name })
        if let name = secrets.compactMap({ Self.assignment($0)?.name }).first(where: plain.contains) {
            throw ValidationError("the variable ‘\(name)’ is given by both ‘--env’ and ‘--secret’")
        }
        for (index, port) in ports.enumerated() {
            let isPlain = port.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
            guard isPlain, port.first?.isLetter == true else {
                throw ValidationError("‘--port \(port)’ can't be part of a variable's name: write letters, digits, ‘-’ and ‘_’")
            }
            if ports[..<index].contains(port) { throw ValidationError("‘--port \(port)’ stands twice") }
        }
    }

    /// A variable and what it is given: `name=value`.
    private static func assignment(_ text: String) -> (name: String, value: String)? {
        guard let separator = text.firstIndex(of: "="), separator > text.startIndex else { return nil }
        return (String(text[..<separator]), String(text[text.index(after: separator)...]))
    }

    private func environment() throws(Problems) -> [String: Value] {
        var environment: [String: Value] = [:]
        for (name, value) in variables.compactMap(Self.assignment) { environment[name] = .text(value) }
        for (name, secret) in secrets.compactMap(Self.assignment) {
            let secret = try raising { () throws(Problem) in try SecretName(parsing: secret) }
            environment[name] = SecretReference.stored(secret, version: nil).value
        }
        return environment
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let environment = try environment()
        let client = client
        let result = try await client.run(
            RunRequest(name: name, arguments: command, environment: environment, ports: ports, directory: directory))
        if wait { return try await Progress(service: result.service, screen: screen).follow(client) }
        screen.show(["service": .text(result.service), "deployment": .text(result.deployment)]) { _ in "\(result.service)\n" }
    }
}
