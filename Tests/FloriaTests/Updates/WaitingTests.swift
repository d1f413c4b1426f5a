// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// Evaluations that have to wait for plugins.
@Suite(.timeLimit(.minutes(1))) struct WaitingTests {
    private let a = ID.shop("a"), b = ID.shop("b")

    private func functions(_ slow: SlowFunctions) -> Functions { Functions(["t": TestFunctions()], plugins: slow) }

    private func settled(
        _ graph: Graph, _ slow: SlowFunctions, limits: EvaluationLimits = .standard,
        clock: any Clock<Duration> = ContinuousClock()
    ) async throws -> Graph {
        let update = GraphUpdate(functions: functions(slow), limits: limits, clock: clock, now: { 1 })
        var result = graph
        for entity in try await update.refresh(graph, service: "shop") { result.insert(entity) }
        return result
    }

    @Test func `properties that don't need each other are evaluated side by side`() async throws {
        // None of the calls ends before all have begun.
        let graph = Graph([
            a: ["x": Property(updater: .s("meet", 1)), "y": Property(updater: .s("meet", 2))],
            b: ["z": Property(updater: .s("meet", 3)), "sum": Property(updater: .t("add", .value(a, "x"), .value(a, "y")))],
        ])
        let result = try await settled(graph, SlowFunctions(meeting: 3))
        #expect(result.value(b, "sum") == 3)
        #expect(result.value(b, "z") == 3)
    }

    @Test func `arguments of one call are evaluated side by side, and keep their order`() async throws {
        let evaluation = Evaluation(
            site: CallSite(entity: a), graph: Graph(), functions: functions(SlowFunctions(meeting: 3)))
        #expect(
            try await evaluation.evaluate(
                .t("list", .s("meet", 1), [.s("meet", 2)], 7, .custom(kind: "k", value: .s("meet", 3))))
                == [1, [2], 7, .custom(kind: "k", value: 3)])
    }

    @Test(arguments: StoreKind.allCases)
    func `calls that wait hold no threads, and no store from reading and committing`(kind: StoreKind) async throws {
        try await kind.with { store in
            var reader = Vertex(EntityHeader(b))
            for number in 0..<32 {
                var property = Property(updater: .t("list", .value(a, "x"), .s("meet", .integer(number))))
                property.reads = [.property(PropertyReference(a, "x"))]
                reader.properties["p\(number)"] = property
            }
            var source = Vertex(EntityHeader(a))
            source.properties["x"] = Property()
            try await store.commit(Transaction(puts: [.vertex(source), .vertex(reader)]))
            // All wait for each other, and for one more, which comes when the store has taken a commit.
            let slow = SlowFunctions(meeting: 33)
            let update = GraphUpdate(functions: functions(slow), now: { 1 })
            async let changes = update.push(
                [PropertyReference(a, "x"): 1], in: store, provenance: Provenance(.person, "ann", time: 5))
            await slow.begun(32)
            try await store.commit(Transaction(puts: [.vertex(.shop("new"))]))
            #expect(try await store.read { snapshot throws(Problem) in try snapshot.entity(.shop("new")) } != nil)
            let site = Evaluation(site: CallSite(entity: a), graph: Graph(), functions: functions(slow))
            _ = try await slow.dispatch("s:meet", [], site)
            var transaction = Transaction()
            try await changes.add(to: &transaction)
            try await store.commit(transaction)
            let stored = try await store.read { [b] snapshot throws(Problem) in try snapshot.entity(b) }
            #expect(stored?.properties["p31"]?.value == [1, 31])
        }
    }

    @Test func `of several arguments that fail the first one's problem counts, whichever was faster`() async throws {
        for _ in 0..<50 {
            let evaluation = Evaluation(site: CallSite(entity: a), graph: Graph(), functions: functions(SlowFunctions()))
            let expression = Value.t("list", .s("later", 3, 1), .s("fail", .s("later", 5, "first")), .s("fail", "second"))
            let failure = await #expect(throws: EvaluationFailure.self) { try await evaluation.evaluate(expression) }
            #expect(failure?.problem.message == "first")
        }
    }

    @Test(arguments: 1...40)
    func `what comes of it doesn't depend on which is faster`(seed: UInt64) async throws {
        var random = RandomEntities(seed: seed)
        let count = 12
        func properties(_ delays: [Int], _ reads: [[Int]]) -> [String: Property] {
            var properties: [String: Property] = [:]
            for index in 0..<count {
                let items = reads[index].map { Value.own("p\($0)") } + [.s("later", .integer(delays[index]), .integer(index))]
                properties["p\(index)"] = Property(updater: .call(Call(FunctionName(plugin: "t", name: "add"), items)))
            }
            return properties
        }
        // Now and then a property reads a later one, so that there are cycles, also such that share properties.
        let reads = (0..<count).map { index in
            (0..<Int(random.next() % 3)).map { _ in
                Int(random.next() % UInt64(random.next() % 6 == 0 ? count : max(1, index)))
            }
        }
        var outcomes: Set<[String]> = []
        for _ in 0..<8 {
            let delays = (0..<count).map { _ in Int(random.next() % 5) }
            let graph = Graph([a: properties(delays, reads)])
            do {
                let result = try await settled(graph, SlowFunctions())
                outcomes.insert((0..<count).map { "\(result.value(a, "p\($0)") ?? "none")" })
            } catch let problems as Problems {
                outcomes.insert(problems.all.map(\.message))
            }
        }
        #expect(outcomes.count == 1)
    }

    @Test func `what takes too long has failed and says so, and the rest goes on`() async throws {
        let clock = StoppedClock()
        let graph = Graph([
            a: ["slow": Property(value: 5, updater: .t("list", .s("never"))), "fast": Property(updater: .s("meet", 1))],
            b: ["reader": Property(updater: .value(a, "slow"))],
        ])
        async let result = GraphUpdate(
            functions: functions(SlowFunctions()), limits: EvaluationLimits(depth: 9, size: 99, calls: 9, time: .seconds(5)),
            clock: clock, now: { 1 }
        ).pull(
            [PropertyReference(a, "slow"), PropertyReference(a, "fast"), PropertyReference(b, "reader")], in: graph,
            service: "shop")
        await clock.someoneSleeps()
        await clock.someoneSleeps()
        clock.advance(by: .seconds(6))
        var after = graph
        for entity in try await result { after.insert(entity) }
        let slow = try #require(after.vertex(a)?.properties["slow"])
        #expect(
            slow.status.problem?.description.hasPrefix(
                "shop/a.slow: ‘s:never’ was given up: the evaluation took longer than 5.0 seconds [floria.deadline]") == true)
        #expect(slow.value == 5, "the last good value stays")
        #expect(after.value(a, "fast") == 1)
        #expect(after.value(b, "reader") == 5)
    }
}
