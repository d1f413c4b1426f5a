// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct OperationCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operation", abstract: "Look at the ledger of operations.",
        subcommands: [OperationList.self, OperationShow.self, OperationRetry.self])
}
