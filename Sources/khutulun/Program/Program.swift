// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Glibc
import Plugins
import Support

/// Where the program begins.
@main
struct Program {
    static func main() async {
        PluginCompiler.main(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try Khutulun.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            exit(ExitStatus.done.rawValue)
        } catch {
            finish(error)
        }
    }

    /// Ends the program after an error: also the wish for help comes as one.
    private static func finish(_ error: any Error) -> Never {
        if let status = error as? ExitStatus { exit(status.rawValue) }
        let message = Khutulun.fullMessage(for: error)
        guard Khutulun.exitCode(for: error).isSuccess else {
            Terminal.error.write(message + "\n")
            exit(ExitStatus.usage.rawValue)
        }
        Terminal.output.write(message.isEmpty ? "" : message + "\n")
        exit(ExitStatus.done.rawValue)
    }
}
