// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

@Suite struct CgroupTests {
    private static let canLimitMemory: Bool = {
        let cgroups = Cgroups(tag: "probe-\(getpid())")
        let places = cgroups.make(.vertex(Directory(["shop"]), "probe"), limits: .init(memory: 1 << 30))
        _ = Cgroups.remove(places.folders)
        return places.warnings.isEmpty
    }()

    @Test(.enabled(if: canLimitMemory)) func `the memory limit kills, and it is told`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo survived")
            specification.limits.memory = 32 << 20
            let status = try await fixture.supervisor.start(specification)
            #expect(status.warnings.isEmpty)
            let ended = try await fixture.supervisor.wait(fixture.node(), milliseconds: 20_000)
            #expect(ended.ending == .signal(SIGKILL))
            #expect(ended.isOutOfMemory)
            let exit = await nextExit(fixture.supervisor)
            #expect(exit?.isOutOfMemory == true)
            #expect(exit?.payload["out-of-memory"] == true)
            let cgroups = try #require(fixture.run().record()).places.folders
            #expect(!cgroups.isEmpty)
            try await fixture.supervisor.forget(fixture.node())
            for cgroup in cgroups { #expect(!Files.exists(cgroup)) }
        }
    }

    @Test(.enabled(if: canLimitMemory)) func `the limit of processes holds`() async throws {
        try await SupervisionFixture.with { fixture in
            var specification = fixture.script("for i in 1 2 3 4 5 6; do sleep 100 & done; echo many")
            specification.limits.processes = 3
            _ = try await fixture.supervisor.start(specification)
            let ended = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(ended.ending == .code(2))
            #expect(!fixture.log().contains("many"))
        }
    }

    @Test func `cgroups that were made for a start which never came are found and removed`() async throws {
        try await SupervisionFixture.with { fixture in
            let places = await fixture.supervisor.cgroups.make(fixture.node(), limits: .init(memory: 1 << 30))
            try await fixture.supervisor.forget(fixture.node())
            for cgroup in places.folders { #expect(!Files.exists(cgroup)) }
        }
    }

    @Test func `a host without cgroups is named in a warning`() {
        let cgroups = Cgroups(tag: "none", hierarchies: CgroupHierarchies(mounts: "", own: "0::/"))
        let places = cgroups.make(.vertex(Directory(["shop"]), "web"), limits: .init(memory: 1 << 30, processes: 4, cpu: 0.5))
        #expect(places.folders.isEmpty)
        #expect(
            places.warnings
                == [("memory", "memory"), ("processes", "pids"), ("processor cores", "cpu")].map {
                    "the limit of \($0.0) is not enforced: this agent may not use the cgroup controller ‘\($0.1)’"
                })
    }

    @Test func `the agent's own cgroups are found in both versions`() {
        let mounts = """
            29 20 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            30 20 0:27 /outer /sys/fs/cgroup/pids rw shared:7 - cgroup cgroup rw,pids
            31 20 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw

            """
        let own = "4:pids:/outer/inner\n3:memory:/\n0::/system.slice/a.service/khutulun-agent\n"
        let hierarchies = CgroupHierarchies(mounts: mounts, own: own)
        #expect(hierarchies.unified == "/sys/fs/cgroup/unified/system.slice/a.service")
        #expect(hierarchies.legacy["memory"] == "/sys/fs/cgroup/memory")
        #expect(hierarchies.legacy["pids"] == "/sys/fs/cgroup/pids/inner")
    }
}
