// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Finds the signatures that arguments may fit.
struct SignatureChoice {
    /// What keeps arguments from fitting.
    struct Failure {
        /// Which argument.
        var index: Int
        /// What it must be.
        var wanted: String
    }

    let schemas: [String: Schema]
    /// What the result must fit.
    let expected: Schema?
    /// The signatures that the arguments may fit, in order.
    private(set) var fitting: [(signature: Signature, match: TypeMatch)] = []
    /// What is wrong, if they fit none: the argument that is reached by the best signature.
    private(set) var failure: Failure?

    init(schemas: [String: Schema], expected: Schema?) {
        self.schemas = schemas
        self.expected = expected
    }

    /// Tries all signatures that take so many arguments.
    mutating func choose(_ signatures: [Signature], _ arguments: [StaticType]) {
        var wanted: [String] = []
        for signature in signatures where signature.arity.contains(arguments.count) {
            var match = TypeMatch(schemas: schemas)
            if case .variable(let name, .one([.scalar], _)) = signature.result, let expected, case .scalar = expected.form {
                match.bind(name, to: .known(expected))
            }
            let wrong = arguments.indices.first { index in
                !match.fits(arguments[index], signature.pattern(at: index) ?? .any)
            }
            guard let wrong else {
                fitting.append((signature, match))
                continue
            }
            let text = words(signature.pattern(at: wrong) ?? .any, match)
            if wrong > failure?.index ?? -1 { wanted = [] }
            guard wrong >= failure?.index ?? -1 else { continue }
            if !wanted.contains(text) { wanted.append(text) }
            failure = Failure(index: wrong, wanted: Describe.alternatives(wanted))
        }
        if !fitting.isEmpty { failure = nil }
    }

    private func words(_ pattern: TypePattern, _ match: TypeMatch) -> String {
        switch pattern {
        case .variable(let name, let bound):
            if let type = match.bindings[name] { return type.asType }
            return words(bound, match)
        case .any: return "any value"
        case .list: return "a list"
        case .map: return "a map"
        case .one(_, "text"): return "text"
        case .one, .schema: return Describe.article(pattern.description)
        }
    }
}

extension StaticType {
    /// The type of a value in words.
    fileprivate var asType: String {
        switch self {
        case .literal(let value):
            switch value {
            case .text: "a string"
            case .integer, .unsigned, .float: "a number"
            case .boolean: "true or false"
            case .null: "null"
            default: "like \(Describe.value(value))"
            }
        default: description
        }
    }
}

/// Writes literals as the type of what they stand beside: the text `5 GB` as a scalar beside a scalar.
struct LiteralConversion {
    let types: TypeSystem
    let match: TypeMatch

    /// A value, converted as far as it is literal and the pattern says what it must be.
    func converted(_ value: Value, _ pattern: TypePattern) -> Value {
        switch pattern {
        case .variable(let name, _):
            guard case .known(let schema)? = match.bindings[name] else { return value }
            return converted(value, schema)
        case .list(let entry):
            guard let items = value.list else { return value }
            return .list(items.map { converted($0, entry) })
        default: return value
        }
    }

    private func converted(_ value: Value, _ schema: Schema) -> Value {
        var bare = types.resolved(schema)
        guard value.isLiteral, !value.isNull, bare.form != .float, !bare.isSecret(in: types.schemas) else { return value }
        bare.validation = []
        var preparation = Preparation(types: types.schemas)
        let result = preparation.prepare(value, bare)
        return preparation.faults.isEmpty ? result : value
    }
}
