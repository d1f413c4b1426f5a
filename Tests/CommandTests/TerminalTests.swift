// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Testing

/// What is different when a person sits before a terminal.
struct TerminalTests {
    private static let answers: [String: FakeAgent.Answer] = [
        "GET /v1/services": .json(#"[{"name":"shop","state":"running","nodes":3,"updated":0,"unfinished":0}]"#),
        "POST /v1/services/shop/plan": .json(
            #"{"id":"p1","changes":[{"category":"obsolete","entity":"shop/web"}],"operations":[],"destroys":[]}"#),
        "POST /v1/services/shop/deploy": .json(#"{"deployment":"d1"}"#),
        "GET /v1/services/shop/progress?after=0": .lines(#"{"done":true,"state":"deleted","problems":[]}"# + "\n"),
    ]

    private func run(_ arguments: [String], environment: [String: String] = [:], input: String = "") throws -> (
        ProgramRun, [String]
    ) {
        try withAgent(Self.answers) { agent in
            let environment = ["TERM": "xterm"].merging(environment) { $1 }
            let run = try ProgramRun(
                arguments + ["--socket", agent.socket], environment: environment, input: Data(input.utf8), onTerminal: true)
            return (run, agent.requests)
        }
    }

    @Test func `states have colours, unless they are not wanted`() throws {
        #expect(try run(["service", "list"]).0.output.contains("\u{1b}[32mrunning\u{1b}[0m"))
        #expect(try !run(["service", "list"], environment: ["NO_COLOR": "1"]).0.output.contains("\u{1b}"))
        #expect(try !run(["service", "list"], environment: ["TERM": "dumb"]).0.output.contains("\u{1b}"))
        #expect(try !run(["service", "list", "--format", "json"]).0.output.contains("\u{1b}"))
    }

    @Test func `a person is asked, and nothing happens without a yes`() throws {
        let (refused, requests) = try run(["service", "delete", "shop"], input: "n\n")
        #expect(refused.status == 1)
        #expect(refused.output.contains("Remove it? [y/N]"))
        #expect(refused.output.contains("nothing was changed"))
        #expect(requests.count == 1)
        let (confirmed, moreRequests) = try run(["service", "delete", "shop"], input: "y\n")
        #expect(confirmed.status == 0)
        #expect(moreRequests.count == 3)
    }

    @Test func `whoever says yes beforehand is not asked`() throws {
        let (run, _) = try run(["service", "delete", "shop", "--yes"])
        #expect(run.status == 0)
        #expect(!run.output.contains("[y/N]"))
    }
}
