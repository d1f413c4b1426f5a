// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct HandlerList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List handlers.",
        discussion: examples("handler list", "handler list shop/web-0", "handler list shop/"))

    @Argument(
        help: "Only those that events of this node or other entity reach, or those of a directory, with a slash at its end.")
    var target: TargetName?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let handlers = try await source.client().handlers(of: target?.target)
        screen.show(.list(handlers)) { palette in
            var table = TextTable("ENTITY", "NAME", "EVENT", "CALL", "FROM")
            for handler in handlers {
                table.add(
                    .init(handler.words("entity")), .init(handler.words("name")), .init(handler.words("event")),
                    .init(handler.words("call")), .init(handler["directory"]?.text.map { "\($0)/" } ?? handler.words("class")))
            }
            return table.text(palette)
        }
    }
}
