// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension Completion {
    /// The keynames by which a definition tells something of an attribute beside its value.
    private static let descriptive: Set<String> = ["description", "metadata"]

    /// The body of a relationship's assignment without attributes that are only described there, as definitions do it.
    func withoutDescriptions(_ body: YAMLNode, _ attributes: [String: PropertyDefinition]) -> YAMLNode {
        guard let pairs = body.mapping, let section = body["attributes"], let assigned = section.mapping else { return body }
        let kept = assigned.filter { key, value in
            let names = value.entries.map(\.name)
            guard let definition = attributes[key.text ?? ""], !names.isEmpty, Self.descriptive.isSuperset(of: names) else {
                return true
            }
            switch types.withoutValidation(definition.schema).form {
            case .map, .complex, .any: return true
            default: return false
            }
        }
        if kept.count == assigned.count { return body }
        var result = body
        let rest = YAMLNode(.mapping(kept), at: section.location)
        result.content = .mapping(pairs.map { $0.key.text == "attributes" ? ($0.key, rest) : $0 })
        return result
    }
}
