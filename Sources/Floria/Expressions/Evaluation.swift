// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What an evaluation may cost at most.
public struct EvaluationLimits: Sendable, Hashable {
    /// How deep calls, lists and maps may stand in each other.
    public var depth: Int
    /// How large a function's result may be: a text or blob counts its bytes, everything else 8.
    public var size: Int
    /// How many calls one evaluation may make.
    public var calls: Int

    /// Makes limits.
    public init(depth: Int, size: Int, calls: Int) {
        self.depth = depth
        self.size = size
        self.calls = calls
    }

    /// 100 deep, 16 MiB, 100,000 calls.
    public static let standard = EvaluationLimits(depth: 100, size: 16 << 20, calls: 100_000)
}

/// The evaluation of one expression: where it stands, what it may read, and what it has read.
///
/// | where a call stands | normal | eager | lazy |
/// |---|---|---|---|
/// | root, or inside a list, map or custom that is being evaluated | dispatch | dispatch | keep |
/// | argument of a normal call | evaluate first | evaluate first | keep |
/// | argument of an eager call | keep: the function decides | keep | keep |
///
/// Copies share what was read. Nothing is locked while a function runs.
public struct Evaluation: Sendable {
    /// Where the expression stands.
    public var site: CallSite
    /// What can be read.
    public var graph: any GraphReader
    /// The candidate, in a preparer.
    public var candidate: Value?
    /// The functions that can be called.
    public let functions: Functions
    /// What it may cost.
    public let limits: EvaluationLimits
    private let recorder: ReadRecorder
    private var depth = 0

    /// Begins an evaluation.
    public init(
        site: CallSite, graph: any GraphReader, functions: Functions, candidate: Value? = nil,
        limits: EvaluationLimits = .standard
    ) {
        self.init(
            site: site, graph: graph, functions: functions, candidate: candidate, limits: limits, recorder: ReadRecorder())
    }

    init(
        site: CallSite, graph: any GraphReader, functions: Functions, candidate: Value?, limits: EvaluationLimits,
        recorder: ReadRecorder
    ) {
        self.site = site
        self.graph = RecordingGraph(graph: graph, recorder: recorder)
        self.functions = functions
        self.candidate = candidate
        self.limits = limits
        self.recorder = recorder
    }

    /// The properties that were read so far, in order.
    public var reads: [PropertyReference] { recorder.notes.properties.sorted() }

    /// Reads a property's value, and notes that.
    ///
    /// - Throws: pending if there is no value yet; failed if there is no such entity or property.
    public func value(of reference: PropertyReference) throws(EvaluationFailure) -> Value {
        guard recorder.read(reference) else {
            throw .pending(Problem("floria.pending", "‘\(reference)’ is not evaluated yet"))
        }
        guard let property = try property(of: reference) else {
            throw fail("floria.unknown-property", "‘\(reference.entity)’ has no property ‘\(reference.name)’")
        }
        if let value = property.value { return value }
        let causes = property.status.problem.map { [$0] } ?? []
        throw .pending(Problem("floria.pending", "‘\(reference)’ has no value yet", causes: causes).at(site))
    }

    private func property(of reference: PropertyReference) throws(EvaluationFailure) -> Property? {
        if let vertex = graph.vertex(reference.entity) { return vertex.properties[reference.name] }
        if let edge = graph.edge(reference.entity) { return edge.properties[reference.name] }
        throw fail("floria.unknown-entity", "there is no \(reference.entity.kind.label) ‘\(reference.entity)’")
    }

    /// Evaluates an expression that stands at the root or within what is being evaluated.
    public func evaluate(_ expression: Value) async throws(EvaluationFailure) -> Value {
        if expression.isLiteral { return expression }
        guard depth < limits.depth else {
            throw fail("floria.too-deep", "the expression is more than \(limits.depth) levels deep")
        }
        var inner = self
        inner.depth += 1
        switch expression {
        case .call(let call): return try await inner.evaluate(call)
        case .list(let items): return .list(try await inner.evaluate(items))
        case .map(let map):
            let keys = try await inner.evaluate(map.map(\.key))
            let values = try await inner.evaluate(map.map(\.value))
            return .map(ValueMap(zip(keys, values).map { ($0, $1) }))
        case .custom(let kind, let value): return .custom(kind: kind, value: try await inner.evaluate(value))
        default: return expression
        }
    }

    private func evaluate(_ items: [Value]) async throws(EvaluationFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items { values.append(try await evaluate(item)) }
        return values
    }

    private func evaluate(_ call: Call) async throws(EvaluationFailure) -> Value {
        if call.mode == .lazy { return .call(call) }
        let arguments = call.mode == .eager ? call.arguments : try await evaluate(call.arguments)
        if call.mode == .normal, arguments.contains(where: \.holdsSecret) { return try computed(call.function, arguments) }
        guard recorder.dispatch() <= limits.calls else {
            throw fail("floria.too-many-calls", "the expression makes more than \(limits.calls) calls")
        }
        let result: Value
        do throws(EvaluationFailure) {
            result = try await functions.dispatch(call, arguments, self)
        } catch {
            throw error.placed(at: site)
        }
        guard result.isSmaller(than: limits.size) else {
            throw fail("floria.too-large", "the result of ‘\(call.function)’ is larger than \(limits.size) bytes")
        }
        return result
    }

    /// What is computed of a secret is a secret. It is computed where it is opened, by functions that need nothing but arguments.
    private func computed(_ function: FunctionName, _ arguments: [Value]) throws(EvaluationFailure) -> Value {
        guard functions.isLanguage(function) else {
            throw fail(
                "secret.in-call", "‘\(function)’ would get a secret, whose content is not known here",
                hint: "only functions of the language can make something of a secret")
        }
        return SecretReference.computed(function, arguments).value
    }

    /// The failure of a function or an expression at this site, to be thrown.
    public func fail(_ code: String, _ message: String, hint: String? = nil) -> EvaluationFailure {
        .failed(Problem(code, message, hint: hint).at(site))
    }
}

extension Problem {
    /// The same problem at a site.
    fileprivate func at(_ site: CallSite) -> Problem {
        var problem = self
        problem.place = .entity(site.entity.description, property: site.property)
        return problem
    }
}

extension Value {
    /// Whether the value is smaller than a limit. Stops as soon as it isn't.
    fileprivate func isSmaller(than limit: Int) -> Bool {
        var left = limit
        take(from: &left)
        return left > 0
    }

    private func take(from left: inout Int) {
        guard left > 0 else { return }
        switch self {
        case .text(let text): left -= text.utf8.count + 8
        case .blob(let bytes): left -= bytes.count + 8
        case .list(let items):
            left -= 8
            for item in items { item.take(from: &left) }
        case .map(let map):
            left -= 8
            for (key, value) in map {
                key.take(from: &left)
                value.take(from: &left)
            }
        case .custom(_, let value): value.take(from: &left)
        case .call(let call):
            left -= 8
            for argument in call.arguments { argument.take(from: &left) }
        default: left -= 8
        }
    }
}
