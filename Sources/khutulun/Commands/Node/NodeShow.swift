// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import Support

struct NodeShow: ReadCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a node: its values and who set them, its parts, edges and handlers.",
        discussion: examples("node show shop/web-0"))

    @Argument(help: "The node, SERVICE/NAME.")
    var node: NodeName

    @OptionGroup var source: ReadOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let document = try await source.client().node(node.id)
        screen.show(document) { palette in NodeText(document, palette).text }
    }
}

/// A node with all that belongs to it, for people.
struct NodeText {
    private let document: Value
    private let palette: Palette

    init(_ document: Value, _ palette: Palette) {
        self.document = document
        self.palette = palette
    }

    var text: String {
        var text = head + properties(of: document, title: "PROPERTIES")
        for part in document["contains"]?.list ?? document["contained"]?.list ?? [] {
            text += "\n\(palette.paint(part.words("id").visible, .strong))\n" + properties(of: part, title: nil)
        }
        return text + expressions + edges + handlers
    }

    /// What makes the values: the expressions that pull them, and those that they pass.
    private var expressions: String {
        var text = ""
        for (name, property) in document.entries("properties") {
            let isOwn = property["own-updater"] != nil
            let labels = [
                ("own-updater", "updater, set by hand"), ("updater", isOwn ? "updater of the design, not in force" : "updater"),
                ("preparer", "preparer"),
            ]
            for (key, label) in labels {
                guard let expression = property[key] else { continue }
                text += "\(palette.paint(name.visible, .strong)) \(label):\n"
                for line in Notation.encode(expression, pretty: true).split(separator: "\n") { text += "  \(line)\n" }
            }
        }
        return text.isEmpty ? "" : "\nEXPRESSIONS\n" + text
    }

    private var head: String {
        var table = TextTable()
        for key in ["id", "container", "state", "host", "version"] where document[key] != nil {
            table.add(.init(key), key == "state" ? .state(document.words(key)) : .init(document.words(key)))
        }
        table.add("classes", .init(document.texts("classes").joined(separator: ", ")))
        for time in ["created", "updated"] { table.add(.init(time), .init(document.moment(time))) }
        return table.text(palette)
    }

    private func properties(of entity: Value, title: String?) -> String {
        let entries = entity.entries("properties")
        if entries.isEmpty { return "" }
        var table = title == nil ? TextTable() : TextTable("PROPERTY", "VALUE", "STATUS", "SET BY", "WHEN")
        for (name, property) in entries {
            let provenance = property["provenance"] ?? .object([:])
            table.add(
                .init(name), .init(Self.short(property.words("value"))), .state(property.words("status")),
                .init(Self.author(provenance)),
                .init(provenance.moment("time")))
        }
        return (title == nil ? "" : "\n") + table.text(palette, indent: title == nil ? 2 : 0)
    }

    private var edges: String {
        let edges = document["edges"]?.list ?? (document["outgoing"]?.list ?? []) + (document["incoming"]?.list ?? [])
        if edges.isEmpty { return "" }
        var table = TextTable("EDGE", "FROM", "TO")
        for edge in edges { table.add(.init(edge.words("id")), .init(edge.words("source")), .init(edge.words("target"))) }
        return "\n" + table.text(palette)
    }

    private var handlers: String {
        let handlers = document["handlers"]?.list ?? []
        if handlers.isEmpty { return "" }
        var table = TextTable("EVENT", "HANDLER", "CALL")
        for handler in handlers {
            table.add(
                .init(handler.words("event")), .init(handler.words("name")),
                .init(handler["call"].map { Notation.encode($0) } ?? ""))
        }
        return "\n" + table.text(palette)
    }

    /// Who set a value: `person ada`, `plugin process`.
    private static func author(_ provenance: Value) -> String {
        [provenance.words("author"), provenance.words("name")].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func short(_ text: String) -> String { text.count > 60 ? text.prefix(59) + "…" : text }
}
