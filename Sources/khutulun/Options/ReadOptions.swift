// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

/// What commands take that only read: they ask an agent, or read its store themselves.
struct ReadOptions: ParsableArguments {
    @OptionGroup var agent: AgentOptions

    @Flag(help: "Read the agent's store without the agent.")
    var offline = false

    @Option(help: ArgumentHelp("The agent's data folder, for --offline.", valueName: "folder"), completion: .directory)
    var data: String?

    func validate() throws {
        if data != nil, !offline { throw ValidationError("‘--data’ is only of use together with ‘--offline’") }
    }

    /// The data folder.
    var dataFolder: String { data ?? StandardPaths.data }

    /// What answers: the agent, or the store.
    func client() throws(Problems) -> APIClient {
        offline ? try OfflineStore.client(dataFolder) : agent.client
    }
}

/// A command that only reads.
protocol ReadCommand: Command {
    /// Where it reads.
    var source: ReadOptions { get }
}

extension ReadCommand {
    var outputFormat: OutputFormat { source.agent.output.format }
}
