// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A plan for people.
struct PlanText {
    private let plan: Value
    private let palette: Palette

    init(_ plan: Value, _ palette: Palette) {
        self.plan = plan
        self.palette = palette
    }

    /// What would be changed, in which order, with which rights, and what is known only later.
    var text: String { changes + operations + grants + destroyed + summary }

    private static let signs = ["novel": "+", "modified": "~", "obsolete": "-", "kept": "="]

    private var changes: String {
        let changes = (plan["changes"]?.list ?? []).filter { $0.words("category") != "unchanged" }
        return changes.map { change in
            let category = change.words("category")
            let sign = Self.signs[category] ?? " "
            let head = "\(sign) \(change.words("entity"))".visible
            let type = change.words("type").visible
            let line =
                palette.paint(head, Palette.tone(ofCategory: category))
                + (type.isEmpty ? "" : "  " + palette.paint(type, .faint))
            return line + "\n" + properties(of: change)
        }.joined()
    }

    private func properties(of change: Value) -> String {
        var table = TextTable()
        let pending = Set(
            (plan["atApply"]?.list ?? []).filter { $0["entity"] == change["entity"] }.map { $0.words("property") })
        let changed = change["properties"]?.list ?? []
        let silent = pending.subtracting(changed.map { $0.words("name") }).sorted()
        for property in changed + silent.map({ ["name": .text($0)] }) {
            let name = property.words("name")
            let after = pending.contains(name) ? "(at apply)" : Self.short(property.words("after"))
            let before = property["before"].map { Self.short($0.words) } ?? ""
            let isNovel = change.words("category") == "novel" || before.isEmpty
            table.add(.init(name), isNovel ? .init(after) : .init("\(before) → \(after.isEmpty ? "(none)" : after)"))
        }
        return table.text(palette, indent: 4)
    }

    private var operations: String {
        let operations = plan["operations"]?.list ?? []
        if operations.isEmpty { return "" }
        var table = TextTable("", "NODE", "OPERATION", "HOST", "AFTER")
        for (index, operation) in operations.enumerated() {
            let after = (operation["after"]?.list ?? []).compactMap(\.integer).map { String($0 + 1) }
            table.add(
                .init(String(index + 1)), .init(operation.words("node")), .init(operation.words("operation")),
                .init(operation.words("host")), .init(after.joined(separator: ", ")))
        }
        return "\n" + table.text(palette)
    }

    private var grants: String {
        let grants = plan["grants"]?.list ?? []
        if grants.isEmpty { return "" }
        var table = TextTable("GRANTS OF", "", "")
        for grant in grants {
            var plugin = grant.words("plugin")
            if grant.entries("grants").isEmpty { table.add(.init(plugin), "none") }
            for (name, value) in grant.entries("grants") {
                let items = value.list?.map { $0.list?.map(\.words).joined(separator: " ") ?? $0.words } ?? [value.words]
                table.add(.init(plugin), .init(name), .init(items.joined(separator: ", ")))
                plugin = ""
            }
        }
        return "\n" + table.text(palette)
    }

    private var destroyed: String {
        let names = plan.texts("destroys")
        if names.isEmpty { return "" }
        let list = names.map { "  \($0.visible)\n" }.joined()
        return "\n" + palette.paint("This destroys what these hold:", .bad) + "\n" + list
    }

    private var summary: String {
        let categories = (plan["changes"]?.list ?? []).map { $0.words("category") }
        let counts = ["novel", "modified", "obsolete", "kept"].compactMap { category in
            let count = categories.count { $0 == category }
            return count == 0 ? nil : "\(count) \(category)"
        }
        let operations = plan["operations"]?.list?.count ?? 0
        if counts.isEmpty && operations == 0 { return "nothing is to be done\n" }
        return "\n" + (counts + ["\(operations) operation\(operations == 1 ? "" : "s")"]).joined(separator: ", ") + "\n"
    }

    private static func short(_ text: String) -> String { text.count > 70 ? text.prefix(69) + "…" : text }
}
