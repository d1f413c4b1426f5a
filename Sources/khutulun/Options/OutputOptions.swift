// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

/// What every command takes.
struct OutputOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How to write the result: table, json or yaml.", valueName: "format"))
    var format = OutputFormat.table
}

/// What every command takes that asks an agent.
struct AgentOptions: ParsableArguments {
    @OptionGroup var output: OutputOptions

    @Option(
        help: ArgumentHelp(
            "The agent's socket (otherwise $KHUTULUN_SOCKET, or the usual place).", valueName: "path"),
        completion: .file())
    var socket: String?

    /// The way to the agent.
    var client: APIClient { APIClient(HTTPTransport(socket: socket ?? StandardPaths.socket)) }
}
