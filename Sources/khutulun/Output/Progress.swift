// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Support

/// Shows what happens to a service until nothing is under way any longer.
struct Progress {
    let service: String
    let screen: Screen

    /// Follows the service's progress to its end.
    ///
    /// - Throws: the problems that it ended with, or `service.not-running`.
    func follow(_ client: APIClient) async throws(Problems) {
        Interruption.tells(
            "It goes on by itself: ‘khutulun service wait \(service)’ waits for it, ‘khutulun service cancel \(service)’ stops it."
        )
        var end: Value?
        try await forEach(in: try await client.progress(of: service)) { line throws(Problems) in
            screen.showNext(line) { palette in text(line, palette) }
            if line["done"]?.boolean == true { end = line }
            return end == nil
        }
        Interruption.tells(nil)
        guard let end else {
            throw Problems([
                Problem(
                    "api.stream-broken", "the agent went away",
                    hint: "the work goes on when it is back: ‘khutulun service wait \(service)’")
            ])
        }
        try check(end)
    }

    private func check(_ end: Value) throws(Problems) {
        let problems = (end["problems"]?.list ?? []).map(Problem.init(value:))
        if !problems.isEmpty { throw Problems(problems) }
        let state = end.words("state")
        guard ["running", "deleted", "absent", "done"].contains(state) else {
            throw Problems([
                Problem(
                    "service.not-running", "the service ‘\(service)’ is \(state)",
                    hint: "‘khutulun service show \(service)’ says why")
            ])
        }
    }

    private func text(_ line: Value, _ palette: Palette) -> String? {
        let state = line.words("state")
        let word = palette.paint(state, Palette.tone(ofState: state))
        if line["done"]?.boolean == true { return "\(service) is \(word)" }
        let time = line.moment("time").split(separator: " ").last.map(String.init) ?? ""
        let problem = line["problem"].map { ": \(Problem(value: $0).reason)" } ?? ""
        let parts = [palette.paint(time, .faint), line.words("node").visible, line.words("operation").visible, word]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ") + problem.visible
    }
}
