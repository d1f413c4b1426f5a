// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Support
import TOSCA
import Testing

/// `docs/tosca-conformance.md` against the tests that it names.
struct MatrixTests {
    private static let lines: [Substring] = {
        let path = "\(Fixture.repository)/docs/tosca-conformance.md"
        return ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
    }()

    /// The rows of the table whose first heading this is.
    private static func rows(_ heading: String) -> [[String]] {
        let table = lines.drop { !$0.hasPrefix("| \(heading) |") }.dropFirst(2).prefix { $0.hasPrefix("|") }
        return table.map { line in
            line.split(separator: "|").map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
        }
    }

    /// The names of all tests.
    private static func tests(in folder: String) throws -> Set<String> {
        var names: Set<String> = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".swift") {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                for match in text.matches(of: /func `([^`]+)`/) { names.insert(String(match.output.1)) }
            } else if let inner = try? tests(in: path) {
                names.formUnion(inner)
            }
        }
        return names
    }

    @Test func `every statement is shown by a test that exists`() throws {
        let tests = try Self.tests(in: "\(Fixture.repository)/Tests")
        let codes = Set(ProblemCatalogueTests.entries.filter { !$0.files.isEmpty }.map(\.code))
        let rules = Set(RuleTests.rules.map(\.description))
        let rows = Self.rows("section")
        #expect(rows.count > 100)
        for row in rows {
            try #require(row.count == 3)
            if row[2] == "rule" {
                #expect(rules.contains("\(row[0]) \(row[1])"), "\(row)")
                continue
            }
            for name in row[2].split(separator: "`").map(String.init) where name != ", " {
                #expect(name.hasPrefix("tosca.") ? codes.contains(name) : tests.contains(name), "\(name)")
            }
        }
    }

    @Test func `every rule is in the matrix, once`() {
        let listed = Self.rows("section").filter { $0.last == "rule" }.map { "\($0[0]) \($0[1])" }
        #expect(listed.sorted() == RuleTests.rules.map(\.description).sorted())
    }

    private static let standard = "\(Fixture.repository)/../shared/reference/TOSCA-v2.0-csd07.md"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: standard),
            "the text isn't in ../shared/reference, so that it was not read"))
    func `every section that demands something has a row`() throws {
        let listed = Set(Self.rows("section").map { $0[0] })
        let demanding = Self.demandingSections(of: try String(contentsOfFile: Self.standard, encoding: .utf8))
        #expect(demanding.count > 60)
        #expect(demanding.filter { section in !listed.contains { $0 == section || $0.hasPrefix("\(section).") } } == [])
    }

    /// The numbers of the sections of chapters 5 to 17 whose text says what must, shall or should be; examples and remarks
    /// aside.
    private static func demandingSections(of text: String) -> [String] {
        var (section, isExample, sections) = ("", false, [String]())
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isExample.toggle() }
            if isExample || line.hasPrefix(">") || line.hasPrefix("<!--") || line.hasPrefix("{") { continue }
            if let heading = line.wholeMatch(of: /#+ ([0-9.]+?)\.? .*/) {
                section = String(heading.output.1)
            } else if sections.last != section, line.contains(/\b(?:must|shall|should)\b/.ignoresCase()),
                let chapter = section.split(separator: ".").first.flatMap({ Int($0) }), (5...17).contains(chapter)
            {
                sections.append(section)
            }
        }
        return sections
    }

    @Test(.enabled(if: ConformanceCases.areThere, "the cases aren't in ../shared/conformance, so that none of them was tried"))
    func `a case in doubt becomes what the table says`() throws {
        let rows = Self.rows("case")
        #expect(
            rows.map { $0[0].filter { $0 != "`" } }.sorted()
                == ConformanceCases.all.filter { $0.doubt != nil }.map(\.path).sorted())
        for row in rows {
            let tried = try #require(ConformanceCases.all.first { "`\($0.path)`" == row[0] })
            let isAccepted = (try? Compiler(profiles: ["\(Fixture.repository)/profiles"]).validate(file: tried.file)) != nil
            #expect(row[1] == (isAccepted ? "accepted" : "rejected"), "\(tried.path)")
        }
    }

    private static let bench = "\(Fixture.repository)/../shared/bench/redfish/v1/ServiceRoot.yaml"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: bench), "the input isn't in ../shared/bench, so that it was not tried"))
    func `a large input has the mistakes that it has, and no others`() throws {
        let problems = try #require(throws: Problems.self) { try Compiler(profiles: []).validate(file: Self.bench) }.all
        let counts = Dictionary(grouping: problems.filter { $0.severity == .error }, by: \.code).mapValues(\.count)
        let listed = Self.rows("number").map { ($0[1].filter { $0 != "`" }, Int($0[0]) ?? 0) }
        #expect(counts == Dictionary(uniqueKeysWithValues: listed))
    }
}
