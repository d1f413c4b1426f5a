// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct NodeCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Look at, change and reach the nodes of services.",
        subcommands: [
            NodeList.self, NodeShow.self, NodeLogs.self, NodeExec.self, NodeExplain.self, NodeRestart.self, NodeSet.self,
        ])
}
