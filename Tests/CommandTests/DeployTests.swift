// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Testing

/// From a design's file to a service, with an agent that answers as documented.
struct DeployTests {
    private static let design = "examples/hello/service.yaml"
    private static let plan = #"""
        {"id":"p1","service":"hello","changes":[
        {"category":"novel","entity":"hello/hello","kind":"node","type":"Process","properties":[
        {"name":"command","after":["sleep","9"]},{"name":"port","atApply":"is reserved then"}]},
        {"category":"modified","entity":"hello/old","properties":[{"name":"level","before":1,"after":2}]},
        {"category":"unchanged","entity":"hello/same"}],
        "operations":[{"node":"hello/hello","operation":"standard.create","after":[],"host":"a"},
        {"node":"hello/hello","operation":"standard.start","after":[0],"host":"a"}],
        "grants":[{"plugin":"process","grants":{"programs":[["apt-get","install","*"]],"processes":true}}],
        "atApply":[{"entity":"hello/hello","property":"port","reason":"is reserved then"}],"destroys":[]}
        """#
    private static let progress = """
        {"sequence":1,"time":0,"operation":"standard.create","node":"hello/hello","state":"done"}
        {"sequence":2,"time":1000,"operation":"standard.start","node":"hello/hello","state":"done"}
        {"done":true,"state":"running","problems":[]}

        """

    private static func answers(plan: String = plan, progress: String = progress) -> [String: FakeAgent.Answer] {
        [
            "POST /v1/services/hello/plan": .json(plan),
            "POST /v1/services/hello/deploy": .json(#"{"deployment":"d1"}"#),
            "GET /v1/services/hello/progress?after=0": .lines(progress),
        ]
    }

    private static let planText = """
        + hello/hello  Process
            command  ["sleep","9"]
            port     (at apply)
        ~ hello/old
            level  1 → 2

           NODE         OPERATION        HOST  AFTER
        1  hello/hello  standard.create  a
        2  hello/hello  standard.start   a     1

        GRANTS OF
        process    processes  true
                   programs   apt-get install *

        1 novel, 1 modified, 2 operations

        """

    @Test func `deploying shows the plan, carries out that plan and shows the progress`() throws {
        try withAgent(Self.answers()) { agent in
            let run = try ProgramRun([
                "service", "deploy", "hello", Self.design, "--socket", agent.socket,
            ])
            #expect(run.status == 0)
            #expect(run.error == Self.planText + "\n")
            #expect(
                run.output == """
                    00:00:00Z  hello/hello  standard.create  done
                    00:00:01Z  hello/hello  standard.start  done
                    hello is running

                    """)
            #expect(agent.requests.count == 3)
            #expect(agent.requests[1] == #"POST /v1/services/hello/deploy {"plan":"p1"}"#)
        }
    }

    @Test func `a plan alone changes nothing`() throws {
        try withAgent(Self.answers()) { agent in
            for arguments in [["plan"], ["deploy", "--plan-only"]] {
                let run = try ProgramRun(["service"] + arguments + ["hello", Self.design, "--socket", agent.socket])
                #expect(run.status == 0)
                #expect(
                    run.output == Self.planText
                        + "plan p1  carried out by ‘khutulun service deploy hello --plan p1’\n")
            }
            #expect(agent.requests.allSatisfy { $0.hasPrefix("POST /v1/services/hello/plan ") })
        }
    }

    @Test func `programs get every step as a document`() throws {
        try withAgent(Self.answers()) { agent in
            let run = try ProgramRun(["service", "deploy", "hello", Self.design, "--format", "json", "--socket", agent.socket])
            #expect(run.status == 0)
            #expect(run.error.isEmpty)
            let lines = run.output.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines.last == #"{"done":true,"problems":[],"state":"running"}"#)
        }
    }

    @Test func `what a deployment fails of is told`() throws {
        let progress = #"{"done":true,"state":"failed","problems":[{"code":"x.y","message":"it ended"}]}"# + "\n"
        try withAgent(Self.answers(progress: progress)) { agent in
            let run = try ProgramRun(["service", "deploy", "hello", Self.design, "--socket", agent.socket])
            #expect(run.status == 1)
            #expect(run.output == "hello is failed\n")
            #expect(run.error == Self.planText + "\nit ended [x.y]\n")
        }
    }

    @Test func `what destroys data needs a flag of its own`() throws {
        let plan = Self.plan.replacing(#""destroys":[]"#, with: #""destroys":["hello/old"]"#)
        try withAgent(Self.answers(plan: plan)) { agent in
            let run = try ProgramRun(["service", "deploy", "hello", Self.design, "--yes", "--socket", agent.socket])
            #expect(run.status == 1)
            #expect(
                run.error.hasSuffix(
                    """
                    the plan destroys what these hold: hello/old [command.would-destroy]
                      hint: if that is wanted, say so with ‘--destroy’

                    """))
            #expect(agent.requests.count == 1)
            #expect(
                try ProgramRun(["service", "deploy", "hello", Self.design, "--destroy", "--socket", agent.socket]).status == 0)
        }
    }

    @Test func `a design with problems is not sent`() throws {
        try withAgent([:]) { agent in
            let file = FileManager.default.temporaryDirectory.appendingPathComponent("broken-\(UUID().uuidString).yaml").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            try "a: [\n".write(toFile: file, atomically: true, encoding: .utf8)
            let run = try ProgramRun(["service", "deploy", "hello", file, "--socket", agent.socket])
            #expect(run.status == 1)
            #expect(run.error.contains("[yaml.syntax]"))
            #expect(agent.requests.isEmpty)
        }
    }

    @Test func `an agent that goes away leaves the deployment to itself`() throws {
        let progress = #"{"sequence":1,"time":0,"operation":"standard.create","node":"hello/hello","state":"done"}"# + "\n"
        try withAgent(Self.answers(progress: progress)) { agent in
            let run = try ProgramRun(["service", "deploy", "hello", Self.design, "--socket", agent.socket])
            #expect(run.status == 3)
            #expect(
                run.error.hasSuffix(
                    """
                    the agent went away [api.stream-broken]
                      hint: the work goes on when it is back: ‘khutulun service wait hello’

                    """))
        }
    }
}
