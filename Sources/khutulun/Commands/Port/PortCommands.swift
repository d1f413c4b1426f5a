// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct PortCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port", abstract: "Look at reserved ports.",
        subcommands: [PortList.self])
}
