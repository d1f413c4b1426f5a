// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct HandlerCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "handler", abstract: "Let things happen when events reach nodes.",
        subcommands: [HandlerAdd.self, HandlerList.self, HandlerRemove.self])
}
