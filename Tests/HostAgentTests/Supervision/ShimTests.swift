// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

/// What the shim itself promises.
@Suite struct ShimTests {
    @Test func `a second shim for the same folder is refused`() async throws {
        try await SupervisionFixture.with { fixture in
            let specification = fixture.specification("sleep", "100")
            _ = try await fixture.supervisor.start(specification)
            let record = try #require(Files.text(fixture.run().path + "/record"))
            let preparation = RunPreparation(
                specification: specification, folder: fixture.run(), cgroups: await fixture.supervisor.cgroups,
                defaultAccount: nil
            )
            let report = try #require(try await fixture.nursery().start(try preparation.make().content))
            #expect(report.outcome == 66)
            #expect(report.message == "another shim holds this folder")
            #expect(Files.text(fixture.run().path + "/record") == record)
        }
    }

    @Test func `a specification that says too little is refused`() async throws {
        try await SupervisionFixture.with { fixture in
            let report = try #require(try await fixture.nursery().start(Array("run=1\0".utf8)))
            #expect(report.outcome == 65)
            #expect(report.message == "the specification is malformed or too large")
        }
    }

    @Test func `what is left of the tree is killed when the program ends`() async throws {
        try await SupervisionFixture.with { fixture in
            let script = "(setsid sh -c 'echo $$; exec sleep 100' &) ; (sleep 100 & echo $!) ; sleep 0.1; exit 5"
            _ = try await fixture.supervisor.start(fixture.script(script))
            let ended = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(ended.ending == .code(5))
            let left = fixture.log().split(separator: "\n").compactMap { Int32($0) }
            #expect(left.count == 2)
            for pid in left { #expect(kill(pid, 0) == -1, "process \(pid) is reaped too") }
        }
    }

    @Test func `a tree that shall be left alone is`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("(sleep 100 >/dev/null 2>&1 & echo $!) ; exit 0")
            specification.killsTree = false
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let pid = try #require(Int32(fixture.log().filter { $0 != "\n" }))
            let left = try #require(ProcessIdentity(pid))
            #expect(left.isAlive)
            left.send(SIGKILL)
            #expect(try await eventually { !left.isAlive })
        }
    }

    @Test func `a signal reaches the whole tree`() async throws {
        try await SupervisionFixture.with { fixture in
            // Each may get the signal late: a child that is there at once, and a parent that doesn't end with it.
            let child = "trap \"echo child\" USR1; sleep 100 & echo ready; wait"
            let script = "trap 'echo parent; exit 0' USR1; sh -c '\(child)'; while :; do sleep 0.1; done"
            _ = try await fixture.supervisor.start(fixture.script(script))
            #expect(try await eventually { fixture.log() == "ready\n" })
            try await fixture.supervisor.signal(fixture.node(), SIGUSR1, tree: true)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(try await eventually { fixture.log().contains("child\n") && fixture.log().contains("parent\n") })
        }
    }

    @Test func `the shim takes little memory and has no descriptors of others`() async throws {
        try await SupervisionFixture.with { fixture in
            let secret = open("/etc/hostname", O_RDONLY)
            defer { close(secret) }
            var specification = fixture.script("ls -l /proc/self/fd | wc -l; cat /proc/self/stat; seq 1 20000; sleep 100")
            specification.log.size = 50_000
            _ = try await fixture.supervisor.start(specification)
            let record = try #require(fixture.run().record())
            #expect(try await eventually { Files.exists(fixture.run().path + "/log.1") })
            let rollup = try #require(Files.text("/proc/\(record.shim.pid)/smaps_rollup"))
            // The pages of its program are the same for all shims, and are private only while there is but one.
            let kilobytes = rollup.split(separator: "\n").filter { $0.hasPrefix("Private_Dirty") }
                .compactMap { $0.split(separator: " ").dropFirst().first.flatMap { Int($0) } }.reduce(0, +)
            #expect(kilobytes > 0 && kilobytes <= 128, "the shim has \(kilobytes) kB of memory of its own")
            for pid in [record.shim.pid, record.process.pid] {
                #expect(!(try Self.descriptors(of: pid)).contains("/etc/hostname"))
            }
            let own = ["/dev/null", "/dev/null", "/dev/null", "anon_inode", fixture.run().path, fixture.run().log, "pipe"]
            #expect(try await eventually { try Self.descriptors(of: record.shim.pid).sorted() == own.sorted() })
            #expect(Files.names(in: "/proc/\(record.process.pid)/fd").sorted() == ["0", "1", "2"])
            #expect(getsid(record.process.pid) == record.process.pid)
            #expect(getsid(record.shim.pid) == record.shim.pid)
        }
    }

    /// What a process has open; of what is no file only the kind.
    private static func descriptors(of pid: Int32) throws -> [String] {
        try Files.names(in: "/proc/\(pid)/fd").map { String(try link("/proc/\(pid)/fd/\($0)").prefix { $0 != ":" }) }
    }

    private static func link(_ path: String) throws -> String {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
            let base = try #require(buffer.baseAddress)
            let count = readlink(path, base, buffer.count)
            return String(decoding: UnsafeRawBufferPointer(buffer)[..<max(count, 0)], as: UTF8.self)
        }
    }

    @Test func `signals are as a fresh program expects them`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.specification("grep", "Sig[BI]", "/proc/self/status"))
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log() == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `the user and all groups are changed`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("id -u; id -g; id -G; echo $USER $HOME; touch here && echo wrote")
            specification.user = "nobody"
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let account = try Account("nobody")
            let groups = account.groups.map { "\($0)" }.joined(separator: " ")
            #expect(fixture.log() == "\(account.user)\n\(account.group)\n\(groups)\nnobody \(account.home ?? "")\nwrote\n")
        }
    }

    @Test(.enabled(if: geteuid() == 0)) func `a process without a user gets the supervisor's`() async throws {
        try await SupervisionFixture.with(defaultUser: "nobody") { fixture in
            _ = try await fixture.supervisor.start(fixture.specification("id", "-un"))
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log() == "nobody\n")
        }
    }

    @Test func `limits of files and core files are set`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("ulimit -n; ulimit -c")
            specification.limits.files = 77
            specification.limits.core = 0
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log() == "77\n0\n")
        }
    }

    @Test func `the log is rotated between lines and nothing is lost`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("seq 1 3000")
            specification.log = .init(size: 4096, files: 100)
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let path = fixture.run().path
            let rotated = Files.names(in: path).compactMap { $0.hasPrefix("log.") ? Int($0.dropFirst(4)) : nil }.sorted(by: >)
            #expect(rotated.count == 3)
            let texts = rotated.compactMap { Files.text("\(path)/log.\($0)") } + [fixture.log()]
            #expect(texts.allSatisfy { $0.hasSuffix("\n") && $0.utf8.count <= 4096 })
            #expect(texts.joined() == (1...3000).map { "\($0)\n" }.joined())
        }
    }

    @Test func `only as many rotated logs are kept as asked for`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("seq 1 5000")
            specification.log = .init(size: 4096, files: 1)
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            let logs = Files.names(in: fixture.run().path).filter { $0.hasPrefix("log") }.sorted()
            #expect(logs == ["log", "log.1", "log.index"])
            #expect(fixture.log().hasSuffix("\n5000\n"))
        }
    }
}
