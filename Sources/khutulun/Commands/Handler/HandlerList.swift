// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct HandlerList: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List handlers.", discussion: examples("handler list", "handler list shop/web-0"))

    @Argument(help: "Only those of this node, SERVICE/NAME.")
    var node: NodeName?

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let handlers = try await source.client().handlers(of: node?.id)
        screen.show(.list(handlers)) { palette in
            var table = TextTable("NODE", "NAME", "EVENT", "CALL")
            for handler in handlers {
                table.add(
                    .init(handler.words("node")), .init(handler.words("name")), .init(handler.words("event")),
                    .init(handler.words("call")))
            }
            return table.text(palette)
        }
    }
}
