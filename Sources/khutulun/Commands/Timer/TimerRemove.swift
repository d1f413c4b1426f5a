// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct TimerRemove: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a timer.", discussion: examples("timer remove shop/web-0 looked-at-1"))

    @Argument(help: "The node, SERVICE/NAME, or whatever has the timer.")
    var target: TargetName

    @Argument(help: "The timer's name.")
    var name: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await client.removeTimer(name, of: target.target)
        screen.show(["removed": .text(name), "target": .text(target.text)]) { _ in "removed \(name) from \(target.text)\n" }
    }
}
