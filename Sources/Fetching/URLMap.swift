// SPDX-License-Identifier: Apache-2.0 OR MIT
import TOSCA

/// Where addresses lead instead: for machines without a network, and for trying changed files.
public struct URLMap: Sendable {
    private struct Rule: Sendable {
        let prefix: String
        let target: String
    }

    private var rules: [Rule] = []

    /// Makes an empty map.
    public init() {}

    /// From now on addresses that begin with a text lead to where they would with another text instead of it: a path of this machine, or
    /// the beginning of an address. The longest text counts.
    public mutating func add(_ prefix: String, leadsTo target: String) {
        rules.append(Rule(prefix: prefix, target: target))
        rules.sort { $0.prefix.utf8.count > $1.prefix.utf8.count }
    }

    /// Where an address leads; nil if to itself. A rule counts if the address is its text, or goes on after it with another part.
    func target(of address: String) -> (base: String, rest: Substring)? {
        for rule in rules where address.hasPrefix(rule.prefix) {
            let rest = address.dropFirst(rule.prefix.count)
            let isWhole = rest.isEmpty || rule.prefix.hasSuffix("/") || ["/", "?"].contains(rest.first)
            if isWhole { return (rule.target, rest) }
        }
        return nil
    }
}
