// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

/// The root of the commands.
struct Khutulun: AsyncParsableCommand {
    /// The version of the program.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "khutulun",
        abstract: "Design, deploy and operate services on your machines.",
        discussion: examples(
            "agent run                         start an agent",
            "run --name web -- my-server       run a command as a service",
            "tosca validate shop.yaml          check a design",
            "service deploy shop shop.yaml     make it a service",
            "service list                      see what there is")
                + """


                EXIT STATUS:
                  0    it is done
                  1    what was asked for is invalid or failed
                  2    the command line makes no sense
                  3    something cannot be read or reached
                  130  it was interrupted
                """,
        version: version,
        subcommands: [],
        groupedSubcommands: [
            CommandGroup(
                name: "Services",
                subcommands: [
                    RunCommand.self, ServiceCommands.self, PlanCommands.self, CallCommand.self, TOSCACommands.self,
                    CSARCommands.self,
                ]),
            CommandGroup(name: "The graph", subcommands: [GraphCommand.self, NodeCommands.self, EdgeCommands.self]),
            CommandGroup(
                name: "What happens",
                subcommands: [EventCommands.self, HandlerCommands.self, TimerCommands.self, OperationCommands.self]),
            CommandGroup(
                name: "The machine",
                subcommands: [
                    AgentCommands.self, StoreCommands.self, SecretCommands.self, PluginCommands.self, PortCommands.self,
                    VersionCommand.self,
                    CompletionCommand.self,
                ]),
        ])
}
