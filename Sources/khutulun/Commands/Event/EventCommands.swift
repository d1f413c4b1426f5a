// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct EventCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "See events and make them.",
        subcommands: [EventList.self, EventWatch.self, EventEmit.self])
}
