// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// What edges take of the capacities of their targets.
@Suite struct AllocationTests {
    private static func takes(_ capacity: String, _ updater: Value) -> Property {
        Property(updater: updater, metadata: ValueMap([("allocates", .text(capacity))]))
    }

    private static func size(_ number: Value) -> Value { .custom(kind: "x:size", value: ["number": number, "unit": "MB"]) }

    /// `app`s that need room on `small` and `large`.
    private func design(
        _ capacities: [Value], takes amount: Value, apps: Int = 2, optional: Bool = false, filter: Value? = nil
    ) -> TestDesign {
        var design = TestDesign()
        for (index, capacity) in capacities.enumerated() {
            design.node("host\(index)", classes: ["Host"], ["memory": Property(updater: capacity)])
        }
        design.node("app", count: .integer(apps), ["wish": Property(updater: 2)])
        design.edge("host", of: "app", optional: optional, ["takes": Self.takes("memory", amount)]) {
            $0.targetClass = .type("Host")
            $0.filter = filter
        }
        return design
    }

    private func hosts(_ graph: Graph) -> [String] {
        graph.arrows.compactMap { $0.split(separator: " ").last.map(String.init) }
    }

    @Test func `a target is taken as long as enough is left of it`() async throws {
        #expect(hosts(try await design([4, 8], takes: 3, apps: 3).instantiate()) == ["host0", "host1", "host1"])
        #expect(
            await design([4, 8], takes: 3, apps: 4).problems().map { $0.split(separator: "\n").prefix(3) } == [
                [
                    "shop.yaml:1:1: nothing satisfies the requirement ‘host’ of ‘shop/app-3’ [floria.unsatisfied-requirement]",
                    "  because not enough is left of ‘shop/host0.memory’ [floria.exhausted]",
                    "  because not enough is left of ‘shop/host1.memory’ [floria.exhausted]",
                ]
            ])
    }

    @Test func `amounts are numbers or custom values with a unit, and only equal units are compared`() async throws {
        let sizes = [Self.size(4), Self.size(8)]
        #expect(hosts(try await design(sizes, takes: Self.size(3.5), apps: 3).instantiate()) == ["host0", "host1", "host1"])
        #expect(hosts(try await design([0.3], takes: 0.1, apps: 3).instantiate()) == ["host0", "host0", "host0"])
        for (capacity, amount) in [(Self.size(4), Value.integer(1)), (4, -1), (4, "much"), ("wide", 1), (4, .float(.nan))] {
            let problems = await design([capacity], takes: amount, apps: 1).problems()
            #expect(problems.count == 1 && problems[0].contains("[floria.malformed-"), "\(amount) of \(capacity): \(problems)")
        }
    }

    @Test func `the property that is allocated must be there`() async throws {
        var design = TestDesign()
        design.node("host", classes: ["Host"])
        design.node("app")
        design.edge("host", of: "app", ["takes": Self.takes("memory", 1)]) { $0.targetClass = .type("Host") }
        #expect(
            await design.problems().map { $0.split(separator: "\n")[1] } == [
                "  because ‘shop/host’ has no property ‘memory’ [floria.unknown-property]"
            ])
    }

    @Test func `an amount may be computed, also of what the target has`() async throws {
        let half = Value.t("half", .t("of-target", "memory"))
        #expect(hosts(try await design([4, 9], takes: half, apps: 4).instantiate()) == ["host0", "host0", "host1", "host1"])
        #expect(await design([4, 9], takes: half, apps: 5).problems().count == 1)
    }

    @Test func `a filter sees what is left for its own edge`() async throws {
        let filter = Value.t("less", 3, .t("left", "memory"))
        // Six are left after the first, four after the second: the third would see two.
        #expect(
            hosts(try await design([8, 4], takes: 2, apps: 3, filter: filter).instantiate()) == ["host0", "host0", "host0"])
        #expect(await design([5], takes: 2, apps: 2, filter: filter).problems().count >= 1)
    }

    @Test func `what is left can be read by any expression`() async throws {
        var design = design([8], takes: 3)
        let host = Value.text(ID.shop("host0").documentText)
        design.node(
            "watch",
            ["left": Property(updater: .call(Call(FunctionName(plugin: "floria", name: "available"), [host, "memory"])))])
        #expect(try await design.instantiate().value(.shop("watch"), "left") == 2)
    }

    @Test func `optional edges take what is left`() async throws {
        #expect(hosts(try await design([7], takes: 3, apps: 4, optional: true).instantiate()) == ["host0", "host0"])
    }

    @Test func `a first choice that leaves nothing to others is taken back`() async throws {
        var design = TestDesign()
        design.node("host0", classes: ["Host", "Fast"], ["memory": Property(updater: 1)])
        design.node("host1", classes: ["Host"], ["memory": Property(updater: 1)])
        design.node("any")
        design.node("fast")
        for (node, wanted) in [("any", "Host"), ("fast", "Fast")] {
            design.edge("host", of: node, ["takes": Self.takes("memory", 1)]) { $0.targetClass = .type(wanted) }
        }
        #expect(try await design.instantiate().arrows == ["shop/any.host-0: any → host1", "shop/fast.host-0: fast → host0"])
    }

    @Test func `sizes are packed if that is possible`() async throws {
        var design = TestDesign()
        for index in 0..<3 { design.node("host\(index)", classes: ["Host"], ["memory": Property(updater: 10)]) }
        for (index, size) in [3, 3, 4, 5, 5, 4, 6].enumerated() {
            design.node("app\(index)")
            design.edge("host", of: "app\(index)", ["takes": Self.takes("memory", .integer(size))]) {
                $0.targetClass = .type("Host")
            }
        }
        let graph = try await design.instantiate()
        let loads = Dictionary(grouping: graph.edges.values, by: \.target)
            .mapValues { $0.reduce(0) { $0 + ($1.properties["takes"]?.value?.integer ?? 99) } }
        #expect(loads.values.sorted() == [10, 10, 10])
    }

    @Test func `a search has bounds, and a problem says so when they are reached`() async throws {
        var design = TestDesign()
        for index in 0..<12 { design.node("host\(index)", classes: ["Host"], ["memory": Property(updater: 100)]) }
        // One more than fit, of sizes that are all different, so that only trying would tell.
        for index in 0..<25 {
            design.node("app\(index)")
            design.edge("host", of: "app\(index)", ["takes": Self.takes("memory", .integer(41 + index % 7))]) {
                $0.targetClass = .type("Host")
            }
        }
        let problems = await design.problems()
        #expect(problems.count == 1 && problems[0].contains("[floria.search-limit]"))
    }

    @Test func `edges that were made by hand take of capacities too, and stay out of what is made`() async throws {
        let design = design([4, 8], takes: 3, apps: 1)
        var present = try await design.instantiate()
        #expect(hosts(present) == ["host0"])
        var edge = Edge(
            EntityHeader(.link("mine"), provenance: Provenance(.person, "ann", time: 1)), name: "mine", source: .shop("app-0"),
            target: .shop("host0"))
        edge.properties["takes"] = Property(value: 2, metadata: ValueMap([("allocates", "memory")]))
        present.insert(edge)
        #expect(try await design.instantiate(onto: present).arrows == ["shop/app-0.host-0: app-0 → host1"])
    }
}
