// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

/// What runs goes on without its supervisor, and the next one finds it.
@Suite struct AdoptionTests {
    @Test func `a process outlives its supervisor and is adopted`() async throws {
        try await SupervisionFixture.with { fixture in
            let started = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            let successor = fixture.successor()
            try await successor.adopt()
            let status = try await successor.status(fixture.node())
            #expect(status.state == .running)
            #expect(status.pid == started.pid)
            try await successor.signal(fixture.node(), SIGTERM, tree: false)
            #expect(await nextExit(successor)?.ending == .signal(SIGTERM))
        }
    }

    @Test func `a process outlives the process that supervised it`() async throws {
        try await SupervisionFixture.with { fixture in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = fixture.folder as String] in
                let supervisor = ShimSupervisor(nodes: folder + "/nodes", shim: SupervisionFixture.shim, host: "test")
                let node = ID.vertex(Directory(["shop"]), "app")
                _ = try await supervisor.start(ProcessSpecification(node: node, run: "1", arguments: ["sleep", "100"]))
                kill(getpid(), SIGKILL)
            }
            let record = try #require(fixture.run().record())
            #expect(record.process.isAlive)
            #expect(record.shim.isAlive)
            #expect(try await eventually { fixture.nurseries.isEmpty }, "the nursery ends with its agent")
            try await fixture.supervisor.adopt()
            #expect(try await fixture.supervisor.start(fixture.specification("sleep", "100")).pid == record.process.pid)
            try await fixture.supervisor.signal(fixture.node(), SIGKILL, tree: true)
            #expect(await nextExit(fixture.supervisor)?.ending == .signal(SIGKILL))
        }
    }

    @Test func `an exit that happened meanwhile is told until it is acknowledged`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.script("exit 3"))
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            for _ in 0..<2 {
                let successor = fixture.successor()
                try await successor.adopt()
                try await successor.adopt()
                #expect(await nextExit(successor)?.ending == .code(3))
            }
            let last = fixture.successor()
            try await last.adopt()
            let exit = try #require(await nextExit(last))
            try await last.acknowledge(exit)
            let after = fixture.successor()
            try await after.adopt()
            #expect(try await after.status(fixture.node()).ending == .code(3))
            #expect(fixture.run().unacknowledged().isEmpty)
        }
    }

    @Test func `an exit that nobody acknowledged survives the next run`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.script("exit 3"))
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            _ = try await fixture.supervisor.start(fixture.script("exit 4", run: "2"))
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let exits = fixture.run().unacknowledged()
            #expect(exits.map(\.ending) == [.code(4), .code(3)])
            for exit in exits { try await fixture.supervisor.acknowledge(exit) }
            #expect(fixture.run().unacknowledged().isEmpty)
            #expect(Files.names(in: fixture.run().path).allSatisfy { !$0.hasPrefix("exit-") })
        }
    }

    @Test func `a process whose shim was killed is watched on, and its end is told as unseen`() async throws {
        try await SupervisionFixture.with { fixture in
            let status = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            let record = try #require(fixture.run().record())
            record.shim.send(SIGKILL)
            #expect(try await eventually { !record.shim.isAlive })
            #expect(try await fixture.supervisor.wait(fixture.node(), milliseconds: 50).state == .running)
            #expect(kill(try #require(status.pid), SIGKILL) == 0)
            let ended = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(ended.ending == .unseen(.shimLost))
            #expect(await nextExit(fixture.supervisor)?.ending == .unseen(.shimLost))
            try await fixture.supervisor.forget(fixture.node())
        }
    }

    @Test func `a process of another boot isn't taken for a running one`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            let path = fixture.run().path + "/record"
            let text = try #require(Files.text(path))
            try Files.replace(path, by: Array(text.replacing(Boot.id, with: "another").utf8))
            let successor = fixture.successor()
            try await successor.adopt()
            #expect(await nextExit(successor)?.ending == .unseen(.hostRestarted))
            #expect(try await successor.status(fixture.node()).state == .exited)
            try Files.replace(path, by: Array(text.utf8))
            unlink(fixture.run().path + "/exit")
        }
    }

    @Test func `a number that passed to another process isn't signalled`() async throws {
        let own = try #require(ProcessIdentity(getpid()))
        #expect(own.isAlive)
        let other = ProcessIdentity(pid: own.pid, start: own.start + 1)
        #expect(!other.isAlive)
        #expect(other.send(SIGKILL) == false)
        #expect(ProcessIdentity(pid: -1, start: 0).descriptor() == nil)
    }
}
