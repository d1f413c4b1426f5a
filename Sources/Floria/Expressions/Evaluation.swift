// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// The evaluation of one expression: where it stands, what it may read, and what it has read.
///
/// | where a call stands | normal | eager | lazy |
/// |---|---|---|---|
/// | root, or inside a list, map or custom that is being evaluated | dispatch | dispatch | keep |
/// | argument of a normal call | evaluate first | evaluate first | keep |
/// | argument of an eager call | keep: the function decides | keep | keep |
///
/// Calls that may have to wait run side by side where none needs the other's result; what comes of them doesn't depend on
/// which is faster. Copies share what was read. Nothing is locked while a function runs.
public struct Evaluation: Sendable {
    /// Where the expression stands.
    public let site: CallSite
    /// What can be read. What is looked at here is noted.
    public let graph: any GraphReader
    /// The candidate, in a preparer.
    public var candidate: Value?
    /// The functions that can be called.
    public let functions: Functions
    /// What it may cost.
    public let limits: EvaluationLimits
    private let source: any GraphReader
    private let recorder: ReadRecorder
    private let deadline: Deadline
    private var depth = 0

    /// Begins an evaluation; its time begins too.
    ///
    /// - Parameter clock: measures the time.
    public init(
        site: CallSite, graph: any GraphReader, functions: Functions, candidate: Value? = nil,
        limits: EvaluationLimits = .standard, clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.init(
            site: site, graph: graph, functions: functions, candidate: candidate, limits: limits, clock: clock,
            recorder: ReadRecorder())
    }

    init(
        site: CallSite, graph: any GraphReader, functions: Functions, candidate: Value?, limits: EvaluationLimits,
        clock: any Clock<Duration>, recorder: ReadRecorder
    ) {
        self.site = site
        self.graph = RecordingGraph(graph: graph, recorder: recorder, site: site.entity)
        self.functions = functions
        self.candidate = candidate
        self.limits = limits
        self.source = graph
        self.recorder = recorder
        deadline = Deadline(after: limits.time, by: clock)
    }

    /// What was read so far, in order.
    public var reads: [Read] { recorder.notes.reads.sorted() }

    /// Reads a property's value, and notes that.
    ///
    /// - Throws: pending if there is no value yet; failed if there is no such entity or property.
    public func value(of reference: PropertyReference) throws(EvaluationFailure) -> Value {
        guard recorder.note(.property(reference)) else {
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
        if let vertex = source.vertex(reference.entity) { return vertex.properties[reference.name] }
        if let edge = source.edge(reference.entity) { return edge.properties[reference.name] }
        recorder.noteAbsence()
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
        let value: Value
        switch expression {
        case .call(let call): return try await inner.evaluate(call)
        case .list(let items): value = .list(try await inner.evaluate(items))
        case .map(let map): value = try await inner.evaluate(map)
        case .custom(let kind, let content): value = .custom(kind: kind, value: try await inner.evaluate(content))
        default: return expression
        }
        // Within another expression its size is counted there.
        guard depth > 0 || value.isSmaller(than: limits.size) else {
            throw fail("floria.too-large", "the value is larger than \(limits.size) bytes")
        }
        return value
    }

    private func evaluate(_ map: ValueMap) async throws(EvaluationFailure) -> Value {
        let values = try await evaluate(map.map(\.key) + map.map(\.value))
        let result = ValueMap(zip(values.prefix(map.count), values.suffix(map.count)).map { ($0, $1) })
        guard result.count == map.count else {
            throw fail("floria.duplicate-key", "two keys of a map have the same value")
        }
        return .map(result)
    }

    /// Evaluates the parts of an expression. If several fail, the first one's failure counts.
    private func evaluate(_ items: [Value]) async throws(EvaluationFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(items.count)
        guard items.count > 1, items.lazy.filter(functions.mayWait).prefix(2).count == 2 else {
            for item in items { values.append(try await evaluate(item)) }
            return values
        }
        let results: [Result<Value, EvaluationFailure>] = await SideBySide.run(items) { item in
            do throws(EvaluationFailure) { return .success(try await evaluate(item)) } catch { return .failure(error) }
        }
        for result in results { values.append(try result.get()) }
        return values
    }

    private func evaluate(_ call: Call) async throws(EvaluationFailure) -> Value {
        if call.mode == .lazy { return .call(call) }
        let arguments = call.mode == .eager ? call.arguments : try await evaluate(call.arguments)
        if call.mode == .normal, arguments.contains(where: \.holdsSecret) { return try computed(call.function, arguments) }
        guard recorder.dispatch() <= limits.calls else {
            throw fail("floria.too-many-calls", "the expression makes more than \(limits.calls) calls")
        }
        if deadline.isOver { throw late(call) }
        let result: Value
        do throws(EvaluationFailure) {
            result = try await dispatch(call, arguments)
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

    private func dispatch(_ call: Call, _ arguments: [Value]) async throws(EvaluationFailure) -> Value {
        guard functions.mayWait(call.function) else { return try await functions.dispatch(call, arguments, self) }
        let result = await deadline.limit { [self] () -> Result<Value, EvaluationFailure> in
            do throws(EvaluationFailure) {
                return .success(try await functions.dispatch(call, arguments, self))
            } catch {
                return .failure(error)
            }
        }
        guard let result else { throw late(call) }
        return try result.get()
    }

    private func late(_ call: Call) -> EvaluationFailure {
        fail(
            "floria.deadline", "‘\(call.function)’ was given up: the evaluation took longer than \(limits.time)",
            hint: "look why the function takes so long; what it gives is asked for again when something that it reads changes")
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
