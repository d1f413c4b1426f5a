// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Glibc
import Support
import Testing

@testable import HostAgent

/// Folders that belong to another account than the agent's.
@Suite(.enabled(if: geteuid() == 0)) struct OwnerTests {
    private let folder = "/tmp/khutulun-owner-\(UInt32.random(in: 0...UInt32.max))"
    private let nobody: Owner

    init() throws { nobody = try Account("nobody").owner }

    private func owner(_ name: String) -> Owner? { Owner(of: "\(folder)/\(name)") }

    @Test func `a folder of another account is whole from the beginning, and stays as it is`() throws {
        defer { try? Files.remove(folder) }
        try Files.makeFolder("\(folder)/shop/web/home", of: nobody)
        #expect(owner("shop/web/home") == nobody)
        #expect(owner("shop/web") == Owner(user: 0, group: 0))
        try Files.write([1], to: "\(folder)/shop/web/home/kept")
        try Files.makeFolder("\(folder)/shop/web/home", of: Owner(user: 1, group: 1))
        #expect(owner("shop/web/home") == nobody)
        #expect(Files.names(in: "\(folder)/shop/web") == ["home"])
    }

    @Test func `what is made as the owner belongs to it, and no link leads further than it may go`() throws {
        defer { try? Files.remove(folder) }
        try Files.makeFolder("\(folder)/home", of: nobody)
        try Files.write([7], to: "\(folder)/secret", mode: 0o600)
        symlink("\(folder)/secret", "\(folder)/home/link")
        symlink(folder, "\(folder)/home/outside")
        try nobody.reachingFiles { () throws(Problem) in
            try Files.makeFolder("\(folder)/home/inner")
            try Files.write([1], to: "\(folder)/home/inner/file")
            #expect(throws: Problem.self) { try Files.content(of: "\(folder)/home/link") }
            #expect(throws: Problem.self) { try Files.write([1], to: "\(folder)/home/outside/file") }
        }
        #expect(owner("home/inner") == nobody && owner("home/inner/file") == nobody)
        #expect(!Files.exists("\(folder)/file"))
        #expect(try Files.content(of: "\(folder)/secret") == [7])
    }

    @Test func `a folder is given away with what belongs to its owner, and links are not followed`() throws {
        defer { try? Files.remove(folder) }
        let other = Owner(user: 12_345, group: 12_345)
        try Files.makeFolder("\(folder)/home", of: nobody)
        try Files.write([1], to: "\(folder)/agents")
        try nobody.reachingFiles { () throws(Problem) in
            try Files.makeFolder("\(folder)/home/inner")
            try Files.write([1], to: "\(folder)/home/inner/file")
            symlink("\(folder)/agents", "\(folder)/home/link")
        }
        link("\(folder)/agents", "\(folder)/home/agents")
        try Files.give("\(folder)/home", to: other)
        for name in ["home", "home/inner", "home/inner/file", "home/link"] { #expect(owner(name) == other, "\(name)") }
        #expect(owner("agents") == Owner(user: 0, group: 0))
    }

    @Test func `a script runs as the account to which the node's folder belongs`() async throws {
        defer { try? Files.remove(folder) }
        try Files.makeFolder("\(folder)/home", of: nobody)
        try Files.write(
            Array("#!/bin/sh\ntouch made\necho \"{\\\"user\\\": \\\"$(id -un)\\\"}\"\n".utf8), to: "\(folder)/script")
        let script = Script(
            path: "\(folder)/script", name: "script", folder: "\(folder)/home", owner: nobody,
            site: CallSite(entity: .vertex(Directory(["shop"]), "web"), property: nil), host: "here", execution: .null)
        #expect(try await script.run([:], timeLimit: .seconds(10)) == ["user": "nobody"])
        #expect(owner("home/made") == nobody)
    }

    @Test func `an account's process reaches its folder, and not what is known of it`() async throws {
        try await SupervisionFixture.with(defaultUser: "nobody") { fixture in
            var specification = fixture.script("id -un; touch here && echo wrote; mv ../record x; cat ../record; ls ..; true")
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(fixture.log().hasPrefix("nobody\nwrote\n"))
            #expect(fixture.log().split(separator: "\n").count { $0.contains("Permission denied") } == 3)
            let home = fixture.run().home
            #expect(Owner(of: home + "/here") == nobody)
            specification.user = "daemon"
            specification.run = "2"
            _ = try await fixture.supervisor.start(specification)
            _ = try await fixture.supervisor.wait(fixture.node(), milliseconds: 5000)
            #expect(try Owner(of: home + "/here") == Account("daemon").owner)
        }
    }

    @Test func `what a process puts into its folder is not taken for a run`() throws {
        defer { try? Files.remove(folder) }
        try Files.makeFolder("\(folder)/shop/web/home", of: nobody)
        try nobody.reachingFiles { () throws(Problem) in
            try Files.write([1], to: "\(folder)/shop/web/home/record")
        }
        #expect(RunFolder.all(in: folder).isEmpty)
    }
}
