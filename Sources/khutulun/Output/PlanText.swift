// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
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
    var text: String { changes + conflicts + operations + grants + elsewhere + destroyed + summary }

    /// The text with the words that tell how the plan is carried out later.
    var textWithName: String {
        guard let id = plan["id"]?.text, let service = plan["service"]?.text else { return text }
        return text + palette.paint("plan \(id)", .strong)
            + "  carried out by ‘khutulun service deploy \(service) --plan \(id)’\n"
    }

    private var changes: String {
        ChangeDiff(document: plan["changes"] ?? []).lines.map { line in
            let start = String(line.description.prefix(line.indent))
            let mark = line.isHead || line.mark != .none ? line.mark.rawValue : " "
            let words =
                line.isHead || line.mark != .none
                ? palette.paint("\(mark) \(line.text)".visible, Palette.tone(of: line.mark)) : "\(mark) \(line.text)".visible
            let remark = line.remark.isEmpty ? "" : "  " + palette.paint(line.remark.visible, .faint)
            return start + words + remark + "\n"
        }.joined()
    }

    private var conflicts: String {
        let count = ChangeDiff(document: plan["changes"] ?? []).entries.count { $0.category == .conflicting }
        if count == 0 { return "" }
        return "\n" + palette.paint("In conflict: changed by hand and by the design.", .attention)
            + " What was done by hand stays;\n‘--take NODE’, ‘--take NODE:PROPERTY’ or ‘--take all’ takes the design's instead.\n"
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

    private var elsewhere: String {
        let names = plan.texts("elsewhere")
        if names.isEmpty { return "" }
        return "\nComputed anew in other services, because they read what changes:\n"
            + names.map { "  \($0.visible)\n" }.joined()
    }

    private var destroyed: String {
        let names = plan.texts("destroys")
        if names.isEmpty { return "" }
        let list = names.map { "  \($0.visible)\n" }.joined()
        return "\n" + palette.paint("This destroys what these hold:", .bad) + "\n" + list
    }

    private var summary: String {
        let categories = (plan["changes"]?.list ?? []).map { $0.words("category") }
        let counts = ["novel", "modified", "obsolete", "kept", "conflicting"].compactMap { category in
            let count = categories.count { $0 == category }
            return count == 0 ? nil : "\(count) \(category)"
        }
        let operations = plan["operations"]?.list?.count ?? 0
        if counts.isEmpty && operations == 0 { return "nothing is to be done\n" }
        return "\n" + (counts + ["\(operations) operation\(operations == 1 ? "" : "s")"]).joined(separator: ", ") + "\n"
    }
}
