// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Orchestration
import Support
import Testing

@Suite(.timeLimit(.minutes(1))) struct `The inputs of a call` {
    /// Lets only integers pass.
    private struct Gates: FunctionLibrary {
        func dispatch(
            _ function: String, _ arguments: [Value], _ evaluation: Evaluation
        ) async throws(EvaluationFailure) -> Value {
            guard let number = evaluation.candidate?.integer else {
                throw .failed(Problem("test.no-integer", "it is no integer"))
            }
            return .integer(number)
        }
    }

    /// The outcome of a call of `front`'s `lifecycle.start`, whose input `count` is an integer; its interface has one named `note`.
    private func call(_ inputs: ValueMap) async throws -> Result<ValueMap, Problem> {
        var design = TestService.design()
        let gate = Value.call(Call(FunctionName(plugin: "gates", name: "integer"), mode: .eager))
        for index in design.vertexTemplates.indices
        where design.vertexTemplates[index].header.id.name == "front.interface.lifecycle" {
            design.vertexTemplates[index].properties["start.count"] = Property(preparer: gate)
            design.vertexTemplates[index].properties["note"] = Property()
        }
        let store = MemoryStore()
        let runner = ScriptedRunner { $0.inputs }
        var result: Result<ValueMap, Problem> = .success(ValueMap())
        let orchestrator = Orchestrator(
            store: store, secrets: Stage.secrets(of: store), functions: Functions(["gates": Gates()]), runner: runner,
            host: { "here" }, failpoint: .none, now: TestClock.shared.now)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await orchestrator.run { _ in } }
            _ = try await Stage(orchestrator: orchestrator, store: store).deploy(design)
            do throws(Problem) {
                result = .success(
                    try await orchestrator.call("lifecycle.start", of: TestService.front, inputs: inputs, key: "mine").outputs)
            } catch { result = .failure(error) }
            group.cancelAll()
        }
        return result
    }

    @Test func `those that the design defines are given to the operation, and an event`() async throws {
        let inputs = ValueMap([("count", 7), ("note", "mine"), ("event", "exited")])
        #expect(try await call(inputs).get() == inputs)
    }

    @Test func `all that is wrong with them is told at once, and nothing is run`() async throws {
        let result = try await call(ValueMap([("count", "many"), ("color", "red"), ("notes", 1)]))
        guard case .failure(let problem) = result else { throw Problem("test.passed", "it was called") }
        #expect(problem.code == "operation.malformed-inputs")
        #expect(
            problem.causes.map { "\($0.code): \($0.message)" } == [
                "operation.unknown-input: the operation has no input ‘color’",
                "operation.unknown-input: the operation has no input ‘notes’",
                "operation.wrong-input: the input ‘count’ isn’t as it must be",
            ])
        #expect(problem.causes.first?.hint == "it has count, note")
        #expect(problem.causes.last?.causes.first?.code == "test.no-integer")
    }
}
