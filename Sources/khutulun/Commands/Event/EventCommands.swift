// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct EventCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "event", abstract: "See events and make them.",
        subcommands: [EventList.self, EventWatch.self, EventEmit.self, EventDeadCommands.self])
}

struct EventDeadCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "See the events that handlers did not take, however often they were tried.",
        subcommands: [EventDeadList.self, EventDeadShow.self, EventDeadRetry.self, EventDeadDrop.self])
}
