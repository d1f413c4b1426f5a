// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// One evaluation of one property.
struct Attempt: Sendable {
    /// Where the candidate comes from.
    enum Source: Sendable {
        case candidate(Value)
        case updater(Value)

        /// The candidate if it is known without an evaluation.
        var literal: Value? {
            switch self {
            case .candidate(let value): value
            case .updater(let value): value.isLiteral ? value : nil
            }
        }
    }

    let reference: PropertyReference
    let property: Property
    /// Whether it may have to wait for something.
    let mayWait: Bool
    private let source: Source
    private let working: WorkingGraph
    private let functions: Functions
    private let limits: EvaluationLimits
    private let clock: any Clock<Duration>
    /// What came of it.
    private(set) var outcome: Result<Value, EvaluationFailure> = .success(.null)
    /// What it has read.
    private(set) var notes = ReadRecorder.Notes()

    init(_ reference: PropertyReference, _ property: Property, _ source: Source, _ settling: Settling) {
        self.reference = reference
        self.property = property
        self.source = source
        working = settling.working
        functions = settling.functions
        limits = settling.limits
        clock = settling.clock
        var mayWait = property.preparer.map(functions.mayWait) ?? false
        if case .updater(let updater) = source, functions.mayWait(updater) { mayWait = true }
        self.mayWait = mayWait
    }

    /// The attempt once it was made: the candidate is pulled if it must be, and passes the preparer.
    func made() async -> Attempt {
        let recorder = ReadRecorder(working)
        var evaluation = Evaluation(
            site: CallSite(entity: reference.entity, property: reference.name), graph: working, functions: functions,
            candidate: nil, limits: limits, clock: clock, recorder: recorder)
        var attempt = self
        do throws(EvaluationFailure) {
            var value: Value
            switch source {
            case .candidate(let candidate): value = candidate
            case .updater(let updater): value = try await evaluation.evaluate(updater)
            }
            if let preparer = property.preparer {
                evaluation.candidate = value
                value = try await evaluation.evaluate(preparer)
            }
            attempt.outcome = .success(value)
        } catch {
            attempt.outcome = .failure(error)
        }
        attempt.notes = recorder.notes
        return attempt
    }
}
