// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct PlanCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Look at the plans that are kept.",
        subcommands: [PlanList.self, PlanShow.self, PlanDrop.self])
}
