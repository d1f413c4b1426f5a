// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct StoreCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Back up, check, export and import what an agent keeps.",
        subcommands: [StoreBackup.self, StoreRestore.self, StoreCheckCommand.self, StoreExport.self, StoreImport.self])
}
