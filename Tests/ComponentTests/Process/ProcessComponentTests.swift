// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Foundation
import Support
import Testing

@Suite struct ProcessComponentTests {
    private static let server: Value = [
        "python3", "-c",
        "import os, socket, time; s = socket.create_server(('127.0.0.1', int(os.environ['PORT_HTTP']))); time.sleep(600)",
    ]

    private func start(_ host: TestHost, _ node: ID, _ operation: String = "d1-2") async throws(Problem) -> Value {
        let outputs = try await host.call("process:start", [[:], ["operation": .text(operation), "attempt": 1]], at: node)
        try await host.set(node, ["state": outputs["state"] ?? .null, "run": outputs["run"] ?? .null])
        return outputs
    }

    private func isRunning(_ host: TestHost, _ node: ID) -> Bool {
        host.processes.status(["node": .text(node.documentText)])["state"] == "running"
    }

    @Test func `a process is created, started when it answers, stopped, and leaves nothing behind`() async throws {
        try await TestHost.with { host in
            let readiness: Value = ["kind": "tcp", "port": "http"]
            let node = try await host.add(
                "web", ["command": Self.server, "readiness": readiness], ports: ["http": [21_200, 21_209]])
            #expect(try await host.call("process:create", [[:]], at: node) == ["state": "created", "installed": []])
            let port = try #require(try await host.port("web", "http"))
            let outputs = try await start(host, node)
            #expect(outputs["state"] == "started" && outputs["run"] == "d1-2-1")
            #expect(Listening.answers("127.0.0.1", port))
            let seen = try await host.call("process:inspect", [[:]], at: node)
            #expect(seen["ready"] == true)
            #expect(seen["ports"]?.list?.first?["state"] == "own")
            #expect(try await start(host, node, "d1-3")["pid"] == outputs["pid"])
            #expect(try await host.call("process:stop", [[:]], at: node) == ["state": "stopped"])
            #expect(!isRunning(host, node))
            #expect(try await host.deliverExit(of: node).isEmpty)
            #expect(try await host.value(node, "state") == "stopping")
            try await host.call("process:delete", [[:]], at: node)
            #expect(!FileManager.default.fileExists(atPath: host.folder(of: node)))
            #expect(try await host.call("ports:list", ["here"], at: node) == [])
        }
    }

    @Test func `a process isn't started while a property waits for its value`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("web", ["command": ["sleep", "60"]])
            try await host.call("process:create", [[:]], at: node)
            guard case .vertex(var vertex)? = try await host.get(node) else { throw Problem("test.no-node", "no node") }
            var waiting = Property()
            waiting.status = .pending(Problem("floria.pending", "‘shop/back.port’ has no value yet"))
            vertex.properties["files"] = waiting
            let put = vertex
            try await host.store.commit { $0.puts.append(.vertex(put)) }
            let problem = await #expect(throws: Problem.self) { _ = try await start(host, node) }
            #expect(problem?.code == "process.no-value")
            #expect(problem?.message == "the property ‘files’ of ‘shop/web’ has no value that is up to date")
            #expect(problem?.causes.first?.message == "‘shop/back.port’ has no value yet")
            #expect(host.processes.status(["node": .text(node.documentText)])["state"] == "absent")
        }
    }

    @Test func `a process that ends before it is ready fails at once, with its status and what it said`() async throws {
        try await TestHost.with { host in
            let node = try await host.add(
                "web",
                ["command": ["sh", "-c", "echo no configuration >&2; exit 3"], "readiness": ["kind": "tcp", "port": "http"]],
                ports: ["http": []])
            try await host.call("process:create", [[:]], at: node)
            let problem = await #expect(throws: Problem.self) { _ = try await start(host, node) }
            #expect(problem?.code == "process.ended")
            #expect(
                problem?.message
                    == "the process of ‘shop/web’ ended with status 3 before it was ready; the end of its log: no configuration"
            )
            #expect(try await host.value(node, "state") == "failed")
            #expect(try await host.deliverExit(of: node).isEmpty)
        }
    }

    @Test func `a process that never becomes ready fails at its deadline and says why`() async throws {
        try await TestHost.with { host in
            let node = try await host.add(
                "web",
                [
                    "command": ["sleep", "60"],
                    "readiness": [
                        "kind": "command", "command": ["sh", "-c", "echo empty >&2; exit 1"], "interval": "50 ms",
                        "attempts": 4,
                    ],
                ])
            try await host.call("process:create", [[:]], at: node)
            let problem = await #expect(throws: Problem.self) { _ = try await start(host, node) }
            #expect(problem?.code == "process.not-ready")
            #expect(problem?.message.hasSuffix(": ‘sh -c 'echo empty >&2; exit 1'’ ended with status 1: empty") == true)
        }
    }

    @Test func `a killed process is restarted after a delay, under a new name, until its policy gives up`() async throws {
        try await TestHost.with { host in
            let restart: Value = ["policy": "on-failure", "delay": "250 ms", "attempts": 2, "window": "1 min"]
            let node = try await host.add("web", ["command": ["sleep", "60"], "restart": restart])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            for (attempt, delay) in [(1, 250), (2, 500)] {
                _ = host.processes.signal(["node": .text(node.documentText), "signal": 9])
                let events = try await host.deliverExit(of: node)
                #expect(events.map { $0["type"] } == ["restart"] && events.map { $0["delay"] } == [.integer(delay)])
                #expect(try await host.value(node, "state") == "restarting")
                // Delivered again, it is decided about no more than once.
                #expect(try await host.deliverExit(of: node).map { $0["id"] } == events.map { $0["id"] })
                try await host.deliver(events[0], to: "process:restart-due", at: node)
                #expect(isRunning(host, node))
                #expect(try await host.value(node, "run") == .text("d1-2-1.\(attempt)"))
                #expect(try await host.value(node, "restarts") == .integer(attempt))
                #expect(try await host.value(node, "state") == "started")
            }
            _ = host.processes.signal(["node": .text(node.documentText), "signal": 9])
            #expect(try await host.deliverExit(of: node).isEmpty)
            #expect(try await host.value(node, "state") == "failed")
            #expect(
                try await host.value(node, "reason")
                    == "the process was ended by signal KILL and was restarted 2 times within 60 s")
        }
    }

    @Test func `an end that nobody saw is no work that was done`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("web", ["command": ["true"]])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            _ = await host.awaitEnd(of: node)
            let event: Value = ["id": "e", "type": "exited", "payload": ["run": "d1-2-1", "unseen": "host-restarted"]]
            try await host.deliver(event, to: "process:exited", at: node)
            #expect(host.takeEvents().map { $0["type"] } == ["restart"])
            #expect(try await host.value(node, "state") == "restarting")
        }
    }

    @Test func `a limit that the host can't enforce is told at the node`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("web", ["command": ["sleep", "60"], "limits": ["memory": "64 MiB", "files": 64]])
            try await host.call("process:create", [[:]], at: node)
            #expect(try await start(host, node)["warnings"] == ["the limit of memory is not enforced"])
            #expect(host.processes.request(of: node)?["limits"] == ["memory": 67_108_864, "files": 64])
        }
    }

    @Test(arguments: [(1, 0), (2, 1), (10, 9)])
    func `as many log files are kept as the design says, the current one included`(files: Int, rotated: Int) async throws {
        try await TestHost.with { host in
            let node = try await host.add("web", ["command": ["true"], "log": ["size": "10 kB", "files": .integer(files)]])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            #expect(host.processes.request(of: node)?["log"] == ["size": 10_000, "files": .integer(rotated)])
        }
    }

    @Test func `a process that has done its work is finished and stays so`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("job", ["command": ["true"]])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            #expect(try await host.deliverExit(of: node).isEmpty)
            #expect(try await host.value(node, "state") == "finished")
        }
    }

    @Test func `a stop takes a restart back that was decided`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("web", ["command": ["false"]])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            let events = try await host.deliverExit(of: node)
            #expect(events.count == 1)
            try await host.call("process:stop", [[:]], at: node)
            try await host.deliver(events[0], to: "process:restart-due", at: node)
            #expect(!isRunning(host, node))
            #expect(try await host.value(node, "restarts") == nil)
        }
    }

    @Test func `the end of a run that a start has not reported yet is looked at again later`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("web", ["command": ["false"]])
            try await host.call("process:create", [[:]], at: node)
            try await host.call("process:start", [[:], ["operation": "d1-2", "attempt": 1]], at: node)
            let events = try await host.deliverExit(of: node)
            #expect(events.map { $0["type"] } == ["exited"] && events.map { $0["delay"] } == [200])
            try await host.set(node, ["state": "started", "run": "d1-2-1"])
            try await host.deliver(events[0], to: "process:exited", at: node)
            #expect(host.takeEvents().map { $0["type"] } == ["restart"])
        }
    }

    @Test func `a process that fails its health check in a row is ended, and its policy restarts it`() async throws {
        try await TestHost.with { host in
            let health: Value = ["kind": "command", "command": ["false"], "interval": "10 s", "attempts": 2]
            let node = try await host.add(
                "web", ["command": ["sh", "-c", "trap 'exit 0' TERM; sleep 60 & wait"], "health": health])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            let first = host.takeEvents()
            #expect(first.map { $0["type"] } == ["health"] && first.map { $0["delay"] } == [10_000])
            try await host.deliver(first[0], to: "process:health-due", at: node)
            let second = host.takeEvents()
            #expect(isRunning(host, node) && second.first?["payload"]?["failures"] == 1)
            try await host.deliver(second[0], to: "process:health-due", at: node)
            #expect(try await host.deliverExit(of: node).map { $0["type"] } == ["restart"])
        }
    }

    @Test func `a port that a stranger has taken is given up for another before the start`() async throws {
        try await TestHost.with { host in
            let node = try await host.add(
                "web", ["command": Self.server, "readiness": ["kind": "tcp", "port": "http"]],
                ports: ["http": [21_220, 21_229]])
            try await host.call("process:create", [[:]], at: node)
            let port = try #require(try await host.port("web", "http"))
            let stranger = try #require(Listening.open("127.0.0.1", port))
            defer { close(stranger) }
            _ = try await start(host, node)
            let other = try #require(try await host.port("web", "http"))
            #expect(other != port && Listening.answers("127.0.0.1", other))
        }
    }

    @Test func `what the host has is used, files of the design are copied, and neither is done twice`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("job", ["command": ["true"]])
            try await host.addArtifact("shell", "DebianPackage", ["file": "dash"], to: node)
            try await host.addArtifact("program", "Script", ["file": "bin/job.sh", "digest": "abc"], to: node)
            _ = try TestFiles.perform(["write": .text("\(host.folder)/artifacts/abc"), "text": "#!/bin/sh\n"])
            let first = try await host.call("process:create", [[:]], at: node)["installed"]?.list ?? []
            #expect(first.contains { $0["package"] == "dash" && $0["present"] == true })
            #expect(FileManager.default.isExecutableFile(atPath: "\(host.folder(of: node))/job.sh"))
            _ = try TestFiles.perform(["remove": .text("\(host.folder)/artifacts")])
            #expect(try await host.call("process:create", [[:]], at: node)["installed"]?.list == first)
        }
    }

    @Test func `an archive is extracted into the folder that it names, and recorded`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("job", ["command": ["sh", "code/job.sh"]])
            try await host.addArtifact(
                "program", "TarArchive", ["file": "job.tar.gz", "digest": "abc", "path": "code"], to: node)
            _ = try TestFiles.perform(["write": .text("\(host.folder)/job.sh"), "text": "echo done > result\n"])
            let archive = "\(host.folder)/artifacts/abc"
            _ = try TestFiles.perform(["make": .text("\(host.folder)/artifacts")])
            _ = try host.processes.run(["arguments": ["tar", "-czf", .text(archive), "-C", .text(host.folder), "job.sh"]])
            let installed = try await host.call("process:create", [[:]], at: node)["installed"]
            let folder = host.folder(of: node)
            #expect(installed == [["archive": "job.tar.gz", "digest": "abc", "folder": .text("\(folder)/code")]])
            _ = try await start(host, node)
            _ = await host.awaitEnd(of: node)
            #expect(try String(contentsOfFile: "\(folder)/result", encoding: .utf8) == "done\n")
        }
    }

    @Test func `a command runs in the folder and with the environment of the process`() async throws {
        try await TestHost.with { host in
            let node = try await host.add("job", ["command": ["true"], "environment": ["GREETING": "hello there"]])
            try await host.call("process:create", [[:]], at: node)
            let inputs: Value = ["arguments": ["sh", "-c", "pwd; echo $KHUTULUN_SERVICE/$KHUTULUN_NODE $GREETING; exit 4"]]
            let result = try await host.call("process:exec", [inputs], at: node)
            #expect(result == ["status": 4, "output": .text("\(host.folder(of: node))\nshop/job hello there\n"), "error": ""])
        }
    }

    @Test func `a process can run in a folder that is not the node's, which is left alone`() async throws {
        try await TestHost.with { host in
            let folder = "\(host.folder)/elsewhere"
            let node = try await host.add("job", ["command": ["sh", "-c", "pwd > here"], "working_directory": .text(folder)])
            _ = try TestFiles.perform(["make": .text(folder)])
            try await host.call("process:create", [[:]], at: node)
            _ = try await start(host, node)
            _ = await host.awaitEnd(of: node)
            try await host.call("process:delete", [[:]], at: node)
            #expect(try String(contentsOfFile: "\(folder)/here", encoding: .utf8) == "\(folder)\n")
        }
    }

    @Test func `the commands that do the same do the same`() async throws {
        try await TestHost.with { host in
            let node = try await host.add(
                "job", ["command": ["sh", "-c", "echo $GREETING it\\'s"], "environment": ["GREETING": "a  b"]])
            try await host.call("process:create", [[:]], at: node)
            let commands = try await host.call("process:explain", [[:]], at: node)["commands"]?.list ?? []
            let command = try #require(commands.first { $0["comment"] == "start it by hand" }?["command"])
            let result = try host.processes.run(["arguments": ["sh", "-c", command]])
            #expect(result["output"] == "a b it's\n")
        }
    }
}
