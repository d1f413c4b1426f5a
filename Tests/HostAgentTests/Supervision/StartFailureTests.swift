// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

/// Each way in which a process cannot be started has a message of its own.
@Suite struct StartFailureTests {
    private func failure(
        of change: (inout ProcessSpecification) -> Void, _ fixture: SupervisionFixture
    ) async throws -> Problem {
        var specification = fixture.specification("true")
        change(&specification)
        let problem = await #expect(throws: Problem.self) { try await fixture.supervisor.start(specification) }
        #expect(try await fixture.supervisor.status(fixture.node()).state == .absent)
        return try #require(problem)
    }

    @Test func `a program that isn't there is named`() async throws {
        try await SupervisionFixture.with { fixture in
            let problem = try await failure(of: { $0.arguments = ["no-such-program", "-x"] }, fixture)
            #expect(
                problem.description == """
                    test$ no-such-program -x: the executable ‘no-such-program’ isn't found in \
                    /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin [process.not-found]
                      hint: install the program, or write its whole path
                    """)
            let other = try await failure(of: { $0.arguments = ["/no/such"] }, fixture)
            #expect(other.message == "the executable ‘/no/such’ isn't found")
        }
    }

    @Test func `a file that may not be executed is named`() async throws {
        try await SupervisionFixture.with { fixture in
            let problem = try await failure(of: { $0.arguments = ["/etc/passwd"] }, fixture)
            #expect(problem.code == "process.not-permitted")
            #expect(problem.message == "‘/etc/passwd’ may not be executed: Permission denied")
        }
    }

    @Test func `a script with a missing interpreter says so`() async throws {
        try await SupervisionFixture.with { fixture in
            let path = fixture.folder + "/script"
            try Files.replace(path, by: Array("#!/no/such\n".utf8))
            chmod(path, 0o755)
            let problem = try await failure(of: { $0.arguments = [path] }, fixture)
            #expect(problem.code == "process.not-executable")
            #expect(problem.message == "the interpreter that ‘\(path)’ names isn't found")
            try Files.replace(path, by: Array("echo\n".utf8))
            chmod(path, 0o755)
            let other = try await failure(of: { $0.arguments = [path] }, fixture)
            #expect(other.message == "‘\(path)’ cannot be executed: Exec format error")
        }
    }

    @Test func `a bad working directory is named`() async throws {
        try await SupervisionFixture.with { fixture in
            let problem = try await failure(of: { $0.directory = "/no/such" }, fixture)
            #expect(problem.code == "process.directory")
            #expect(problem.message == "‘/no/such’ cannot be the working directory: No such file or directory")
        }
    }

    @Test func `an unknown user is named`() async throws {
        try await SupervisionFixture.with { fixture in
            let problem = try await failure(of: { $0.user = "no-such-user" }, fixture)
            #expect(problem.code == "process.unknown-user")
            #expect(problem.message == "there is no user ‘no-such-user’ on this host")
            let group = try await failure(of: { $0.user = "root:no-such-group" }, fixture)
            #expect(group.message == "there is no group ‘no-such-group’ on this host")
        }
    }

    @Test func `what cannot be passed to a process is refused`() async throws {
        try await SupervisionFixture.with { fixture in
            let changes: [((inout ProcessSpecification) -> Void, String)] = [
                ({ $0.arguments = [] }, "there is no program to run"),
                ({ $0.run = "" }, "the name of a run has 1 to 512 bytes and no control characters"),
                ({ $0.run = "a\nb" }, "the name of a run has 1 to 512 bytes and no control characters"),
                ({ $0.arguments.append("a\0b") }, "arguments, environment and directory hold no NUL"),
                ({ $0.environment["A=B"] = "" }, "a variable of the environment has a name without ‘=’"),
                ({ $0.directory = "relative" }, "the working directory is no absolute path"),
                ({ $0.limits.memory = -1 }, "a limit is below zero"),
            ]
            for (change, message) in changes {
                let problem = try await failure(of: change, fixture)
                #expect(problem.description == "\(message) [process.invalid]")
            }
        }
    }

    @Test func `a missing shim is named`() async throws {
        try await SupervisionFixture.with { fixture in
            let supervisor = ShimSupervisor(nodes: fixture.folder + "/nodes", shim: "/no/khutulun-shim", host: "test")
            let problem = await #expect(throws: Problem.self) { try await supervisor.start(fixture.specification("true")) }
            #expect(problem?.message == "‘/no/khutulun-shim’ cannot be run: No such file or directory")
        }
    }
}
