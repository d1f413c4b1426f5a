// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct HandlerAdd: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Call something whenever an event reaches a node.",
        discussion: """
            The handlers of a class are those of all its members; the handlers of a directory are those of all that is in it and
            below.

            """
                + examples(
                    "handler add shop/web-0 exited --script notify.sh",
                    "handler add shop/web-0 exited --operation maintenance.collect",
                    "handler add shop/web-0 looked-at --function process:restart",
                    "handler add shop/ exited --script notify.sh"))

    @Argument(help: "The node, SERVICE/NAME, another entity, a class, or a directory with a slash at its end.")
    var target: TargetName

    @Argument(help: "The type of the events.")
    var event: String

    @Option(help: ArgumentHelp("Call an operation of the node.", valueName: "interface.operation"))
    var operation: String?

    @Option(help: ArgumentHelp("Call a plugin's function.", valueName: "plugin:function"))
    var function: String?

    @Option(help: ArgumentHelp("Run a script: it is sent to the agent.", valueName: "file"), completion: .file())
    var script: String?

    @Option(help: ArgumentHelp("Its name among the handlers that are attached there.", valueName: "name"))
    var name: String?

    @OptionGroup var agent: AgentOptions

    func validate() throws {
        guard [operation, function, script].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("say what to call with one of ‘--operation’, ‘--function’ and ‘--script’")
        }
        if let function, FunctionName(function) == nil {
            throw ValidationError("‘\(function)’ is no function: write it as plugin:function")
        }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let client = client
        guard let action = try await action(client) else { return }
        let handler = try await client.addHandler(
            HandlerRequest(target: target.target, event: event, action: action, name: name))
        screen.show(handler) { _ in "added \(handler.words("name")) to \(target.text)\n" }
    }

    private func action(_ client: APIClient) async throws(Problems) -> HandlerRequest.Action? {
        if let operation { return .operation(operation) }
        if let function { return FunctionName(function).map(HandlerRequest.Action.function) }
        guard let script else { return nil }
        let bytes = try Files.read(script)
        let digest = Digest.hexadecimal(of: bytes)
        try await client.putArtifact(digest, APIStream([bytes]), length: bytes.count)
        let file = script.split(separator: "/").last.map(String.init) ?? "script"
        return .script(digest: digest, file: file)
    }
}
