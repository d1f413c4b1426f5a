// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

extension SubstitutionChecker {
    /// How many assignments a mapping is for.
    private enum Count {
        case all, some(Int), unbounded
    }

    /// Checks the mappings of requirements, of which several may have one name. Section 15.5 of the standard.
    func checkRequirements(_ section: YAMLNode?) {
        var counts: [String: [(count: Count, key: YAMLNode)]] = [:]
        for item in section?.items ?? [] {
            guard let (key, value) = item.mapping?.first, let (name, count) = outer(key) else { continue }
            if case .unbounded? = counts[name]?.last?.count {
                types.diagnostics.report(
                    "tosca.malformed-mapping", "nothing is left of ‘\(name)’ after a mapping with the count UNBOUNDED",
                    at: key.location)
            }
            counts[name, default: []].append((count, key))
            let definition = types.content(of: type).requirements.first { $0.name == name }
            for target in targets(value) { checkTarget(target, definition) }
        }
        for (name, mappings) in counts { checkCount(name, mappings) }
    }

    /// The name of the substituted node's requirement and how many assignments of it are meant.
    private func outer(_ key: YAMLNode) -> (name: String, count: Count)? {
        let name = key.isSequence ? key.items.first ?? key : key
        let requirements = types.content(of: type).requirements
        guard let text = name.text, requirements.contains(where: { $0.name == text }) else {
            missing("requirement", name, type.name, requirements.map(\.name))
            return nil
        }
        guard key.isSequence else { return (text, .all) }
        if key.items.count == 2, key.items[1].text == "UNBOUNDED" { return (text, .unbounded) }
        if key.items.count == 2, let count = PlainScalar(key.items[1]).value?.integer, count >= 0 {
            return (text, .some(count))
        }
        types.diagnostics.report(
            "tosca.malformed-mapping", "a requirement with a count is a list of its name and a number or UNBOUNDED",
            at: key.location)
        return nil
    }

    /// A target: the name of a selectable node template, or a node template and a requirement of it.
    private typealias Target = (node: YAMLNode, requirement: YAMLNode?)

    private func targets(_ value: YAMLNode) -> [Target] {
        if value.text != nil { return [(value, nil)] }
        if let pair = pair(value) { return [pair] }
        var targets: [Target] = []
        for item in value.items {
            if item.text != nil {
                targets.append((item, nil))
            } else if item.items.count == 2 {
                targets.append((item.items[0], item.items[1]))
            } else {
                malformedTarget(item)
            }
        }
        if value.items.isEmpty { malformedTarget(value) }
        return targets
    }

    /// Two names are a node template and its requirement, unless both are node templates.
    private func pair(_ value: YAMLNode) -> Target? {
        guard value.items.count == 2, let second = value.items[1].text, value.items[0].text != nil else { return nil }
        return service.nodeNames.contains(second) ? nil : (value.items[0], value.items[1])
    }

    private func malformedTarget(_ node: YAMLNode) {
        types.diagnostics.report(
            "tosca.malformed-mapping", "a requirement is mapped to requirements of node templates, or to selectable nodes",
            at: node.location, hint: "write [NODE, REQUIREMENT], NODE, or a list of these")
    }

    private func checkTarget(_ target: Target, _ outer: RequirementDefinition?) {
        guard let type = template(target.node) else { return }
        let name = target.node.text ?? ""
        guard let place = target.requirement else {
            if !selected.contains(name) {
                types.diagnostics.report(
                    "tosca.not-selectable", "‘\(name)’ is not a node that is selected", at: target.node.location,
                    hint: "give it the directive select, or name a requirement: [\(name), REQUIREMENT]")
            }
            return
        }
        let requirements = types.content(of: type).requirements
        guard let inner = requirements.first(where: { $0.name == place.text }) else {
            if !type.hasBrokenLineage { missing("requirement", place, type.name, requirements.map(\.name)) }
            return
        }
        let assignments =
            service.nodes.first { $0.about.name == name }?.requirements.filter { $0.about.name == inner.name } ?? []
        if let bound = assignments.first, assignments.allSatisfy({ $0.targetTemplate != nil }) {
            types.diagnostics.report(
                "tosca.not-dangling", "‘\(inner.name)’ of ‘\(name)’ has a target already", at: place.location,
                related: [.init("it is assigned here", at: .source(bound.about.location))])
        }
        guard let outer else { return }
        checkFit(outer.capability, inner.capability, place, outer)
        checkFit(outer.node, inner.node, place, outer)
    }

    /// Whether a target of the substituted node's requirement can be one of the other requirement.
    private func checkFit(
        _ outer: TypeDefinition?, _ inner: TypeDefinition?, _ place: YAMLNode, _ definition: RequirementDefinition
    ) {
        guard let outer, let inner, !outer.isA(inner), !inner.isA(outer), !outer.hasBrokenLineage, !inner.hasBrokenLineage
        else { return }
        types.diagnostics.report(
            "tosca.wrong-type", "‘\(place.text ?? "")’ leads to ‘\(inner.name)’, and ‘\(definition.name)’ to ‘\(outer.name)’",
            at: place.location, related: [.init("defined here", at: .source(definition.location))])
    }

    /// Whether there are more mappings than there can be assignments.
    private func checkCount(_ name: String, _ mappings: [(count: Count, key: YAMLNode)]) {
        guard let definition = types.content(of: type).requirements.first(where: { $0.name == name }) else { return }
        guard mappings.count > 1, let limit = definition.upperBound else { return checkMandatory(definition, mappings[0].key) }
        var sum = 0
        for (count, key) in mappings {
            switch count {
            case .all: sum += 1
            case .some(let number): sum += number
            case .unbounded: break
            }
            guard sum > limit else { continue }
            types.diagnostics.report(
                "tosca.excess-mapping", "‘\(name)’ is mapped more often than the \(limit) times that there can be",
                at: key.location, related: [.init("defined here", at: .source(definition.location))], severity: .warning)
            return
        }
        checkMandatory(definition, mappings[0].key)
    }

    /// Whether what must have a target can count on one.
    private func checkMandatory(_ definition: RequirementDefinition, _ key: YAMLNode) {
        let items = service.substitution?.requirements.filter { $0.name == definition.name } ?? []
        let count = service.mandatoryCount(items)
        guard count > definition.lowerBound else { return }
        types.diagnostics.report(
            "tosca.unsure-mapping",
            "‘\(definition.name)’ is mapped to \(count) relationships that must be there, and \(definition.lowerBound) are sure to be",
            at: key.location, related: [.init("defined here", at: .source(definition.location))],
            hint: "make the others optional, with ‘optional: true’ or a count_range that begins with 0", severity: .warning)
    }
}
