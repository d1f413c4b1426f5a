// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Support

struct CompletionCommand: Command {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a shell's script for completing this program's arguments.",
        discussion: examples("completion bash > ~/.local/share/bash-completion/completions/khutulun"))

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    var outputFormat: OutputFormat { .table }

    func perform(_ screen: Screen) async throws(Problems) {
        let shell: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Terminal.output.write(Khutulun.completionScript(for: shell) + "\n")
    }
}
