// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Glibc
import Support
import Testing

@testable import HostAgent

@Suite struct ShortCommandTests {
    private func shell(_ text: String) -> ShortCommand { ShortCommand(arguments: ["/bin/sh", "-c", text]) }

    @Test func `status, output and error come back`() async throws {
        var command = shell("cat; echo $GREETING >&2; pwd; exit 3")
        command.input = Array("in ".utf8)
        command.environment = ["GREETING": "hello"]
        command.directory = "/usr"
        let outcome = try await command.run(host: "test")
        #expect(outcome.document == ["status": 3, "output": "in /usr\n", "error": "hello\n"])
    }

    @Test func `a signal is a status above 128`() async throws {
        #expect(try await shell("kill -TERM $$").run(host: "test").status == 143)
    }

    @Test func `a command that takes too long is killed with its tree`() async throws {
        var command = shell("(setsid sleep 99.125 &) ; sleep 99.25 & sleep 99.375")
        command.milliseconds = 200
        let clock = ContinuousClock()
        let begin = clock.now
        let problem = await #expect(throws: Problem.self) { try await command.run(host: "test") }
        #expect(clock.now - begin < .seconds(5))
        #expect(
            problem?.description == """
                test$ /bin/sh -c (setsid sleep 99.125 &) ; sleep 99.25 & sleep 99.375: \
                the command took longer than 200 ms and was killed [command.timeout]
                """)
        let isGone = try await eventually { !Self.isRunning("99.25") && !Self.isRunning("99.375") }
        #expect(isGone)
        for pid in Self.running("99.125") { kill(pid, SIGKILL) }
    }

    private static func running(_ argument: String) -> [Int32] {
        Files.names(in: "/proc").compactMap { Int32($0) }.filter { pid in
            Files.text("/proc/\(pid)/cmdline") == "sleep\0\(argument)\0"
        }
    }

    private static func isRunning(_ argument: String) -> Bool { !running(argument).isEmpty }

    @Test func `what runs on in the background doesn't hold the command up`() async throws {
        let outcome = try await shell("sleep 3 & echo done").run(host: "test")
        #expect(outcome.output == Array("done\n".utf8))
    }

    @Test func `too much output is a problem`() async throws {
        var command = shell("yes")
        command.outputLimit = 1000
        command.milliseconds = 10_000
        let problem = await #expect(throws: Problem.self) { try await command.run(host: "test") }
        #expect(problem?.code == "command.output-limit")
    }

    @Test func `input that nobody reads is no problem`() async throws {
        var command = ShortCommand(arguments: ["true"])
        command.input = [UInt8](repeating: 65, count: 1 << 20)
        #expect(try await command.run(host: "test").status == 0)
    }

    @Test func `what cannot be run is named`() async throws {
        let missing = await #expect(throws: Problem.self) {
            try await ShortCommand(arguments: ["no-such-program"], environment: ["PATH": "/bin"]).run(host: "test")
        }
        #expect(missing?.code == "command.not-found")
        #expect(missing?.message == "the executable ‘no-such-program’ isn't found in /bin")
        var command = ShortCommand(arguments: ["true"])
        command.directory = "/no/such"
        let directory = await #expect(throws: Problem.self) { try await command.run(host: "test") }
        #expect(directory?.code == "command.directory")
    }

    @Test(.enabled(if: geteuid() == 0)) func `a command runs as another user`() async throws {
        var command = ShortCommand(arguments: ["id", "-un"])
        command.user = "nobody"
        #expect(try await command.run(host: "test").output == Array("nobody\n".utf8))
        command.arguments = ["/no/such"]
        let missing = await #expect(throws: Problem.self) { try await command.run(host: "test") }
        #expect(missing?.code == "command.not-found")
    }

    @Test(.enabled(if: geteuid() == 0), .timeLimit(.minutes(1)))
    func `commands that run as another user all end, whatever other threads do`() async throws {
        // Threads that come and go: what a child inherits of their making is what it must not wait for.
        let churn = Thread { while !Thread.current.isCancelled { Thread {}.start() } }
        churn.start()
        defer { churn.cancel() }
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    var command = ShortCommand(arguments: ["true"])
                    command.user = "nobody"
                    command.milliseconds = 20_000
                    return try await command.run(host: "test").status
                }
            }
            for try await status in group { #expect(status == 0) }
        }
    }
}
