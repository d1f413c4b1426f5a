// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

@Suite struct ShimSupervisorTests {
    @Test func `a process runs, ends and is told once with its code`() async throws {
        try await SupervisionFixture.with { fixture in
            let status = try await fixture.supervisor.start(fixture.script("echo hello; echo bad >&2; exit 7"))
            #expect(status.run == "1")
            let ended = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(ended.state == .exited)
            #expect(ended.ending == .code(7))
            #expect(ended.pid == status.pid)
            #expect(try #require(ended.ended) >= #require(ended.started))
            #expect(fixture.log() == "hello\nbad\n")
            let exit = await nextExit(fixture.supervisor)
            #expect(exit?.node == fixture.node())
            #expect(exit?.run == "1")
            #expect(exit?.ending == .code(7))
        }
    }

    @Test func `a signal that ends a process is told`() async throws {
        try await SupervisionFixture.with { fixture in
            let status = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            #expect(status.state == .running)
            try await fixture.supervisor.signal(fixture.node(), SIGTERM, tree: false)
            let ended = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(ended.ending == .signal(SIGTERM))
            try await fixture.supervisor.signal(fixture.node(), SIGTERM, tree: false)
        }
    }

    @Test func `the same run is started once`() async throws {
        try await SupervisionFixture.with { fixture in
            let specification = fixture.script("echo start; sleep 100")
            async let first = fixture.supervisor.start(specification)
            async let second = fixture.supervisor.start(specification)
            let statuses = try await [first, second]
            #expect(statuses[0].pid == statuses[1].pid)
            let third = try await fixture.successor().start(specification)
            #expect(third.pid == statuses[0].pid)
            let log = LogReader(log: statuses[0].log)
            for await line in log.lines(follow: true) where line.text == "start" { break }
            try await fixture.supervisor.signal(fixture.node(), SIGKILL, tree: true)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log() == "start\n")
        }
    }

    @Test func `another run waits until the first has ended`() async throws {
        try await SupervisionFixture.with { fixture in
            let status = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            let problem = await #expect(throws: Problem.self) {
                try await fixture.supervisor.start(fixture.specification("sleep", "100", run: "2"))
            }
            #expect(problem?.code == "process.running")
            #expect(problem?.message == "‘shop/app’ still runs as process \(try #require(status.pid))")
            try await fixture.supervisor.signal(fixture.node(), SIGKILL, tree: false)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let second = try await fixture.supervisor.start(fixture.specification("sleep", "100", run: "2"))
            #expect(second.state == .running)
            #expect(second.pid != status.pid)
        }
    }

    @Test func `waiting ends with the time`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            let status = try await fixture.supervisor.wait(fixture.node(), milliseconds: 30)
            #expect(status.state == .running)
        }
    }

    @Test func `a node without a process is absent and can be forgotten`() async throws {
        try await SupervisionFixture.with { fixture in
            #expect(try await fixture.supervisor.status(fixture.node()).state == .absent)
            try await fixture.supervisor.signal(fixture.node(), SIGTERM, tree: true)
            try await fixture.supervisor.forget(fixture.node())
        }
    }

    @Test func `a running process isn't forgotten, an ended one wholly`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.specification("sleep", "100"))
            let problem = await #expect(throws: Problem.self) { try await fixture.supervisor.forget(fixture.node()) }
            #expect(problem?.code == "process.running")
            let cgroups = try #require(fixture.run().record()).places.folders
            try await fixture.supervisor.signal(fixture.node(), SIGKILL, tree: true)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            try await fixture.supervisor.forget(fixture.node())
            #expect(Files.names(in: fixture.run().path) == ["home"])
            for cgroup in cgroups { #expect(!Files.exists(cgroup)) }
            #expect(try await fixture.supervisor.status(fixture.node()).state == .absent)
        }
    }

    @Test func `environment and directory are what was asked for`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.specification("/usr/bin/env")
            specification.environment = ["GREETING": "two\nlines", "PATH": "/bin"]
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log() == "GREETING=two\nlines\nPATH=/bin\n")
            _ = try await fixture.supervisor.start(fixture.specification("pwd", run: "2"))
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log().hasSuffix("\(fixture.folder)/nodes/shop/app/home\n"))
        }
    }

    @Test func `two hundred processes start quickly`() async throws {
        try await SupervisionFixture.with { fixture in
            let clock = ContinuousClock()
            let duration = try await clock.measure {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<200 {
                        group.addTask {
                            _ = try await fixture.supervisor.start(fixture.specification("sleep", "100", name: "app-\(number)"))
                        }
                    }
                    try await group.waitForAll()
                }
            }
            #expect(duration < .seconds(4), "on a busy machine; alone it takes less than a second")
        }
    }
}
