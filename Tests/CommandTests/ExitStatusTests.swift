// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Glibc
import Testing

/// How the program ends, and where it says why.
struct ExitStatusTests {
    @Test(arguments: [
        [], ["--help"], ["help", "service"], ["--version"], ["service", "--help"], ["run", "--help"],
        ["store", "export", "--help"], ["version", "--client"],
        ["completion", "bash"], ["completion", "zsh"], ["completion", "fish"],
    ])
    func `what can be done ends with 0 and says nothing on the standard error`(arguments: [String]) throws {
        let run = try ProgramRun(arguments)
        #expect(run.status == 0)
        #expect(run.error.isEmpty && !run.output.isEmpty)
    }

    @Test(arguments: [
        ["nonsense"], ["service", "list", "--nonsense"], ["service", "list", "--format", "xml"], ["run"],
        ["run", "--env", "x", "--", "a"], ["run", "--secret", "x", "--", "a"], ["run", "--secret", "X=a/", "--", "a"],
        ["run", "--env", "X=1", "--secret", "X=a", "--", "a"], ["node", "set", "a/b", "c"],
        ["node", "set", "a/b", "c", "1", "--expression", "1"],
        ["service", "plan", "shop"], ["service", "plan", "shop", "a.yaml", "--delete"], ["service", "deploy", "shop"],
        ["service", "deploy", "shop", "--plan", "x", "--secret", "a=b"],
        ["service", "deploy", "shop", "a.yaml", "--input", "novalue"], ["node", "show", "noservice"], ["node", "exec", "a/b"],
        ["node", "logs", "a/b", "--lines", "-1"], ["service", "wait", "a", "--timeout", "0"],
        ["handler", "add", "a/b", "exited"],
        ["handler", "add", "a/b", "exited", "--operation", "x.y", "--script", "z"], ["service", "list", "--data", "/tmp"],
        ["event", "list", "--limit", "0"], ["handler", "add", "a/b", "e", "--function", "nocolon"],
        ["store", "export", "-", "--service", "a", "--directory", "b"], ["store", "export", "-", "--as", "xml"],
        ["event", "list", "--service", "a", "--directory", "b"], ["event", "emit", "a/b", "e", "--propagate", "sideways"],
        ["timer", "add", "a/b", "e"], ["timer", "add", "a/b", "e", "--after", "1s", "--every", "1s"],
        ["timer", "add", "a/b", "e", "--after", "soon"], ["timer", "add", "a/b", "e", "--after", "1m", "--misfire", "twice"],
        ["agent", "run", "--event-days", "0"],
        ["agent", "run", "--log", "loud"], ["agent", "run", "--failpoint", "a:b"],
    ])
    func `a command line that makes no sense ends with 2`(arguments: [String]) throws {
        let run = try ProgramRun(arguments)
        #expect(run.status == 2)
        #expect(run.output.isEmpty)
        #expect(
            run.error.contains("Error: ") && run.error.contains("Usage: ") || run.error.contains("See 'khutulun"),
            "\(run.error)")
    }

    @Test(arguments: [
        ["service", "list"], ["node", "list"], ["version"], ["event", "watch"], ["port", "list"],
        ["service", "delete", "a", "--yes"],
        ["graph"], ["call", "a/b", "c.d"], ["run", "--", "true"],
    ])
    func `an agent that is not there ends with 3`(arguments: [String]) throws {
        let environment = ["KHUTULUN_SOCKET": "/nonexistent/agent.sock"]
        let run = try ProgramRun(arguments, environment: environment)
        #expect(run.status == 3)
        #expect(
            run.error == """
                no agent listens at ‘/nonexistent/agent.sock’: there is no such socket [api.unreachable]
                  hint: start one with ‘khutulun agent run’, or name its socket with ‘--socket’

                """)
    }

    @Test func `a file that cannot be read ends with 3`() throws {
        let run = try ProgramRun(["tosca", "validate", "/nonexistent.yaml"])
        #expect(run.status == 3)
        #expect(run.error == "‘/nonexistent.yaml’ cannot be read: No such file or directory [command.unreadable]\n")
        let offline = try ProgramRun(["service", "list", "--offline", "--data", "/nonexistent"])
        #expect(offline.status == 3)
        #expect(
            offline.error == """
                the store ‘/nonexistent/khutulun.db’ cannot be read: No such file or directory [store.absent]
                  hint: name the data folder with ‘--data’

                """)
        let folder = try ProgramRun(["tosca", "validate", "/tmp"])
        #expect(folder.status == 3)
        #expect(folder.error.contains("‘/tmp’ is a folder, not a file [tosca.cannot-read]"))
    }

    @Test(arguments: [("--data", "/dev/null/data"), ("--socket", "/dev/null/folder")])
    func `an agent that cannot use its folders ends with 3`(option: String, folder: String) throws {
        let data = FileManager.default.temporaryDirectory.appendingPathComponent("agent-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: data) }
        let places = option == "--data" ? ["--data", folder] : ["--data", data, "--socket", folder + "/socket"]
        let run = try ProgramRun(["agent", "run"] + places)
        #expect(run.status == 3)
        #expect(
            run.error == """
                the agent cannot use the folder ‘\(folder)’ [agent.unusable-folder]
                  because the folder ‘\(folder)’ cannot be made: Not a directory [file.make-folder]
                  hint: choose another with ‘\(option)’

                """)
    }

    @Test(.enabled(if: geteuid() == 0)) func `with root, an agent says which account cannot get to its nodes' folders`() throws
    {
        let closed = FileManager.default.temporaryDirectory.appendingPathComponent("closed-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: closed, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: closed) }
        let run = try ProgramRun(["agent", "run", "--data", closed + "/data", "--user", "nobody"])
        #expect(run.status == 3)
        #expect(
            run.error == """
                the agent cannot use the folder ‘\(closed)/data’ [agent.unusable-folder]
                  because the account ‘nobody’ of processes and scripts cannot get to ‘\(closed)/data/nodes’: Permission denied [file.failed]
                    hint: open the folders above it with ‘chmod o+x’, or name another account with ‘--user’
                  hint: choose another with ‘--data’

                """)
    }

    @Test func `a secret without a value is refused, before any agent is asked`() throws {
        let run = try ProgramRun(["secret", "set", "shop/password", "--socket", "/nonexistent"])
        #expect(run.status == 1)
        #expect(run.error.hasPrefix("no value was given for ‘shop/password’; nothing was changed [command.refused]\n"))
    }

    @Test func `what the agent refuses ends with 1`() throws {
        let answers = [
            "GET /v1/services/shop": FakeAgent.Answer.problem("service.unknown", "there is no service ‘shop’", status: 404)
        ]
        try withAgent(answers) { agent in
            let run = try ProgramRun(["service", "show", "shop", "--socket", agent.socket])
            #expect(run.status == 1)
            #expect(run.error == "there is no service ‘shop’ [service.unknown]\n")
            let json = try ProgramRun(["service", "show", "shop", "--socket", agent.socket, "--format", "json"])
            #expect(json.status == 1)
            #expect(json.error.contains("\"code\": \"service.unknown\""))
        }
    }

    @Test func `an interrupt ends with 130, and says that the deployment goes on`() throws {
        let line = #"{"sequence":1,"time":0,"operation":"standard.start","node":"shop/web","state":"started"}"# + "\n"
        try withAgent([
            "GET /v1/services/shop": .json(#"{"name":"shop","state":"deploying"}"#),
            "GET /v1/services/shop/progress?after=0": .lines(line, staysOpen: true),
        ]) { agent in
            let run = try ProgramRun(["service", "wait", "shop", "--socket", agent.socket], interruptAfter: "started")
            #expect(run.status == 130)
            #expect(run.output == "00:00:00Z  shop/web  standard.start  started\n")
            #expect(run.error.contains("It goes on by itself"))
        }
    }

    @Test func `waiting can be limited`() throws {
        try withAgent([
            "GET /v1/services/shop": .json(#"{"name":"shop","state":"deploying"}"#),
            "GET /v1/services/shop/progress?after=0": .lines("\n", staysOpen: true),
        ]) { agent in
            let run = try ProgramRun(["service", "wait", "shop", "--timeout", "1", "--socket", agent.socket])
            #expect(run.status == 1)
            #expect(run.error == "‘shop’ is not finished after 1 s; ‘khutulun service show shop’ says why [command.timeout]\n")
        }
    }
}
