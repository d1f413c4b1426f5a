// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Checks a file against the tables of keynames, and reports everything that does not fit.
struct GrammarChecker {
    let diagnostics: Diagnostics

    /// Checks a node; `place` names it in messages, for example `a node template`.
    func check(_ node: YAMLNode, _ shape: Shape, _ place: String) {
        switch shape {
        case .anything, .value: break
        case .text: require(PlainScalar(node).value?.text != nil, node, shape, place)
        case .name: require(node.text?.isEmpty == false && PlainScalar(node).value?.isNull == false, node, shape, place)
        case .condition: require(node.isCall || node.flag != nil, node, shape, place)
        case .boolean: require(node.flag != nil || node.isCall, node, shape, place)
        case .version: require(VersionNumber(node.text ?? "") != nil && isText(node), node, shape, place)
        case .count: require(node.isCall || PlainScalar(node).value?.integer ?? -1 >= 0, node, shape, place)
        case .range: require(node.isCall || isRange(node), node, shape, place)
        case .target: require(node.text?.isEmpty == false || node.items.count == 2, node, shape, place)
        case .list(let item): list(node, item, shape, place)
        case .oneOrMore(let item): node.isSequence ? list(node, item, shape, place) : check(node, item, place)
        case .map(let entry): map(node, entry, shape, place)
        case .pathMap(let entry): map(node, entry, shape, place, hasPaths: true)
        case .sequence(let entry): sequence(node, entry, shape, place)
        case .pathSequence(let entry): sequence(node, entry, shape, place, hasPaths: true)
        case .record(let record): self.record(node, record, place)
        case .short(let short, let record):
            if node.isMapping, !node.isCall { self.record(node, record, place) } else { check(node, short, place) }
        }
    }

    private func require(_ holds: Bool, _ node: YAMLNode, _ shape: Shape, _ place: String) {
        if holds { return }
        diagnostics.report(
            "tosca.wrong-shape", "\(place) must be \(shape.description), not \(Self.describe(node))", at: node.location)
    }

    private func list(_ node: YAMLNode, _ item: Shape, _ shape: Shape, _ place: String) {
        require(node.isSequence, node, shape, place)
        for child in node.items { check(child, item, "an entry of \(place)") }
    }

    private func map(_ node: YAMLNode, _ entry: Shape, _ shape: Shape, _ place: String, hasPaths: Bool = false) {
        require(node.isMapping, node, shape, place)
        guard case .mapping(let pairs) = node.content else { return }
        for pair in pairs { self.entry(pair.key, pair.value, entry, place, isPath: hasPaths && pair.key.isSequence) }
    }

    private func sequence(_ node: YAMLNode, _ entry: Shape, _ shape: Shape, _ place: String, hasPaths: Bool = false) {
        require(node.isSequence, node, shape, place)
        for item in node.items {
            guard case .mapping(let pairs) = item.content, pairs.count == 1 else {
                require(false, item, .map(entry), "an entry of \(place)")
                continue
            }
            self.entry(pairs[0].key, pairs[0].value, entry, place, isPath: hasPaths && pairs[0].key.isSequence)
        }
    }

    private func entry(_ key: YAMLNode, _ value: YAMLNode, _ shape: Shape, _ place: String, isPath: Bool) {
        if isPath { return check(value, shape, "an entry of \(place)") }
        guard let name = key.text, !name.isEmpty, !shape.isDefinition || PlainScalar(key).value?.text != nil else {
            diagnostics.report(
                "tosca.wrong-shape", "a name in \(place) must be text that is not empty", at: key.location,
                hint: "put quotes around it")
            return
        }
        check(value, shape, "‘\(name)’")
    }

    private func record(_ node: YAMLNode, _ record: Record, _ place: String) {
        require(node.isMapping, node, .record(record), place)
        guard case .mapping(let pairs) = node.content else { return }
        let keynames = record.keynames
        var misspelt: Set<String> = []
        for pair in pairs {
            guard let name = pair.key.text else {
                diagnostics.report("tosca.unknown-keyname", "a keyname must be text", at: pair.key.location)
                continue
            }
            if let keyname = keynames.first(where: { $0.name == name }) {
                keynameValue(pair.value, keyname, at: pair.key.location, record)
            } else {
                if let nearest = Suggestion.nearest(to: name, among: keynames.map(\.name)) { misspelt.insert(nearest) }
                diagnostics.report(
                    "tosca.unknown-keyname", "‘\(name)’ is no keyname of \(record.noun)", at: pair.key.location,
                    hint: Suggestion.hint(for: name, among: keynames.map(\.name), noun: "keynames"))
            }
        }
        alternatives(pairs, record, misspelt)
        for keyname in keynames where keyname.isMandatory && node[keyname.name] == nil && !misspelt.contains(keyname.name) {
            if let replacement = keyname.replacement, node[replacement] != nil { continue }
            diagnostics.report(
                "tosca.missing-keyname",
                "\(place == record.noun ? "it" : place) has no ‘\(keyname.name)’, which \(record.noun) needs",
                at: node.location)
        }
    }

    /// Reports what has none or several of the keynames of which it must have one.
    private func alternatives(_ pairs: [(key: YAMLNode, value: YAMLNode)], _ record: Record, _ misspelt: Set<String>) {
        let names = record.alternatives
        if names.isEmpty { return }
        let present = pairs.map(\.key).filter { names.contains($0.text ?? "") }
        let choice = "\(record.noun) has one of \(names.map { "‘\($0)’" }.joined(separator: ", "))"
        if present.isEmpty, misspelt.isDisjoint(with: names), let place = pairs.first?.key {
            diagnostics.report("tosca.missing-keyname", choice, at: place.location)
        }
        for second in present.dropFirst() {
            diagnostics.report("tosca.wrong-keyname", "\(choice), and not several", at: second.location)
        }
    }

    private func keynameValue(_ value: YAMLNode, _ keyname: Keyname, at location: SourceLocation, _ record: Record) {
        check(value, keyname.shape, "‘\(keyname.name)’")
        if keyname.isSupported { return }
        diagnostics.unsupported(
            "‘\(keyname.name)’ of \(record.noun) is not supported yet", at: location,
            hint: "remove it; it is not ignored, because the service would not be what the design says")
    }

    private func isText(_ node: YAMLNode) -> Bool { PlainScalar(node).value?.text != nil }

    private func isRange(_ node: YAMLNode) -> Bool {
        guard node.items.count == 2, let low = PlainScalar(node.items[0]).value?.integer, low >= 0 else { return false }
        if node.items[1].text == "UNBOUNDED" { return true }
        return PlainScalar(node.items[1]).value?.integer.map { $0 >= low } ?? false
    }

    /// What a node is, in words.
    static func describe(_ node: YAMLNode) -> String {
        switch node.content {
        case .sequence: return "a list"
        case .mapping: return "a map"
        case .scalar(let text):
            switch PlainScalar(node).value {
            case .null: return "empty"
            case .text: return text.isEmpty ? "an empty text" : "the text ‘\(text)’"
            case .boolean, .integer, .unsigned, .float: return text
            default: return "the tag ‘\(node.tag ?? "")’"
            }
        }
    }
}
