// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Support

struct ServiceShow: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a service: its state, inputs, outputs, nodes, and what is unfinished and why.",
        discussion: examples("service show shop"))

    @Argument(help: "The service.")
    var name: String

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let service = try await source.client().service(name)
        screen.show(service) { palette in text(service, palette) }
    }

    private func text(_ service: Value, _ palette: Palette) -> String {
        var head = TextTable()
        head.add("service", .init(service.words("name")))
        head.add("state", .state(service.words("state")))
        if service["updated"] != nil { head.add("updated", .init(service.moment("updated"))) }
        var text = head.text(palette)
        for section in ["inputs", "outputs"] where !service.entries(section).isEmpty {
            var table = TextTable()
            for (name, value) in service.entries(section) { table.add(.init(name), .init(value.words)) }
            text += "\n" + palette.paint(section.uppercased(), .faint) + "\n" + table.text(palette, indent: 2)
        }
        if let nodes = service["nodes"]?.list, !nodes.isEmpty {
            text += "\n" + NodeTable.text(nodes.map { $0.map == nil ? ["node": $0] : $0 }, palette)
        }
        return text + unfinished(service["unfinished"]?.list ?? [], palette)
    }

    private func unfinished(_ entries: [Value], _ palette: Palette) -> String {
        if entries.isEmpty { return "" }
        var table = TextTable("UNFINISHED", "REASON", "AGE", "DEADLINE", "CURE")
        for entry in entries {
            let deadline = entry["deadline"]?.integer.map { $0 > 1 << 40 ? Wording.moment($0) : "in " + Wording.duration($0) }
            table.add(
                .init(entry.words("what")), .init(entry["reason"]?.text ?? entry["reason"]?.words("message") ?? "", .attention),
                .init(entry.duration("age")), .init(deadline ?? ""), .init(entry.words("cure")))
        }
        return "\n" + table.text(palette)
    }
}
