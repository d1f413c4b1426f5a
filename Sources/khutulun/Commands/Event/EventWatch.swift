// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct EventWatch: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Show events as they are stored, until interrupted.",
        discussion: examples("event watch --service shop", "event watch --type exited --format json"))

    @OptionGroup var filter: EventFilter

    @Option(help: ArgumentHelp("Begin after this sequence number instead of now.", valueName: "sequence"))
    var after: UInt64?

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await forEach(in: try await client.watchEvents(after: after)) { event throws(Problems) in
            if filter.accepts(event) {
                screen.showNext(event) { _ in EventFilter.cells(event).map(\.visible).joined(separator: "  ") }
            }
            return true
        }
    }
}
