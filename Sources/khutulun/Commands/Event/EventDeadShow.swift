// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct EventDeadShow: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one with its event, and why its handler failed the last time.",
        discussion: examples("event dead show here:17.0"))

    @Argument(help: "Its ID.")
    var id: String

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let letter = try await client.letter(id)
        screen.show(letter) { palette in
            let event = letter["event"] ?? .null
            var table = TextTable()
            let fields = [
                ("event", event.words("type")), ("entity", EventOptions.entityWords(event)),
                ("payload", event.words("payload")),
                ("happened", event.moment("time")), ("event ID", event.words("id")), ("handler", letter.words("handler")),
                ("host", letter.words("host")), ("tries", letter.words("failures")), ("put aside", letter.moment("time")),
            ]
            for (name, words) in fields where !words.isEmpty { table.add(.init(name), .init(words)) }
            let why = letter["problem"].map { ProblemPrinter().text(Problem(value: $0)) } ?? ""
            return table.text(palette) + why
        }
    }
}
