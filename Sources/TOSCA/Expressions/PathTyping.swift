// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Follows a TOSCA Path through types and templates, as far as they say where it leads, and reports steps that lead nowhere.
///
/// What is known of a node is often only a type that its own derives from. A name is wrong only if no type that derives from it has it.
struct PathTyping {
    private let typing: Typing
    private let function: String
    private let arguments: [Typed]
    private let place: CallPlace
    private let scope: Scope
    private var position = 0
    private var isList = false
    private var types: TypeSystem { typing.types }

    /// The words that are steps of a path.
    static let keywords: Set<String> = ["SOURCE", "TARGET", "CAPABILITY", "RELATIONSHIP"]

    init(typing: Typing, function: String, arguments: [Typed], place: CallPlace, scope: Scope) {
        self.typing = typing
        self.function = function
        self.arguments = arguments
        self.place = place
        self.scope = scope
    }

    /// The type of what the path leads to.
    var type: StaticType {
        var walk = self
        return walk.follow() ?? .unknown
    }

    private mutating func follow() -> StaticType? {
        guard typing.surroundings != nil, arguments.count > 1, var station = start() else { return nil }
        while let step = text(at: position), Self.keywords.contains(step) {
            position += 1
            guard let next = self.step(step, from: station) else { return nil }
            station = next
        }
        guard position < arguments.count else {
            report("tosca.wrong-arguments", "‘$\(function)’ names nothing after its path", at: nil)
            return nil
        }
        guard let name = text(at: position) else {
            reportName(at: position)
            return nil
        }
        let type: StaticType
        switch function {
        case "get_artifact": type = artifact(name, of: station)
        case "available_allocation": type = allocation(name, of: station)
        default: type = value(name, of: station)
        }
        return isList ? .known(Schema(form: .list(type.schema ?? .any), name: "list")) : type
    }

    // MARK: Steps

    private mutating func start() -> PathStation? {
        guard let first = text(at: 0) else {
            reportName(at: 0)
            return nil
        }
        position = 1
        if first == "SELF" { return own() }
        if !scope.knowsNodes {
            report(
                "tosca.misplaced-function", "‘\(first)’ means nothing in a type, which knows no node by its name", at: 0,
                hint: "begin with SELF")
            return nil
        }
        if let station = typing.station(ofNode: first) {
            skipIndex()
            return station
        }
        if let type = typing.surroundings?.relationships[first] {
            skipIndex()
            return .relationship(types.relationship(of: type))
        }
        if scope.isOfService, !typing.isWritten(first) {
            report(
                "tosca.unknown-node", "there is no node template ‘\(first)’", at: 0,
                hint: Suggestion.hint(for: first, among: typing.surroundings?.nodes.keys.sorted() ?? [], noun: "node templates")
            )
        }
        return nil
    }

    private func own() -> PathStation? {
        switch scope.subject {
        case .open: return nil
        case .service:
            report("tosca.misplaced-function", "‘SELF’ means nothing here", at: 0, hint: "name a node template")
            return nil
        case .interfaceType:
            report(
                "tosca.misplaced-function", "‘SELF’ means nothing in an interface type", at: 0,
                hint: "give the value where a node or relationship type has the interface")
            return nil
        case .node(let name): return typing.station(ofNode: name)
        case .relationship(let node, let requirement):
            return typing.station(ofNode: node).flatMap { typing.relationship(requirement, of: $0) }
        case .type(let type):
            return type.kind == .node ? .node(type, isExact: false, template: nil) : .relationship(types.relationship(of: type))
        case .requirement(let type, let name):
            return typing.relationship(name, of: .node(type, isExact: false, template: nil))
        }
    }

    private mutating func step(_ step: String, from station: PathStation) -> PathStation? {
        switch (station, step) {
        case (.node, "RELATIONSHIP"):
            guard let name = name(after: step) else { return nil }
            skipIndex()
            return relationship(name, of: station)
        case (.node(let type, let isExact, _), "CAPABILITY"):
            guard let name = name(after: step) else { return nil }
            return capability(name, of: type, isExact)
        case (.capability, "RELATIONSHIP"):
            skipIndex()
            return .relationship(PathStation.Relationship())
        case (.relationshipCapability(let relationship), "RELATIONSHIP"):
            skipIndex()
            return .relationship(relationship)
        case (.relationship(let relationship), "SOURCE"): return relationship.source?.station
        case (.relationship(let relationship), "TARGET"): return relationship.target?.station
        case (.relationship(let relationship), "CAPABILITY"): return .relationshipCapability(relationship)
        default:
            report(
                "tosca.broken-path", "‘\(step)’ cannot follow \(station.noun) in a path", at: position - 1,
                hint: station.hint)
            return nil
        }
    }

    private mutating func name(after step: String) -> String? {
        guard position < arguments.count, let name = text(at: position), !Self.keywords.contains(name) else {
            if position >= arguments.count || arguments[position].constant != nil {
                report(
                    "tosca.wrong-arguments",
                    "the name of a \(step == "CAPABILITY" ? "capability" : "requirement") must follow ‘\(step)’ in a path",
                    at: min(position, arguments.count - 1))
            }
            return nil
        }
        position += 1
        return name
    }

    private func relationship(_ name: String, of station: PathStation) -> PathStation? {
        if let relationship = typing.relationship(name, of: station) { return relationship }
        guard case .node(let type, let isExact, _) = station else { return nil }
        let names = types.content(of: type).requirements.map(\.name)
        if !types.isPossible(type, isExact, { types.content(of: $0).requirements.contains { $0.name == name } }) {
            reportMissing(name, "requirement", names, type, at: position, back: true)
        }
        return nil
    }

    private func capability(_ name: String, of type: TypeDefinition, _ isExact: Bool) -> PathStation? {
        let capabilities = types.content(of: type).capabilities
        if let capability = capabilities[name] { return .capability(capability, isExact: isExact) }
        if !types.isPossible(type, isExact, { types.content(of: $0).capabilities[name] != nil }) {
            reportMissing(name, "capability", Array(capabilities.keys), type, at: position, back: true)
        }
        return nil
    }

    /// Passes over the index that may stand here.
    private mutating func skipIndex() {
        guard arguments.indices.contains(position) else { return }
        let argument = arguments[position]
        if text(at: position) == "ALL" {
            isList = true
            position += 1
        } else if let index = argument.constant?.integer {
            if index < 0 { report("tosca.wrong-index", "an index cannot be negative", at: position) }
            position += 1
        } else if argument.constant == nil, argument.type.kinds == [.integer] {
            position += 1
        }
    }

    // MARK: Ends

    private func value(_ name: String, of station: PathStation) -> StaticType {
        let (definitions, type, isExact) = members(of: station)
        guard let definitions, let type else { return .unknown }
        guard let definition = definitions[name] else {
            if isOldNotation(name, station) { return .unknown }
            let has: (TypeDefinition) -> Bool = { self.names(of: $0).contains(name) }
            if !types.isPossible(type, isExact, has) {
                let noun = function == "get_attribute" ? "attribute" : "property"
                reportMissing(name, noun, Array(definitions.keys), type, at: position)
            }
            return .unknown
        }
        return typing.nested(.known(definition.schema), arguments[(position + 1)...], place, "‘\(name)’")
    }

    /// Whether the name is that of the requirement whose relationship is meant already, which TOSCA 1.x wanted there.
    private func isOldNotation(_ name: String, _ station: PathStation) -> Bool {
        guard case .relationship = station, position == 1, position + 1 < arguments.count else { return false }
        switch scope.subject {
        case .relationship(_, name), .requirement(_, name): break
        default: return false
        }
        typing.report(
            "tosca.old-path", "‘SELF’ is the relationship of ‘\(name)’ already, and has nothing of this name",
            at: place.node(of: position)?.location, hint: "leave out ‘\(name)’", severity: .warning)
        return true
    }

    /// The properties, and the attributes if they count, of where the path leads.
    private func members(of station: PathStation) -> ([String: PropertyDefinition]?, TypeDefinition?, Bool) {
        let all = function == "get_attribute"
        func merged(_ properties: [String: PropertyDefinition], _ attributes: [String: PropertyDefinition]) -> [String:
            PropertyDefinition]
        {
            all ? properties.merging(attributes) { own, _ in own } : properties
        }
        switch station {
        case .node(let type, let isExact, _):
            let content = types.content(of: type)
            return (merged(content.properties, content.attributes), type, isExact)
        case .capability(let capability, let isExact):
            return (merged(capability.properties, capability.attributes), capability.type, isExact)
        case .relationship(let relationship):
            return (merged(relationship.properties, relationship.attributes), relationship.type, false)
        case .relationshipCapability(let relationship):
            guard let capability = relationship.capability else { return (nil, nil, false) }
            return (merged(capability.properties, capability.attributes), capability.type, false)
        }
    }

    private func names(of type: TypeDefinition) -> Set<String> {
        let content = types.content(of: type)
        return Set(content.properties.keys).union(function == "get_attribute" ? Set(content.attributes.keys) : [])
    }

    private func allocation(_ name: String, of station: PathStation) -> StaticType {
        switch station {
        case .capability, .relationshipCapability: break
        case .node, .relationship:
            report(
                "tosca.broken-path", "the path of ‘$available_allocation’ must lead to a capability, not to \(station.noun)",
                at: position, hint: "write CAPABILITY and the capability’s name before the property")
            return .unknown
        }
        let type = value(name, of: station)
        if let kinds = type.kinds, kinds.isDisjoint(with: [.integer, .float, .scalar]) {
            report(
                "tosca.wrong-type", "‘\(name)’ is \(type.description), of which nothing can be allocated", at: position,
                hint: "integers, floats and scalars can be allocated")
            return .unknown
        }
        return type
    }

    private func artifact(_ name: String, of station: PathStation) -> StaticType {
        let string = StaticType.builtIn(.string)
        guard case .node(let type, let isExact, let template) = station else {
            report("tosca.broken-path", "only a node has artifacts, and the path leads to \(station.noun)", at: position)
            return string
        }
        let own = template.flatMap { typing.surroundings?.nodes[$0]?.artifacts } ?? []
        let names = own.union(types.content(of: type).artifacts.keys)
        if !names.contains(name), !types.isPossible(type, isExact, { types.content(of: $0).artifacts[name] != nil }) {
            // Whatever was made from a type may have artifacts of its template.
            if template != nil { reportMissing(name, "artifact", Array(names), type, at: position) }
        }
        return string
    }

    // MARK: Problems

    private func text(at index: Int) -> String? {
        arguments.indices.contains(index) ? arguments[index].constant?.text : nil
    }

    private func reportName(at index: Int) {
        guard let value = arguments[index].constant else { return }
        let what = index == 0 ? "a path begins with SELF or the name of a template" : "a name must stand here"
        report("tosca.wrong-arguments", "\(what), not \(Describe.value(value))", at: index)
    }

    private func report(_ code: String, _ message: String, at index: Int?, hint: String? = nil) {
        typing.report(code, message, at: index.flatMap { place.node(of: $0)?.location } ?? place.location, hint: hint)
    }

    private func reportMissing(
        _ name: String, _ noun: String, _ names: [String], _ type: TypeDefinition, at index: Int, back: Bool = false
    ) {
        let plural = noun == "property" ? "properties" : noun == "capability" ? "capabilities" : "\(noun)s"
        let place = back ? (arguments[..<index].lastIndex { $0.constant?.text == name } ?? index) : index
        report(
            "tosca.unknown-\(noun)", "‘\(type.name)’ has no \(noun) ‘\(name)’", at: place,
            hint: Suggestion.hint(for: name, among: names, noun: plural))
    }
}

extension StaticType {
    /// The schema that values fit; nil if nothing is known.
    fileprivate var schema: Schema? { if case .known(let schema) = self { schema } else { nil } }
}
