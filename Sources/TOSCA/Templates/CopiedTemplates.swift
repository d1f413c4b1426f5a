// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// The templates of a section; one that copies another has all of the other's, and its own in place of that.
    func templates(_ section: YAMLNode?, _ noun: String) -> [YAMLNode.Entry] {
        let entries = section?.entries ?? []
        return entries.map { entry in
            guard let copy = entry.value["copy"], let name = copy.text else { return entry }
            guard let source = entries.first(where: { $0.name == name }) else {
                diagnostics.report(
                    "tosca.unknown-template", "there is no \(noun) ‘\(name)’ to copy", at: copy.location,
                    hint: Suggestion.hint(for: name, among: entries.map(\.name), noun: "\(noun)s"))
                return entry
            }
            if let second = source.value["copy"] {
                diagnostics.report(
                    "tosca.copied-copy", "‘\(name)’ is a copy itself, and cannot be copied", at: copy.location,
                    related: [.init("it copies here", at: .source(second.location))], hint: "copy what it copies")
                return entry
            }
            return (entry.name, entry.key, entry.value.overlaid(on: source.value, Self.copiedDepths))
        }
    }

    /// How many levels of names lie within the keynames that a copy can change in part. All others it changes as a whole.
    private static let copiedDepths = [
        "metadata": 1, "properties": 1, "attributes": 1, "artifacts": 1, "capabilities": 3, "interfaces": 3,
    ]
}

extension YAMLNode {
    /// The entries of another map with one's own in their place.
    fileprivate func overlaid(on source: YAMLNode, _ depths: [String: Int]) -> YAMLNode {
        var requirements = source["requirements"]?.items ?? []
        let own = self["requirements"]?.items ?? []
        let replaced = Set(own.flatMap(\.entries).map(\.name))
        requirements.removeAll { !replaced.isDisjoint(with: $0.entries.map(\.name)) }
        var result = overlaid(on: source) { depths[$0] ?? 0 }
        guard let pair = result.entries.first(where: { $0.name == "requirements" }) else { return result }
        let list = YAMLNode(.sequence(requirements + own), at: pair.value.location)
        result.content = .mapping((result.mapping ?? []).map { $0.key.text == pair.name ? ($0.key, list) : $0 })
        return result
    }

    private func overlaid(on source: YAMLNode, _ depth: (String) -> Int) -> YAMLNode {
        guard let own = mapping, let copied = source.mapping else { return self }
        let names = Set(own.compactMap(\.key.text))
        var result = self
        result.content = .mapping(
            own.map { pair in
                let name = pair.key.text ?? ""
                guard depth(name) > 0, let inner = source[name] else { return pair }
                return (pair.key, pair.value.overlaid(on: inner) { _ in depth(name) - 1 })
            } + copied.filter { $0.key.text.map { !names.contains($0) } ?? true })
        return result
    }
}
