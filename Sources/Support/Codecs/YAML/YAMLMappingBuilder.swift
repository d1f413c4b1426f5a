// SPDX-License-Identifier: Apache-2.0 OR MIT

/// Collects the entries of one mapping: refuses keys that stand twice and applies merge keys.
struct YAMLMappingBuilder {
    private(set) var problems: [Problem] = []
    private var entries: [(key: YAMLNode, value: YAMLNode)] = []
    private var keys: [Value: SourceLocation] = [:]
    private var hasMerge = false

    /// Adds an entry as it is written. Of two entries with one key, the first is kept.
    mutating func add(_ key: YAMLNode, _ value: YAMLNode) {
        let identity = key.value
        if let first = keys[identity] {
            let name = key.scalar.map { "the key ‘\($0)’" } ?? "this key"
            problems.append(
                Problem(
                    "yaml.duplicate-key", "\(name) stands twice in one map", at: .source(key.location),
                    related: [Problem.Related("first here", at: .source(first))]))
            return
        }
        keys[identity] = key.location
        if key.isMerge { hasMerge = true }
        entries.append((key, value))
    }

    /// The entries, with those of merge keys in the place of these. Entries that the map has itself take precedence, and
    /// among merged maps the earlier one.
    mutating func mergedEntries() -> [(key: YAMLNode, value: YAMLNode)] {
        guard hasMerge else { return entries }
        var result: [(key: YAMLNode, value: YAMLNode)] = []
        for entry in entries {
            guard entry.key.isMerge else {
                result.append(entry)
                continue
            }
            for merged in mappings(entry.value) {
                let identity = merged.key.value
                guard keys[identity] == nil else { continue }
                keys[identity] = merged.key.location
                result.append(merged)
            }
        }
        return result
    }

    private mutating func mappings(_ node: YAMLNode) -> [(key: YAMLNode, value: YAMLNode)] {
        let parts = node.sequence ?? [node]
        return parts.flatMap { part in
            if let entries = part.mapping { return entries }
            problems.append(
                Problem(
                    "yaml.merge", "‘<<’ takes a map or a list of maps, and this is neither", at: .source(part.location),
                    hint: "a key named ‘<<’ needs quotes"))
            return []
        }
    }
}

extension YAMLNode {
    /// Whether it is a merge key, if it is a key.
    fileprivate var isMerge: Bool {
        scalar == "<<" && (tag == nil && style == .plain || tag == "tag:yaml.org,2002:merge")
    }
}
