// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support
import Testing

@testable import HostAgent

/// The process that makes shims.
@Suite struct NurseryTests {
    @Test func `a nursery that was killed is replaced, and what it started goes on`() async throws {
        try await SupervisionFixture.with { fixture in
            _ = try await fixture.supervisor.start(fixture.specification("sleep", "100", name: "first"))
            #expect(try await eventually { fixture.nurseries.count == 2 }, "one, and the shim that waits")
            fixture.nurseries.forEach { $0.send(SIGKILL) }
            #expect(try await eventually { fixture.nurseries.isEmpty })
            #expect(try await fixture.supervisor.start(fixture.specification("sleep", "100", name: "second")).state == .running)
            #expect(try await fixture.supervisor.status(fixture.node("first")).state == .running)
            #expect(try await eventually { fixture.nurseries.count == 2 })
        }
    }

    @Test func `a nursery that is killed at once fails a start or has begun it, and nothing is started twice`() async throws {
        try await SupervisionFixture.with { fixture in
            for number in 1...20 {
                let specification = fixture.script("echo $$ >> started; exec sleep 100", name: "app-\(number)")
                async let start = fixture.supervisor.start(specification)
                usleep(UInt32(number * 100))
                fixture.nurseries.forEach { $0.send(SIGKILL) }
                do { _ = try await start } catch let problem as Problem {
                    #expect(["process.shim-lost", "process.shim"].contains(problem.code))
                }
                #expect(try await fixture.supervisor.start(specification).state == .running)
                let starts = fixture.run("app-\(number)").home + "/started"
                #expect(try await eventually { Files.text(starts)?.hasSuffix("\n") == true })
                #expect(Files.text(starts)?.split(separator: "\n").count == 1)
            }
        }
    }

    @Test func `one nursery is enough, and it ends with its supervisor`() async throws {
        try await SupervisionFixture.with { fixture in
            do {
                let supervisor = fixture.successor()
                #expect(fixture.nurseries.isEmpty, "there is none before it is needed")
                for name in ["first", "second"] {
                    _ = try await supervisor.start(fixture.specification("sleep", "100", name: name))
                }
                #expect(try await eventually { fixture.nurseries.count == 2 })
            }
            #expect(try await eventually { fixture.nurseries.isEmpty })
            #expect(try await fixture.supervisor.status(fixture.node("first")).state == .running)
        }
    }

    @Test func `a start that takes its time holds up no other`() async throws {
        try await SupervisionFixture.with { fixture in
            let nursery = try fixture.nursery()
            // A specification that nobody ends: its shim waits for the rest.
            var ends: [Int32] = [-1, -1]
            #expect(pipe(&ends) == 0)
            let (slow, rest) = (ends[0], ends[1])
            async let waiting = nursery.start(slow)
            for _ in 0..<100 { #expect(try await nursery.start([])?.outcome == 65) }
            close(rest)
            #expect(try await waiting?.outcome == 65)
        }
    }

    @Test func `a shim that is killed before its program runs is told`() async throws {
        try await SupervisionFixture.with { fixture in
            let nursery = try fixture.nursery()
            #expect(try await eventually { fixture.waitingShims.count == 1 })
            let shim = try #require(fixture.waitingShims.first)
            var ends: [Int32] = [-1, -1]
            #expect(pipe(&ends) == 0)
            let (slow, rest) = (ends[0], ends[1])
            defer { close(rest) }
            async let waiting = nursery.start(slow)
            #expect(try await eventually { shim.reads(from: "pipe:", descriptor: 3) }, "it has the request")
            shim.send(SIGKILL)
            #expect(try await waiting?.message == "the shim ended before it had started the program")
        }
    }

    @Test func `a shim that was killed while it waited costs no start`() async throws {
        try await SupervisionFixture.with { fixture in
            for name in ["first", "second", "third"] {
                // A process loses its arguments before its files are closed: only its end says that nothing can be sent to it.
                let waiting = fixture.waitingShims
                waiting.forEach { $0.send(SIGKILL) }
                let isGone = try await eventually { waiting.allSatisfy { !$0.isAlive } }
                #expect(isGone)
                let status = try await fixture.supervisor.start(fixture.specification("sleep", "100", name: name))
                #expect(status.state == .running)
                let isReplaced = try await eventually { fixture.waitingShims.count == 1 }
                #expect(isReplaced)
            }
        }
    }
}

extension ProcessIdentity {
    /// Whether a descriptor of the process is of a kind, by what the kernel calls it.
    fileprivate func reads(from kind: String, descriptor: Int32) -> Bool {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 100) { name in
            guard let base = name.baseAddress else { return false }
            let length = readlink("/proc/\(pid)/fd/\(descriptor)", base, name.count)
            return length > 0 && String(decoding: UnsafeRawBufferPointer(name)[..<length], as: UTF8.self).hasPrefix(kind)
        }
    }
}
