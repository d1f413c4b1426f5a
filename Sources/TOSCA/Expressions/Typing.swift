// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// An expression with what is known of its value.
struct Typed {
    /// The expression, in which literals are of the type of what they are compared and added with.
    var value: Value
    var type: StaticType
    /// The value, if it depends on nothing.
    var constant: Value?

    static func unknown(_ value: Value) -> Typed { Typed(value: value, type: .unknown) }
}

/// Finds the types of expressions, as far as that is possible before there is a graph, and reports what cannot succeed.
struct Typing {
    let types: TypeSystem
    /// What the service says; nil while types are made, when a path leads nowhere yet.
    let surroundings: Surroundings?
    /// Where problems go; nil if they are reported at another time.
    let diagnostics: Diagnostics?
    /// What gets the value, for messages.
    var subject: String?

    /// The type of an expression.
    ///
    /// - Parameters:
    ///   - node: the expression as it is written; nil if that doesn't matter.
    ///   - expected: what the value must fit.
    func typed(_ value: Value, _ node: YAMLNode?, expecting expected: Schema?, _ scope: Scope) -> Typed {
        switch value {
        case .call(let call):
            let result = self.call(call, node, expected, scope)
            check(result, node, expected)
            return result
        case .list(let items) where !value.isLiteral: return list(items, node, expected, scope)
        case .map(let map) where !value.isLiteral: return self.map(map, node, expected, scope)
        default: return Typed(value: value, type: StaticType(value), constant: value)
        }
    }

    private func check(_ result: Typed, _ node: YAMLNode?, _ expected: Schema?) {
        guard let expected, let diagnostics, let node else { return }
        guard !TypeMatch(schemas: types.schemas).fits(result.type, expected) else { return }
        let prefix = subject.map { "‘\($0)’: " } ?? ""
        diagnostics.report(
            "tosca.wrong-type",
            "\(prefix)\(Describe.value(result.value)) gives \(result.type.description), not \(Describe.article(expected.summary))",
            at: node.location)
    }

    private func list(_ items: [Value], _ node: YAMLNode?, _ expected: Schema?, _ scope: Scope) -> Typed {
        var entry: Schema?
        if case .list(let schema)? = expected.map(types.resolved)?.form { entry = schema }
        let nodes = node?.items ?? []
        let typed = items.enumerated().map { index, item in
            self.typed(item, nodes.indices.contains(index) ? nodes[index] : node, expecting: entry, scope)
        }
        let constants = typed.compactMap(\.constant)
        return Typed(
            value: .list(typed.map(\.value)), type: .list(typed.map(\.type)),
            constant: constants.count == typed.count ? .list(constants) : nil)
    }

    private func map(_ map: ValueMap, _ node: YAMLNode?, _ expected: Schema?, _ scope: Scope) -> Typed {
        let form = expected.map(types.resolved)?.form
        var entries: [(Value, Value)] = []
        var pairs: [(StaticType, StaticType)] = []
        var constants: [(Value, Value)] = []
        for (key, value) in map {
            var schema: Schema?
            switch form {
            case .map(_, let entry)?: schema = entry
            case .complex(let fields)?: schema = key.text.flatMap { fields[$0]?.schema }
            default: break
            }
            let place = key.text.flatMap { name in node?.entries.first { $0.name == name }?.value } ?? node
            let typedKey = typed(key, node, expecting: nil, scope)
            let typedValue = typed(value, place, expecting: schema, scope)
            entries.append((typedKey.value, typedValue.value))
            pairs.append((typedKey.type, typedValue.type))
            if let key = typedKey.constant, let value = typedValue.constant { constants.append((key, value)) }
        }
        return Typed(
            value: .map(ValueMap(entries)), type: .map(pairs.map { (key: $0.0, entry: $0.1) }),
            constant: constants.count == entries.count ? .map(ValueMap(constants)) : nil)
    }

    // MARK: Calls

    private func call(_ call: Call, _ node: YAMLNode?, _ expected: Schema?, _ scope: Scope) -> Typed {
        guard call.function.plugin == TOSCAFunctions.name else { return .unknown(.call(call)) }
        let isCustom = call.function.name == CustomFunction.name
        let written = isCustom ? Array(call.arguments.dropFirst()) : call.arguments
        let place = CallPlace(name: isCustom ? call.arguments.first?.text ?? "" : call.function.name, node: node)
        let arguments = written.enumerated().map { index, argument in
            typed(argument, place.node(of: index), expecting: nil, scope)
        }
        var result = call
        result.arguments = (isCustom ? Array(call.arguments.prefix(1)) : []) + arguments.map(\.value)
        switch call.function.name {
        case CustomFunction.name:
            guard let function = types.functions.function(place.name) else { return .unknown(.call(call)) }
            let signatures = function.signatures.map(\.signature)
            do throws(Problem) { try PureFunction.check(arguments.count, signatures, place.shownName) } catch {
                report(error.code, error.message, at: place.location)
            }
            return choose(signatures, result, arguments, place, expected)
        case "get_input", "get_property", "get_attribute", "get_artifact", "available_allocation", "value":
            return Typed(value: .call(result), type: query(call.function.name, arguments, place, scope))
        case "node_index", "relationship_index", "argument", "arguments":
            return Typed(value: .call(result), type: context(call.function.name, arguments, place, scope))
        default:
            guard let function = LanguageFunction.named[call.function.name] else { return .unknown(.call(call)) }
            guard isPossible(call.function.name, arguments, place) else { return .unknown(.call(result)) }
            return choose(function.signatures, result, arguments, place, expected)
        }
    }

    /// Whether a second argument that is known already can succeed, whatever the first is.
    private func isPossible(_ function: String, _ arguments: [Typed], _ place: CallPlace) -> Bool {
        guard arguments.count == 2, let second = arguments[1].constant, arguments[0].constant == nil else { return true }
        let first: Value
        switch function {
        case "matches" where second.text != nil: first = ""
        case "quotient" where second.float != nil, "remainder" where second.integer != nil: first = 1
        default: return true
        }
        do throws(Problem) { _ = try PureFunction.call(function, [first, second]) } catch {
            report(error.code, error.message, at: place.node(of: 1)?.location, hint: error.hint)
            return false
        }
        return true
    }

    /// Finds the signature that a call is of.
    private func choose(
        _ signatures: [Signature], _ call: Call, _ arguments: [Typed], _ place: CallPlace, _ expected: Schema?
    ) -> Typed {
        var choice = SignatureChoice(schemas: types.schemas, expected: expected.map(types.resolved))
        choice.choose(signatures, arguments.map(\.type))
        guard let first = choice.fitting.first else {
            report(choice, arguments, place)
            return .unknown(.call(call))
        }
        guard choice.fitting.count == 1 || !arguments.contains(where: { $0.type.kinds == nil }) else {
            let results = Set(choice.fitting.map(\.signature.result))
            return Typed(value: .call(call), type: results.count == 1 ? first.match.result(first.signature.result) : .unknown)
        }
        var call = call
        let offset = call.arguments.count - arguments.count
        var constants: [Value] = []
        for index in arguments.indices {
            let pattern = first.signature.pattern(at: index) ?? .any
            let value = LiteralConversion(types: types, match: first.match).converted(arguments[index].value, pattern)
            call.arguments[offset + index] = value
            if let constant = arguments[index].constant {
                constants.append(LiteralConversion(types: types, match: first.match).converted(constant, pattern))
            }
        }
        let type = first.match.result(first.signature.result)
        guard constants.count == arguments.count, PureFunction.all[call.function.name] != nil else {
            return Typed(value: .call(call), type: type)
        }
        return folded(call, constants, type, place)
    }

    /// A call that depends on nothing, with its value.
    private func folded(_ call: Call, _ arguments: [Value], _ type: StaticType, _ place: CallPlace) -> Typed {
        do throws(Problem) {
            let value = try PureFunction.call(call.function.name, arguments)
            if case .unknown = type { return Typed(value: .call(call), type: StaticType(value), constant: value) }
            return Typed(value: .call(call), type: type, constant: value)
        } catch {
            report(error.code, error.message, at: place.location, hint: error.hint)
            return .unknown(.call(call))
        }
    }

    private func report(_ choice: SignatureChoice, _ arguments: [Typed], _ place: CallPlace) {
        guard let failure = choice.failure else { return }
        let given = arguments[failure.index]
        report(
            "tosca.wrong-arguments",
            "argument \(failure.index + 1) of ‘$\(place.shownName)’ must be \(failure.wanted), \(given.constant == nil ? "and \(Describe.value(given.value)) gives" : "not") \(given.type.description)",
            at: place.node(of: failure.index)?.location ?? place.location)
    }

    /// Reports a problem at a place.
    func report(
        _ code: String, _ message: String, at location: SourceLocation?, hint: String? = nil,
        severity: Problem.Severity = .error
    ) {
        guard let location else { return }
        diagnostics?.report(code, message, at: location, hint: hint, severity: severity)
    }
}

/// A call as it is written.
struct CallPlace {
    /// The function's name, or the key of a custom function.
    let name: String
    let node: YAMLNode?

    /// The function's name as it is written.
    var shownName: String {
        guard let node, let text = node.text ?? node.entries.first?.name else { return name }
        return String(text.dropFirst().prefix { $0 != "$" })
    }

    /// Where it stands.
    var location: SourceLocation? { node?.location }

    /// Where an argument stands.
    func node(of index: Int) -> YAMLNode? {
        guard let node else { return nil }
        guard let body = node.isSequence ? node : node.entries.first?.value else { return node }
        if body.isSequence { return body.items.indices.contains(index) ? body.items[index] : node }
        return body
    }
}
