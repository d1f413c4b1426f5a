// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support
import TOSCA
import Testing

/// Rules of the standard, each with a file that keeps it and one that does not.
struct RuleTests {
    /// One rule of `Designs/rules.txt`.
    struct Rule: Sendable, CustomTestStringConvertible, CustomStringConvertible {
        /// The section of the standard.
        let section: String
        let statement: String
        var good = ""
        var code = ""
        var bad = ""
        var description: String { "\(section) \(statement)" }
        var testDescription: String { description }
    }

    static let rules: [Rule] = {
        let path = "\(Fixture.repository)/Tests/TOSCATests/Designs/rules.txt"
        var rules: [Rule] = []
        for line in ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n") {
            if line.hasPrefix("=== ") {
                let words = line.dropFirst(4).split(separator: " ", maxSplits: 1)
                rules.append(Rule(section: String(words[0]), statement: String(words[1])))
            } else if rules.isEmpty {
                continue
            } else if line.hasPrefix("--- ") {
                rules[rules.count - 1].code = String(line.dropFirst(4))
            } else if rules[rules.count - 1].code.isEmpty {
                rules[rules.count - 1].good += line + "\n"
            } else {
                rules[rules.count - 1].bad += line + "\n"
            }
        }
        return rules
    }()

    private func codes(_ text: String) async throws -> [String] {
        try await Fixture.with(["a.yaml": "tosca_definitions_version: tosca_2_0\n" + text]) { fixture in
            do throws(Problems) {
                _ = try fixture.compiler.validate(file: fixture.path("a.yaml"))
                return []
            } catch {
                return error.all.filter { $0.severity == .error }.map(\.code)
            }
        }
    }

    @Test(arguments: rules) func `what keeps a rule is accepted, and what breaks it is refused for that alone`(
        rule: Rule
    ) async throws {
        #expect(try await codes(rule.good) == [])
        #expect(try await codes(rule.bad) == [rule.code])
    }
}
