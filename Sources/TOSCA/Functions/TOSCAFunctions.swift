// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// The library `tosca`: the functions of the language; `prepare`, which is the gate of every property with a type;
/// `selected` and `is_selected`, by which requirements follow a node template that stands for a node of another service; and
/// `mapped`, `is_mapped`, `mapped_input` and `mapped_attribute`, by which substituting services and nodes follow each other;
/// and `allows`, which tells whether types may be connected.
///
/// They find their entity by the call's site; `SELF` is the node that the site belongs to, or the relationship if it is one.
public struct TOSCAFunctions: FunctionLibrary {
    /// The library's name.
    public static let name = "tosca"

    /// The kind of a vertex that stands for a node of another service, and the name of its edge that leads there.
    static let reference = "reference"

    /// True: they compute.
    public var answersAtOnce: Bool { true }

    /// Makes the library.
    public init() {}

    /// Calls a function.
    public func dispatch(_ function: String, _ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure)
        -> Value
    {
        let walk = PathWalk(evaluation)
        switch function {
        case "prepare": return try await prepare(arguments, evaluation)
        case "get_input": return try input(arguments, walk, evaluation)
        case "get_property", "get_attribute": return try walk.values(function, arguments)
        case "get_artifact": return try walk.artifact(arguments)
        case "available_allocation": return try walk.allocation(arguments)
        case CustomFunction.name:
            return try await CustomCall(arguments.first?.text ?? "", of: walk.service, evaluation)
                .result(Array(arguments.dropFirst()))
        case "argument":
            throw evaluation.fail(
                "tosca.missing-argument", "the call has no argument \(arguments.first.map { Describe.value($0) } ?? "")")
        case "selected": return try walk.selected(arguments)
        case "is_selected": return .boolean(try walk.isSelected(arguments))
        case "allows": return .boolean(TargetRestrictions.allow(arguments, evaluation))
        case "mapped_input": return try await SubstitutionWalk(walk, evaluation).input(arguments)
        case "mapped_attribute": return try await SubstitutionWalk(walk, evaluation).attribute(arguments)
        case "mapped": return try SubstitutionWalk(walk, evaluation).targets(arguments)
        case "is_mapped": return .boolean(try SubstitutionWalk(walk, evaluation).isTarget(arguments))
        case "node_index":
            guard let node = walk.node else {
                throw evaluation.fail("tosca.misplaced-function", "‘$node_index’ means something only in a node")
            }
            return .integer(node.index)
        case "relationship_index":
            guard let edge = walk.relationship else {
                throw evaluation.fail(
                    "tosca.misplaced-function", "‘$relationship_index’ means something only in a relationship")
            }
            return .integer(edge.index)
        default:
            do throws(Problem) {
                return try PureFunction.call(function, arguments)
            } catch {
                throw .failed(error)
            }
        }
    }

    private func input(_ arguments: [Value], _ walk: PathWalk, _ evaluation: Evaluation) throws(EvaluationFailure) -> Value {
        guard let name = arguments.first?.text else {
            throw evaluation.fail("tosca.wrong-arguments", "the first argument of ‘$get_input’ is the name of an input")
        }
        guard let service = walk.service else {
            throw evaluation.fail("tosca.misplaced-function", "‘$get_input’ means something only in a service")
        }
        let value = try evaluation.value(of: PropertyReference(service.header.id, "input.\(name)"))
        return try walk.nested(value, arguments.dropFirst(), "the input ‘\(name)’")
    }

    /// The candidate as its schema wants it. The arguments are the schema's document and those of the types it refers to.
    private func prepare(_ arguments: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
        guard let candidate = evaluation.candidate else {
            throw evaluation.fail("tosca.misplaced-function", "‘tosca:prepare’ means something only in a preparer")
        }
        guard let schema = arguments.first.flatMap(Schema.init(document:)) else {
            throw evaluation.fail("tosca.malformed-schema", "the schema of a preparer is malformed")
        }
        var preparation = Preparation(types: Schema.table(arguments.dropFirst().first))
        let value = preparation.prepare(candidate, schema)
        if let fault = preparation.faults.first {
            throw evaluation.fail(fault.problem.code, fault.problem.message, hint: fault.problem.hint)
        }
        for clause in preparation.clauses {
            let result = try await evaluation.evaluate(clause.expression)
            if result == true { continue }
            if result.holdsSecret {
                throw evaluation.fail(
                    "tosca.secret-not-checked",
                    "\(Describe.value(clause.clause)) cannot be checked, because it asks about a secret",
                    hint:
                        "give the property a type that derives from Secret and has the validation: it is checked when the secret is made"
                )
            }
            let problem = Validation.problem(clause)
            throw evaluation.fail(problem.code, problem.message)
        }
        return value
    }
}
