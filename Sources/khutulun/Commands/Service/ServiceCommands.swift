// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct ServiceCommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "service", abstract: "Plan, make, look at and remove services.",
        subcommands: [
            ServicePlan.self, ServiceDeploy.self, ServiceUndo.self, ServiceList.self, ServiceShow.self, ServiceOutputs.self,
            ServiceDelete.self, ServiceWait.self, ServiceCancel.self,
        ])
}
