// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// The evaluator's table, and its limits.
@Suite struct EvaluationTests {
    private let graph = Graph([.shop("web"): ["port": Property(value: 80), "none": Property(updater: .t("add"))]])

    private func evaluation(_ limits: EvaluationLimits = .standard, candidate: Value? = nil) -> Evaluation {
        Evaluation(
            site: CallSite(entity: .shop("web"), property: "x"), graph: graph, functions: TestFunctions.all,
            candidate: candidate, limits: limits)
    }

    private func failure(_ expression: Value, _ limits: EvaluationLimits = .standard) async -> EvaluationFailure? {
        do throws(EvaluationFailure) {
            _ = try await evaluation(limits).evaluate(expression)
            return nil
        } catch {
            return error
        }
    }

    private static let one = Value.t("add", 1)
    private static let eagerOne = Value.t("add", 1, mode: .eager)
    private static let lazyOne = Value.t("add", 1, mode: .lazy)

    private static let table: [(Value, Value)] = [
        // At the root.
        (one, 1), (eagerOne, 1), (lazyOne, lazyOne),
        // Inside a list, a map, a custom value.
        ([one, eagerOne, lazyOne], [1, 1, lazyOne]),
        ([one: one, "lazy": lazyOne], [1: 1, "lazy": lazyOne]),
        (.custom(kind: "k", value: one), .custom(kind: "k", value: 1)),
        // Argument of a normal call, also inside a list there.
        (.t("list", one, eagerOne, lazyOne), [1, 1, lazyOne]),
        (.t("list", [one, lazyOne]), [[1, lazyOne]]),
        // Argument of an eager call.
        (.t("list", one, eagerOne, lazyOne, mode: .eager), [one, eagerOne, lazyOne]),
        // An eager function evaluates what it decides to.
        (.t("first", one, mode: .eager), 1),
        // A kept call is kept whole.
        (.t("list", one, mode: .lazy), .t("list", one, mode: .lazy)),
    ]

    @Test(arguments: table)
    func `calls are dispatched, evaluated first or kept as the table says`(expression: Value, expected: Value) async throws {
        #expect(try await evaluation().evaluate(expression) == expected)
    }

    @Test func `literals are their own values, without any call`() async throws {
        let functions = TestFunctions()
        let evaluation = Evaluation(site: CallSite(entity: .shop("web")), graph: graph, functions: Functions(["t": functions]))
        #expect(try await evaluation.evaluate([1, ["a": "b"]]) == [1, ["a": "b"]])
        #expect(functions.counter.next() == 1)
    }

    @Test func `reads are noted, also those that give nothing`() async throws {
        let evaluation = evaluation()
        #expect(try await evaluation.evaluate(.own("port")) == 80)
        _ = try? await evaluation.evaluate(.own("none"))
        _ = try? await evaluation.evaluate(.own("unknown"))
        #expect(evaluation.reads.compactMap(\.property?.name) == ["none", "port", "unknown"])
    }

    @Test func `a value that is not there yet is pending, what can never be there has failed`() async throws {
        guard case .pending(let pending)? = await failure(.own("none")) else { return #expect(Bool(false), "not pending") }
        #expect(pending.message == "‘shop/web.none’ has no value yet")
        guard case .failed(let failed)? = await failure(.own("unknown")) else { return #expect(Bool(false), "not failed") }
        #expect(failed.description == "shop/web.x: ‘shop/web’ has no property ‘unknown’ [floria.unknown-property]")
        #expect(await failure(.value(.shop("no"), "x"))?.problem.message == "there is no vertex ‘shop/no’")
    }

    @Test func `a failure names the function's reason and the place of the call`() async throws {
        let problem = try #require(await failure([.t("list", .t("fail"))])?.problem)
        #expect(problem.description == "shop/web.x: it failed [t.failed]\n  hint: mend it")
        let unknown = Value.call(Call(FunctionName(plugin: "nobody", name: "f")))
        #expect(await failure(unknown)?.problem.code == "floria.unknown-function")
        #expect(
            await failure(.call(Call(FunctionName(plugin: "floria", name: "f"))))?.problem.code == "floria.unknown-function")
    }

    @Test func `only a preparer has a candidate`() async throws {
        #expect(try await evaluation(candidate: 7).evaluate(.candidate) == 7)
        #expect(await failure(.candidate)?.problem.code == "floria.no-candidate")
    }

    @Test func `depth, size and number of calls are limited`() async throws {
        var deep = Value.t("add", 1)
        for _ in 0..<50 { deep = [deep] }
        #expect(await failure(deep, EvaluationLimits(depth: 40, size: 1 << 20, calls: 100))?.problem.code == "floria.too-deep")
        #expect(await failure(deep, EvaluationLimits(depth: 60, size: 1 << 20, calls: 100)) == nil)
        let small = EvaluationLimits(depth: 9, size: 100, calls: 2)
        #expect(await failure(.t("big", 200), small)?.problem.code == "floria.too-large")
        #expect(await failure([.t("add"), .t("add"), .t("add")], small)?.problem.code == "floria.too-many-calls")
        #expect(await failure([.t("big", 60), .t("big", 60)], small)?.problem.code == "floria.too-large")
        let kind = Value.custom(kind: String(repeating: "k", count: 200), value: .t("add"))
        #expect(await failure(kind, small)?.problem.code == "floria.too-large")
    }

    @Test func `two keys that turn out the same are a problem, as one value would be lost`() async throws {
        let map = Value.map(ValueMap([(.t("add", 1, 1), "one"), (.t("add", 2), "other")]))
        #expect(await failure(map)?.problem.code == "floria.duplicate-key")
    }

    @Test func `plugins get the calls of all names that no library has`() async throws {
        struct Plugins: FunctionLibrary {
            func dispatch(_ function: String, _: [Value], _ evaluation: Evaluation) async throws(EvaluationFailure) -> Value {
                .text(function)
            }
        }
        let evaluation = Evaluation(
            site: CallSite(entity: .shop("web")), graph: graph, functions: Functions([:], plugins: Plugins()))
        #expect(try await evaluation.evaluate(.t("add")) == "t:add")
    }
}
