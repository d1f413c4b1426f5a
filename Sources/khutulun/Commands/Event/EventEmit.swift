// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct EventEmit: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "emit", abstract: "Make an event happen to a node or another entity.",
        discussion: examples(
            "event emit shop/web-0 looked-at", "event emit shop/web-0 looked-at --payload '{\"by\": \"me\"}'",
            "event emit shop looked-at --propagate contents", "event emit shop/database gone --propagate incoming,source"))

    @Argument(help: "The node, SERVICE/NAME, or another entity.")
    var entity: EntityName

    @Argument(help: "The event's type.")
    var type: String

    @Option(help: ArgumentHelp("Data about it, in YAML or JSON.", valueName: "value"))
    var payload: String?

    @Option(help: ArgumentHelp("Milliseconds to wait before it is delivered.", valueName: "ms"))
    var delay: Int64 = 0

    @Option(
        help: ArgumentHelp(
            "What else it reaches: along ‘containing’, ‘contained’, ‘outgoing’, ‘incoming’, ‘source’, ‘target’ with commas between "
                + "them, or ‘contents’, ‘containers’, ‘downstream’, ‘upstream’, ‘everything’.", valueName: "ways"))
    var propagate: PropagationName?

    @OptionGroup var agent: AgentOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let value = try payload.map { text throws(Problems) in try YAML.decode(Array(text.utf8), file: "--payload") }
        let event = try await client.emit(
            EmitRequest(
                entity: entity.id, type: type, payload: value ?? .null, delay: delay, propagation: propagate?.propagation))
        screen.show(event) { _ in "\(type) happened to \(entity.id)\n" }
    }
}
