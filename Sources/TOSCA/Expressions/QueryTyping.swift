// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The functions that ask the graph, or the place where they stand.
extension Typing {
    /// The type of what a query gives.
    func query(_ function: String, _ arguments: [Typed], _ place: CallPlace, _ scope: Scope) -> StaticType {
        switch function {
        case "get_input": return input(arguments, place, scope)
        case "value":
            guard let schema = scope.value else {
                report("tosca.misplaced-function", "‘$value’ means something only in a validation", at: place.location)
                return .unknown
            }
            return nested(.known(schema), arguments[...], place, "the value")
        default: return PathTyping(typing: self, function: function, arguments: arguments, place: place, scope: scope).type
        }
    }

    /// The type of what depends on the place where a call stands.
    func context(_ function: String, _ arguments: [Typed], _ place: CallPlace, _ scope: Scope) -> StaticType {
        switch function {
        case "argument": return argument(arguments, place, scope)
        case "arguments":
            if scope.signature == nil { reportOutside(function, place) }
            return .unknown
        default:
            let isRelationship = function == "relationship_index"
            if !isRelationship, case .service = scope.subject {
                report("tosca.misplaced-function", "‘$node_index’ means something only in a node", at: place.location)
            }
            if isRelationship, !scope.isRelationship {
                report(
                    "tosca.misplaced-function", "‘$relationship_index’ means something only in a relationship",
                    at: place.location)
            }
            return .builtIn(.integer)
        }
    }

    private func argument(_ arguments: [Typed], _ place: CallPlace, _ scope: Scope) -> StaticType {
        guard let signature = scope.signature else {
            reportOutside("argument", place)
            return .unknown
        }
        guard let index = arguments.first?.constant?.integer else { return .unknown }
        guard index >= 0, let pattern = signature.pattern(at: index) else {
            let count = signature.parameters.count
            report(
                "tosca.wrong-index", "there is no argument \(index); the signature has \(count)",
                at: place.node(of: 0)?.location,
                hint: "arguments are counted from 0")
            return .unknown
        }
        return TypeMatch(schemas: types.schemas).result(pattern)
    }

    private func reportOutside(_ function: String, _ place: CallPlace) {
        report(
            "tosca.misplaced-function", "‘$\(function)’ means something only in the implementation of a custom function",
            at: place.location)
    }

    private func input(_ arguments: [Typed], _ place: CallPlace, _ scope: Scope) -> StaticType {
        guard let first = arguments.first else { return .unknown }
        guard case .literal(let value) = first.type else { return .unknown }
        guard let name = value.text else {
            report(
                "tosca.wrong-arguments",
                "the first argument of ‘$get_input’ is the name of an input, not \(Describe.value(value))",
                at: place.node(of: 0)?.location ?? place.location)
            return .unknown
        }
        // What stands in a type may be for services of other files.
        guard let surroundings, scope.isOfService else { return .unknown }
        guard let schema = scope.inputs[name]?.schema ?? surroundings.inputs[name] else {
            report(
                "tosca.unknown-input", "there is no input ‘\(name)’", at: place.node(of: 0)?.location ?? place.location,
                hint: Suggestion.hint(
                    for: name, among: Set(scope.inputs.keys).union(surroundings.inputs.keys), noun: "inputs"))
            return .unknown
        }
        return nested(.known(schema), arguments.dropFirst(), place, "the input ‘\(name)’")
    }

    /// The type of what lies at keys and indexes within a value.
    func nested(_ type: StaticType, _ steps: ArraySlice<Typed>, _ place: CallPlace, _ what: String) -> StaticType {
        var type = type
        for index in steps.indices {
            guard case .known(let known) = type else { return .unknown }
            let schema = types.resolved(known)
            let step = steps[index].constant
            let location = place.node(of: index)?.location ?? place.location
            switch schema.form {
            case .any, .reference: return .unknown
            case .list(let entry):
                if let step, step.integer ?? -1 < 0 {
                    report(
                        "tosca.wrong-index", "\(what) is a list, in which \(Describe.value(step)) is no index", at: location,
                        hint: "indexes are counted from 0")
                    return .unknown
                }
                type = .known(entry)
            case .map(_, let entry): type = .known(entry)
            case .complex(let fields):
                guard let step else { return .unknown }
                guard let name = step.text, let field = fields[name] else {
                    report(
                        "tosca.unknown-property", "\(Describe.value(step)) is no property of \(schema.name)", at: location,
                        hint: step.text.flatMap {
                            Suggestion.hint(for: $0, among: fields.keys, noun: "properties of \(schema.name)")
                        })
                    return .unknown
                }
                type = .known(field.schema)
            case .scalar where step == "number": return .unknown
            default:
                report(
                    "tosca.nothing-there", "\(what) is \(Describe.article(schema.summary)), which has no parts", at: location)
                return .unknown
            }
        }
        return type
    }
}

extension Scope {
    /// Whether the service that an expression is for is the one that is looked at.
    var isOfService: Bool {
        switch subject {
        case .service, .node, .relationship: true
        case .open, .type, .requirement: isInService
        case .interfaceType: false
        }
    }

    /// Whether nodes can be named here: a type, which may be used in any service, knows none.
    var knowsNodes: Bool {
        switch subject {
        case .type, .requirement: isInService
        case .interfaceType: false
        case .open, .service, .node, .relationship: true
        }
    }

    /// Whether a relationship may stand here.
    fileprivate var isRelationship: Bool {
        switch subject {
        case .service, .node: false
        case .type(let type): type.kind == .relationship
        case .open, .interfaceType, .relationship, .requirement: true
        }
    }
}
