// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

/// Tests of crashes reach every place where one would hurt.
@Suite struct FailpointTests {
    private func file(_ path: String, _ lines: String...) -> Repository.File {
        Repository.File(path: path, lines: lines, code: lines)
    }

    @Test func `every write to the ledger, call of a plugin, commit and start has a failpoint`() {
        let places = Repository.shared.swift.flatMap(Failpoints.places)
        let missing = places.filter { !$0.isCovered }.map(\.finding.description)
        #expect(
            missing.isEmpty, Comment(rawValue: "these functions have no failpoint.reach\n" + missing.joined(separator: "\n")))
    }

    @Test(arguments: ["store.commit(", "runner.run(", "component.dispatch(", "perform(function"])
    func `the places are still found`(crossing: String) {
        let places = Repository.shared.swift.flatMap(Failpoints.places)
        #expect(places.contains { $0.finding.message.hasPrefix(crossing) })
    }

    @Test func `a commit without a failpoint in its own function is found`() {
        let places = Failpoints.places(
            file(
                "Sources/Orchestration/A.swift", "func covered() {", "    failpoint.reach()", "    store.commit(a)", "}",
                "func bare() {", "    store.commit(b)", "}"))
        #expect(places.map(\.isCovered) == [true, false])
        #expect(places.last?.finding.row == 6)
    }

    @Test func `what plugins ask for counts at the gate that it passes`() {
        #expect(Failpoints.places(file("Sources/HostAgent/Grants/A.swift", "func a() {", "    client.commit(a)", "}")).isEmpty)
        let places = Failpoints.places(file("Sources/HostAgent/Grants/B.swift", "func b() {", "    perform(function, a)", "}"))
        #expect(places.map(\.isCovered) == [false])
    }
}
