// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser

struct TOSCACommands: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tosca", abstract: "Check and compile TOSCA designs, and look at what they make.",
        subcommands: [
            TOSCAValidate.self, TOSCACompile.self, TOSCAInstantiate.self, TOSCAExplain.self, TOSCAFunctionList.self,
            TOSCATypes.self,
        ])
}
