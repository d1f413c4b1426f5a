// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct EdgeCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge", abstract: "Make and remove edges by hand.",
        subcommands: [EdgeAdd.self, EdgeRemove.self])
}
