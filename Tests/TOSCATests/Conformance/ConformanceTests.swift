// SPDX-License-Identifier: Apache-2.0 OR MIT
import Fetching
import FoundationEssentials
import Support
import TOSCA
import Testing

/// The cases that the community of the standard collects. They aren't part of the repository, but lie beside it.
enum ConformanceCases {
    /// One case.
    struct Case: Sendable, CustomTestStringConvertible {
        /// The path within the folder of all cases.
        let path: String
        let isValid: Bool
        /// What is doubtful about it.
        let doubt: String?
        var testDescription: String { path }

        /// The file.
        var file: String { "\(folder)/oasis/\(prefix)\(path)" }
    }

    /// A mistake that is to be found.
    struct Mistake: Hashable {
        let place: String
        let code: String
    }

    static let folder = "\(Fixture.repository)/../shared/conformance"
    private static let prefix = "tests/tosca_2_0/"

    /// All cases, but for those that are the same file as another one, or of unknown validity.
    static let all: [Case] = {
        guard let bytes = FileManager.default.contents(atPath: "\(folder)/cases.json"),
            let list = (try? JSON.decode(String(decoding: bytes, as: UTF8.self)))?.list
        else { return [] }
        return list.compactMap { entry in
            guard let path = entry["path"]?.text, let expectation = entry["expectation"]?.text, expectation != "unknown",
                entry["duplicate_of"]?.text == nil
            else { return nil }
            return Case(
                path: String(path.dropFirst(prefix.count)), isValid: expectation == "valid",
                doubt: entry["suspect"]?["kind"]?.text)
        }
    }()

    /// Whether the folder is there.
    static var areThere: Bool { !all.isEmpty }

    /// Those whose expectation is beyond doubt.
    static let certain = all.filter { $0.doubt == nil || $0.doubt == "weak-negative" }

    /// The mistakes of the invalid ones.
    static let mistakes: [String: Mistake] = {
        let rows = expectedProblems.split(separator: "\n").map { $0.split(separator: " ") }
        return Dictionary(
            uniqueKeysWithValues: rows.map { (String($0[0]), Mistake(place: String($0[1]), code: String($0[2]))) })
    }()
}

@Suite(.enabled(if: ConformanceCases.areThere, "the cases aren't in ../shared/conformance, so that none of them was tried"))
struct ConformanceTests {
    private static let web =
        "https://raw.githubusercontent.com/oasis-open/tosca-community-contributions/refs/heads/master/"

    private func errors(_ tried: ConformanceCases.Case) -> [Problem] {
        do throws(Problems) {
            // What is imported from the place of the cases on the web lies beside them.
            var options = FetchOptions()
            options.map.add(Self.web, leadsTo: ConformanceCases.folder + "/oasis/")
            let compiler = Compiler(profiles: ["\(Fixture.repository)/profiles"], addresses: Fetcher(options))
            _ = try compiler.validate(file: tried.file)
            return []
        } catch {
            return error.all.filter { $0.severity == .error }
        }
    }

    @Test(arguments: ConformanceCases.certain.filter(\.isValid)) func `a valid case is accepted`(tried: ConformanceCases.Case) {
        let errors = errors(tried)
        #expect(errors.isEmpty, "\(errors.map(\.description).joined(separator: "\n"))")
    }

    @Test(arguments: ConformanceCases.certain.filter { !$0.isValid })
    func `an invalid case is rejected for the mistake that it is about`(
        tried: ConformanceCases.Case
    ) throws {
        let mistake = try #require(ConformanceCases.mistakes[tried.path])
        let found = errors(tried).compactMap { problem -> ConformanceCases.Mistake? in
            guard case .source(let location)? = problem.place, location.file.hasSuffix(tried.path) else { return nil }
            return ConformanceCases.Mistake(place: "\(location.row):\(location.column)", code: problem.code)
        }
        #expect(found.contains(mistake))
    }

    @Test func `every row of the table is about a case`() {
        #expect(Set(ConformanceCases.mistakes.keys).subtracting(ConformanceCases.all.map(\.path)).isEmpty)
        #expect(ConformanceCases.all.count > 250)
    }
}
