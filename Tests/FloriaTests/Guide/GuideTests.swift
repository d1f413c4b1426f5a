// SPDX-License-Identifier: Apache-2.0 OR MIT
import FoundationEssentials
import Testing

/// The guide shows what is compiled and run: each of its blocks of Swift stands in `GuideExamples.swift`.
@Suite struct GuideTests {
    private let root = URL(filePath: #filePath).deletingLastPathComponent()

    private func lines(_ path: String) throws -> [String] {
        let text = String(decoding: try Data(contentsOf: root.appending(path: path)), as: UTF8.self)
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The blocks of Swift in the guide, with the row where each begins.
    private func blocks() throws -> [(row: Int, lines: [String])] {
        var blocks: [(row: Int, lines: [String])] = []
        var block: [String]?
        for (index, line) in try lines("../../../docs/floria.md").enumerated() {
            if line == "```swift" {
                block = []
            } else if line == "```", let done = block {
                blocks.append((index - done.count + 1, done))
                block = nil
            } else {
                block?.append(line)
            }
        }
        return blocks
    }

    /// The lines without the indentation that they have in common.
    private func flush(_ lines: some Collection<String>) -> [String] {
        let indentation = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(indentation)) }
    }

    @Test func `every example of the guide is one that is compiled and run`() throws {
        let source = try lines("GuideExamples.swift")
        let blocks = try blocks()
        #expect(blocks.count == 7)
        for block in blocks {
            let size = block.lines.count
            let isThere = (0...max(0, source.count - size)).contains {
                flush(source[$0..<min($0 + size, source.count)]) == block.lines
            }
            #expect(isThere, "docs/floria.md:\(block.row): this is not in GuideExamples.swift")
        }
    }
}
