// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Lenient access: what has the wrong shape reads as absent, because the grammar has been checked and reported before.
extension YAMLNode {
    /// One entry of a map with names.
    typealias Entry = (name: String, key: YAMLNode, value: YAMLNode)

    /// The text of a scalar.
    var text: String? {
        if case .scalar(let text) = content { text } else { nil }
    }

    /// The items of a sequence.
    var items: [YAMLNode] {
        if case .sequence(let items) = content { items } else { [] }
    }

    /// The entries of a mapping whose keys are text.
    var entries: [Entry] {
        guard case .mapping(let pairs) = content else { return [] }
        return pairs.compactMap { pair in pair.key.text.map { ($0, pair.key, pair.value) } }
    }

    /// Whether it is a mapping.
    var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    /// Whether it is a sequence.
    var isSequence: Bool {
        if case .sequence = content { true } else { false }
    }

    /// The entries of a list of maps of one name each.
    var named: [Entry] { items.compactMap { $0.entries.first } }

    /// The texts of a sequence of scalars.
    var texts: [String] { items.compactMap(\.text) }

    /// Whether it is `true`; nil if it is no truth value.
    var flag: Bool? { PlainScalar(self).value?.boolean }

    /// What was meant by a truth value in other letters, which is reported where the grammar is checked.
    var meantFlag: Bool? { ["true": true, "false": false][text?.lowercased() ?? ""] }

    /// Whether it is a map of one key that begins with a single `$`, or a text that does: a function call.
    var isCall: Bool {
        if let text { return text.hasPrefix("$") && !text.hasPrefix("$$") }
        guard case .mapping(let pairs) = content, pairs.count == 1, let name = pairs[0].key.text else { return false }
        return name.hasPrefix("$") && !name.hasPrefix("$$")
    }
}
