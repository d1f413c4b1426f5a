// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct EventList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the stored events, oldest first.",
        discussion: examples("event list --service shop --type exited", "event list --after 1200 --limit 50"))

    @OptionGroup var options: EventOptions

    @Option(help: ArgumentHelp("Only those after this sequence number.", valueName: "sequence"))
    var after: UInt64 = 0

    @Option(help: ArgumentHelp("At most this many.", valueName: "number"))
    var limit = 1000

    @OptionGroup var source: ReadOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("‘--limit’ is a number above 0") }
    }

    func perform(_ screen: Screen) async throws(Problems) {
        let request = EventsRequest(after: after, limit: limit, filter: try options.filter())
        let events = try await source.client().events(request)
        screen.show(.list(events)) { palette in
            var table = TextTable("SEQUENCE", "TIME", "ENTITY", "TYPE", "HOST", "PAYLOAD")
            for cells in events.map(EventOptions.cells) {
                table.add(.init(cells[0]), .init(cells[1]), .init(cells[2]), .init(cells[3]), .init(cells[4]), .init(cells[5]))
            }
            return table.text(palette)
        }
    }
}
