// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// A part of a log, as it is sent to whoever reads it.
struct LogPage: Sendable {
    /// The most lines of one page.
    static let limit = 1000

    let log: String

    /// The lines after a position, or the last ones: `{"lines": [{"position", "line"}], "position"}`. If there is none
    /// and `follow` is set it waits for one.
    func read(after position: Int64?, last: Int?, follow: Bool) async -> Value {
        var lines = await collect(after: position, last: last)
        if lines.isEmpty && follow {
            var iterator = LogReader(log: log).lines(after: position, follow: true).makeAsyncIterator()
            if let first = await iterator.next() {
                lines = [first] + (await collect(after: first.position, last: nil))
            }
        }
        return [
            "lines": .list(lines.map { ["position": .integer($0.position), "line": .text($0.text)] }),
            "position": .integer(lines.last?.position ?? position ?? 0),
        ]
    }

    private func collect(after position: Int64?, last: Int?) async -> [LogLine] {
        var lines: [LogLine] = []
        for await line in LogReader(log: log).lines(after: position, last: last) {
            lines.append(line)
            if lines.count == Self.limit { break }
        }
        return lines
    }
}
