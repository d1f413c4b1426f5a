// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Types of designs as people read them.
enum TypeText {
    /// All types, one in a line.
    static func list(_ types: [Value], _ palette: Palette) -> String {
        var table = TextTable("KIND", "NAME", "DERIVES FROM", "WHAT IT IS")
        for type in types {
            let description = type.words("description").split(separator: "\n").first.map(String.init) ?? ""
            let short = description.count > 80 ? description.prefix(79) + "…" : description
            table.add(
                .init(type.words("kind"), .faint), .init(type.words("name"), .strong),
                .init(type.texts("derived-from").first ?? ""), .init(short))
        }
        return table.text(palette)
    }

    /// What one type defines and inherits.
    static func detail(_ type: Value, _ palette: Palette) -> String {
        var text = "\(type.words("kind")) type \(palette.paint(type.words("name").visible, .strong))\n"
        let lineage = type.texts("derived-from")
        if !lineage.isEmpty { text += "  derives from \(lineage.map(\.visible).joined(separator: " → "))\n" }
        if type["description"] != nil { text += "  \(type.words("description").visible)\n" }
        if let location = type["location"] { text += "  \(palette.paint("defined at \(place(location))", .faint))\n" }
        for key in ["canonical-unit", "keys", "entries"] where type[key] != nil {
            text += "  \(key): \(type.words(key).visible)\n"
        }
        for clause in type.texts("validation") { text += "  valid if \(clause.visible)\n" }
        for key in [
            "members", "targets", "valid_capability_types", "valid_target_node_types", "valid_source_node_types",
            "valid_relationship_types",
        ]
        where type[key] != nil {
            text += "  \(key): \(type.texts(key).map(\.visible).joined(separator: ", "))\n"
        }
        for section in ["properties", "attributes"] { text += properties(section, type, palette, indent: 2) }
        text += capabilities(type, palette) + requirements(type, palette) + interfaces(type, palette)
        return text
    }

    /// A place as `FILE:ROW:COLUMN`.
    static func place(_ location: Value) -> String {
        "\(location.words("file")):\(location.words("row")):\(location.words("column"))".visible
    }

    private static func properties(_ section: String, _ owner: Value, _ palette: Palette, indent: Int) -> String {
        let entries = owner.entries(section)
        if entries.isEmpty { return "" }
        var table = TextTable()
        for (name, property) in entries {
            var notes: [String] = []
            if property["value"] != nil { notes.append("= \(property.words("value"))") }
            if property["default"] != nil { notes.append("default \(property.words("default"))") }
            if property["required"] == false { notes.append("optional") }
            table.add(
                .init(name, .strong), .init(property.words("type")), .init(notes.joined(separator: ", "), .faint),
                .init(property.words("description")))
        }
        return heading(section, indent) + table.text(palette, indent: indent + 2)
    }

    private static func capabilities(_ type: Value, _ palette: Palette) -> String {
        let entries = type.entries("capabilities")
        if entries.isEmpty { return "" }
        return heading("capabilities", 2)
            + entries.map { name, capability in
                "    \(palette.paint(name.visible, .strong)): \(capability.words("type").visible)\n"
                    + properties("properties", capability, palette, indent: 6)
                    + properties("attributes", capability, palette, indent: 6)
            }.joined()
    }

    private static func requirements(_ type: Value, _ palette: Palette) -> String {
        let entries = type["requirements"]?.list ?? []
        if entries.isEmpty { return "" }
        var table = TextTable()
        for requirement in entries {
            let range = requirement.texts("count-range").joined(separator: " to ")
            let node = requirement["node"].map { _ in "of \(requirement.words("node"))" } ?? ""
            table.add(
                .init(requirement.words("name"), .strong), .init("\(requirement.words("capability")) \(node)"),
                .init(requirement.words("relationship")), .init(range, .faint))
        }
        return heading("requirements", 2) + table.text(palette, indent: 4)
    }

    private static func interfaces(_ type: Value, _ palette: Palette) -> String {
        var text = ""
        for (name, interface) in type.entries("interfaces") {
            let operations = (interface.entries("operations") + interface.entries("notifications")).map(\.name)
            text += "    \(palette.paint(name.visible, .strong)): \(operations.map(\.visible).joined(separator: ", "))\n"
        }
        let own = type.entries("operations").map(\.name)
        if !own.isEmpty { text += "    \(own.map(\.visible).joined(separator: ", "))\n" }
        return text.isEmpty ? "" : heading(own.isEmpty ? "interfaces" : "operations", 2) + text
    }

    private static func heading(_ section: String, _ indent: Int) -> String {
        String(repeating: " ", count: indent) + section + ":\n"
    }
}
