// SPDX-License-Identifier: Apache-2.0 OR MIT
import Testing

/// The habits of this code, kept by reading it.
@Suite struct TidyTests {
    let repository = Repository.shared

    private func expectNone(_ findings: [Finding], _ habit: String, location: SourceLocation = #_sourceLocation) {
        guard !findings.isEmpty else { return }
        let lines = [habit] + findings.map(\.description)
        Issue.record(Comment(rawValue: lines.joined(separator: "\n")), sourceLocation: location)
    }

    @Test func `the repository is read`() {
        #expect(repository.file("Package.swift") != nil)
        #expect(repository.swift.count > 20)
    }

    @Test func `every source begins with its licence`() {
        let findings = repository.sources.compactMap { file -> Finding? in
            let head = file.lines.prefix(3).filter { !$0.hasPrefix("#!") && !$0.hasPrefix("// swift-tools-version") }
            guard head.first?.hasSuffix("SPDX-License-Identifier: Apache-2.0 OR MIT") != true else { return nil }
            return Finding(path: file.path, row: 1, message: "no SPDX line")
        }
        expectNone(findings, "a source begins with `SPDX-License-Identifier: Apache-2.0 OR MIT` in a comment")
    }

    @Test func `files are read in one sitting`() {
        let tooLong = repository.sources.filter { $0.lines.count > 600 }
        expectNone(
            tooLong.map { Finding(path: $0.path, row: 601, message: "\($0.lines.count) lines") }, "a file has at most 600 lines"
        )
        let lengths = repository.files.filter { $0.isWithin("Sources", "plugins") && $0.isSwift }.map(\.lines.count)
        let short = lengths.count { $0 < 150 }
        #expect(short * 2 > lengths.count, "only \(short) of \(lengths.count) files have less than 150 lines")
    }

    @Test func `functions fit on a screen`() {
        let findings = repository.swift.flatMap { file in
            FunctionScanner.functions(of: file.code).filter { $0.length > 80 }.map {
                Finding(path: file.path, row: $0.row, message: "\($0.name) has \($0.length) lines")
            }
        }
        expectNone(findings, "a function has at most 80 lines")
    }

    @Test func `public declarations say what they are`() {
        expectNone(
            repository.swift.filter { $0.isWithin("Sources", "sdk/swift/Sources") }.flatMap(Documentation.missing),
            "a public declaration has a `///` comment")
    }

    @Test func `nothing is used that hides a failure`() {
        expectNone(repository.files.flatMap(BannedConstructs.findings), "these constructs hide failures or unfinished work")
    }

    @Test func `no word of the demo is built in`() {
        expectNone(
            repository.sources.filter { $0.isWithin("Sources", "plugins", "sdk") }.flatMap(BannedConstructs.demoWords),
            "Sources and plugins know nothing of the demo")
    }

    @Test func `lines have no blanks at their end and no tabs before code`() {
        let findings = repository.files.flatMap { file in
            file.lines.enumerated().filter { hasStrayBlanks($0.element, in: file) }.map {
                Finding(path: file.path, row: $0.offset + 1, message: "stray blank")
            }
        }
        expectNone(findings, "blanks at the end of lines, or tabs")
    }

    private func hasStrayBlanks(_ line: String, in file: Repository.File) -> Bool {
        line.hasSuffix(" ") || line.hasSuffix("\t") || (file.isSwift && line.hasPrefix("\t"))
    }

    @Test func `links between documents lead somewhere`() {
        expectNone(
            repository.documents.flatMap { Links.broken($0, paths: repository.paths) }, "links to files that aren't there")
    }
}
