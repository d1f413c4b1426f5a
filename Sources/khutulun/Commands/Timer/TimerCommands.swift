// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct TimerCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timer", abstract: "Let events happen at times that are known before.",
        subcommands: [TimerAdd.self, TimerList.self, TimerRemove.self])
}
