// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct EventDeadList: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List them, oldest first.", discussion: examples("event dead list"))

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let letters = try await client.letters()
        screen.show(.list(letters)) { palette in
            var table = TextTable("ID", "TIME", "ENTITY", "TYPE", "HANDLER", "TRIES", "WHY")
            for letter in letters {
                let event = letter["event"] ?? .null
                let why = letter["problem"].map(Problem.init(value:))
                table.add(
                    .init(letter.words("id")), .init(letter.moment("time")), .init(EventOptions.entityWords(event)),
                    .init(event.words("type")), .init(letter.words("handler")), .init(letter.words("failures")),
                    .init(why?.causes.first?.message ?? why?.message ?? ""))
            }
            return table.text(palette)
        }
    }
}
