// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

/// The patterns of TOSCA 2.0 §14.3: what its figures draw comes of what its texts write.
@Suite struct CardinalityTests {
    /// Nodes `left-N` that require `uses` of nodes `right-N`, which have the capacity `target_count`.
    private func pairs(
        left: Int?, right: Int?, capacity: Value? = nil, count: Value? = nil, order: TargetOrder = .first, index: Value? = nil
    ) -> TestDesign {
        var design = TestDesign()
        design.node("right", count: right.map { .integer($0) })
        design.part("capability.feature", capacity.map { ["target_count": Property(updater: $0)] } ?? [:])
        design.node("left", count: left.map { .integer($0) })
        let unit = Property(updater: 1, metadata: ValueMap([("allocates", "target_count")]))
        design.edge("uses", of: "left", count: count, capacity == nil ? [:] : ["allocation.target_count": unit]) {
            $0.template = TestDesign.template("right")
            $0.name = "capability.feature"
            $0.index = index
            $0.order = order
        }
        return design
    }

    private func arrows(_ design: TestDesign) async throws -> [String] {
        try await design.instantiate().edges.values.sorted { $0.header.id < $1.header.id }
            .map { "\($0.source.name) \($0.target.name.replacing(".capability.feature", with: ""))" }
    }

    @Test func `many-to-one relationships, figure 11`() async throws {
        let graph = try await pairs(left: 4, right: nil).instantiate()
        #expect(
            graph.vertexNames == [
                "shop", "shop/left-0", "shop/left-1", "shop/left-2", "shop/left-3", "shop/right",
                "shop/right.capability.feature",
            ])
        #expect(
            try await arrows(pairs(left: 4, right: nil)) == [
                "left-0 right", "left-1 right", "left-2 right", "left-3 right",
            ])
    }

    @Test func `one-to-many relationships, figure 12`() async throws {
        #expect(
            try await arrows(pairs(left: nil, right: 4, count: 4)) == [
                "left right-0", "left right-1", "left right-2", "left right-3",
            ])
        #expect(try await arrows(pairs(left: nil, right: 4)) == ["left right-0"])
    }

    @Test func `a different node is selected for each relationship of a requirement, or the design is wrong`() async throws {
        #expect(
            await pairs(left: nil, right: 3, count: 4).problems() == [
                """
                shop.yaml:1:1: nothing satisfies the requirement ‘uses’ of ‘shop/left’ [floria.unsatisfied-requirement]
                  because another edge of the requirement leads to ‘shop/right-0.capability.feature’ [floria.used]
                  because another edge of the requirement leads to ‘shop/right-1.capability.feature’ [floria.used]
                  because another edge of the requirement leads to ‘shop/right-2.capability.feature’ [floria.used]
                  hint: it needs a vertex with the name ‘capability.feature’ made from ‘right’
                """
            ])
    }

    @Test func `full mesh, figure 13`() async throws {
        #expect(
            try await arrows(pairs(left: 2, right: 3, count: 3)) == [
                "left-0 right-0", "left-0 right-1", "left-0 right-2", "left-1 right-0", "left-1 right-1", "left-1 right-2",
            ])
    }

    @Test func `matched pairs, figure 15`() async throws {
        let index = Value.t("index")
        #expect(
            try await arrows(pairs(left: 4, right: 4, index: index)) == [
                "left-0 right-0", "left-1 right-1", "left-2 right-2", "left-3 right-3",
            ])
        #expect(await pairs(left: 4, right: 3, index: index).problems().count == 1)
    }

    @Test(arguments: TargetOrder.allCases)
    func `random pairs, figure 16: each target is used once`(_ order: TargetOrder) async throws {
        let arrows = try await arrows(pairs(left: 4, right: 4, capacity: 1, order: order))
        #expect(arrows.map { $0.split(separator: " ")[0] } == ["left-0", "left-1", "left-2", "left-3"])
        #expect(
            Set(arrows.map { $0.split(separator: " ")[1] }) == ["right-0", "right-1", "right-2", "right-3"])
        #expect(try await self.arrows(pairs(left: 4, right: 4, capacity: 1, order: order)) == arrows)
        #expect(await pairs(left: 4, right: 3, capacity: 1, order: order).problems().count == 1)
    }

    @Test func `many sources that choose at random spread over the targets`() async throws {
        let arrows = try await arrows(pairs(left: 40, right: 8, order: .random))
        #expect(Set(arrows.map { $0.split(separator: " ")[1] }).count >= 6)
    }

    @Test func `many-to-many relationships 1 to 2, figure 17`() async throws {
        #expect(
            try await arrows(pairs(left: 3, right: 6, capacity: 1, count: 2)) == [
                "left-0 right-0", "left-0 right-1", "left-1 right-2", "left-1 right-3", "left-2 right-4", "left-2 right-5",
            ])
        // The text counts six nodes on the left, for which there is not enough.
        let problems = await pairs(left: 6, right: 6, capacity: 1, count: 2).problems()
        #expect(problems.count == 1 && problems.first?.contains("it is the same with ‘shop/left-4’, ‘shop/left-5’") == true)
    }

    @Test func `many-to-many relationships 3 to 2, figure 18`() async throws {
        let figure = (0..<6).flatMap { left in
            (0..<2).map { "left-\(left) right-\(left / 3 * 2 + $0)" }
        }
        #expect(try await arrows(pairs(left: 6, right: 4, capacity: 3, count: 2)) == figure)
        // The text counts six nodes on the right, two of which are not needed.
        #expect(try await arrows(pairs(left: 6, right: 6, capacity: 3, count: 2)) == figure)
    }

    @Test func `mismatched pairs cycle through the targets`() async throws {
        #expect(
            try await arrows(pairs(left: 5, right: 2, index: .t("remainder", .t("index"), 2))) == [
                "left-0 right-0", "left-1 right-1", "left-2 right-0", "left-3 right-1", "left-4 right-0",
            ])
    }

    @Test func `a count may be a range: below it is needed, above it is made as far as there are targets`() async throws {
        #expect(
            try await arrows(pairs(left: nil, right: 3, count: [1, .null])) == [
                "left right-0", "left right-1", "left right-2",
            ])
        #expect(try await arrows(pairs(left: nil, right: 3, count: [0, 2])) == ["left right-0", "left right-1"])
        #expect(try await arrows(pairs(left: nil, right: 0, count: [0, .null])) == [])
        #expect(await pairs(left: nil, right: 3, count: [4, .null]).problems().count == 1)
        #expect(
            await pairs(left: nil, right: 3, count: [4, 2]).problems() == [
                "shop.yaml:1:1: a count must be an integer from 0, and is of kind list: [4,2] [floria.malformed-count]"
            ])
    }

    @Test func `all edges of a name together are within the range of their templates`() async throws {
        func design(_ counts: [(count: Value, isOptional: Bool)], _ range: CountRange) -> TestDesign {
            var design = TestDesign()
            design.node("right", classes: ["Right"], count: 9)
            design.node("left")
            for (row, (count, isOptional)) in counts.enumerated() {
                design.edge("uses", of: "left", row: row + 1, count: count, optional: isOptional, range: range) {
                    $0.targetClass = .type("Right")
                }
            }
            return design
        }
        let within = CountRange(2, 4)
        #expect(try await design([(2, false), (1, true)], within).instantiate().edges.count == 3)
        #expect(try await design([(2, false), ([0, .null], true)], within).instantiate().edges.count == 4)
        #expect(
            await design([(1, false), (1, true)], within).problems() == [
                """
                shop.yaml:1:1: ‘shop/left’ asks for 2 of the requirement ‘uses’, not 2 to 4 [floria.wrong-count]
                  hint: 1 of them are optional, and don't count towards the lower bound
                """
            ])
        #expect(await design([(3, false), (2, true)], within).problems().count == 1)
        #expect(await design([(0, false)], CountRange(1, nil)).problems().count == 1)
    }
}
