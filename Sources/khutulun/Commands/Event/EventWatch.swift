// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct EventWatch: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show events as they are stored, until interrupted.",
        discussion: examples(
            "event watch --service shop", "event watch --type exited --format json",
            "event watch --after 1200 --class types/khutulun.process/Process"))

    @OptionGroup var events: EventOptions

    @Option(help: ArgumentHelp("Begin after this sequence number instead of now.", valueName: "sequence"))
    var after: UInt64?

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let stream = try await client.watchEvents(after: after, filter: events.filter())
        try await forEach(in: stream) { event throws(Problems) in
            screen.showNext(event) { _ in EventOptions.cells(event).map(\.visible).joined(separator: "  ") }
            return true
        }
    }
}
