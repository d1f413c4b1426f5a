// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Support
import TOSCA
import Testing

@testable import Fetching

/// Files in repositories of git.
struct GitTests {
    private static let files = [
        "all/a.yaml": "imports: [ sub/b.yaml ]\nnode_types: { A: { derived_from: B } }",
        "all/sub/b.yaml": "imports: [ /c.yaml ]\nnode_types: { B: {} }", "all/c.yaml": "imports: [ a.yaml ]",
    ]

    private func with<Result>(_ body: (inout Workshop) throws -> Result) throws -> Result {
        try Workshop.with(Self.files) { workshop in
            try workshop.commit("all")
            return try body(&workshop)
        }
    }

    @Test(arguments: ["#main", "#v1", "", "#HEAD"]) func `a revision is a branch, a tag or the newest`(revision: String) throws
    {
        try with { workshop in
            try workshop.shell("cd all; git tag v1")
            try #expect(workshop.problems("git:\(workshop["all"])\(revision)!a.yaml") == [])
            try #expect(workshop.problems("git:file://\(workshop["all"])\(revision)!/a.yaml") == [])
        }
    }

    @Test(arguments: [40, 12, 7]) func `a revision is a commit, also an old one`(digits: Int) throws {
        try with { workshop in
            try workshop.shell("cd all; git rev-parse HEAD > ../commit; git rm -q a.yaml; echo x > x.yaml")
            try workshop.commit("all", "second")
            let commit = try String(contentsOfFile: workshop["commit"], encoding: .utf8).prefix(digits)
            try #expect(workshop.problems("git:\(workshop["all"])#\(commit)!a.yaml") == [])
        }
    }

    @Test func `a design names a repository by a path from where it lies`() throws {
        try with { workshop in
            try workshop.write("designs/t.yaml", Workshop.version + "imports: [ 'git:../all#main!a.yaml' ]")
            try #expect(workshop.problems("designs/t.yaml") == [])
        }
    }

    @Test func `what was fetched is kept, and a branch is looked at again`() throws {
        try with { workshop in
            workshop.options.cache = workshop["cache"]
            let address = "git:\(workshop["all"])#main!a.yaml"
            try #expect(workshop.problems(address) == [])
            try workshop.write("all/a.yaml", Workshop.version + "node_types: { A: { derived_from: Nothing } }")
            try workshop.commit("all", "second")
            try #expect(workshop.problems(address).count == 1)
            try workshop.shell("cd all; git rev-parse HEAD > ../commit")
            let commit = try String(contentsOfFile: workshop["commit"], encoding: .utf8).prefix(40)
            try workshop.shell("rm -rf all")
            // A commit never changes, so nobody has to be asked for one that is there.
            try #expect(workshop.problems("git:\(workshop["all"])#\(commit)!a.yaml").count == 1)
        }
    }

    @Test func `nothing is left where nothing is to be kept`() throws {
        try with { workshop in
            let before = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path())
            try #expect(workshop.problems("git:\(workshop["all"])#main!a.yaml") == [])
            let after = try FileManager.default.contentsOfDirectory(atPath: FileManager.default.temporaryDirectory.path())
            #expect(Set(after).subtracting(before) == [])
        }
    }

    @Test func `what is not there is told`() throws {
        try with { workshop in
            try workshop.shell("cd all; ln -s /etc/hostname out; ln -s sub/b.yaml in; ln -s nowhere dangling")
            try workshop.commit("all", "second")
            let all = workshop["all"]
            let expected = [
                "git:\(all)#v9!a.yaml": ("fetch.failed", "v9"), "git:\(all)x#main!a.yaml": ("fetch.failed", "allx"),
                "git:\(all)#main!none.yaml": ("tosca.cannot-read", "there is no file"),
                "git:\(all)#main!sub": ("tosca.cannot-read", "is a folder"),
                "git:\(all)#main!out": ("tosca.cannot-read", "leads out of the repository"),
                "git:\(all)#main!dangling": ("tosca.cannot-read", "there is no file"),
                "git:\(all)#main!../../a": ("tosca.cannot-read", "leads out of the repository"),
                "git:\(all)#main": ("fetch.malformed-address", "!PATH"),
            ]
            for (address, (code, text)) in expected {
                let problem = problem { try workshop.text(address) }
                #expect(problem?.code == code, "\(address): \(problem?.message ?? "it was read")")
                #expect(problem?.message.contains(text) == true, "\(problem?.message ?? "")")
            }
            try #expect(workshop.text("git:\(all)#main!in").contains("node_types: { B"))
        }
    }

    @Test(arguments: [
        "git:ext::sh -c touch%20/tmp/x#main!a", "git:ssh://-oProxyCommand=x/path#main!a", "git:https://h/x#--all!a",
        "git:https://h/x#a:b!a", "git:https://h/x#!a",
        "git:https://h/x#a..b!a", "git:https://me:secret@h/x#main!a", "git:#main!a",
    ]) func `what git could take for something else is refused`(address: String) throws {
        try Workshop.with { workshop in
            let problem = problem { try workshop.text(address) }
            #expect(
                ["fetch.malformed-address", "fetch.credentials-in-address"].contains(problem?.code),
                "\(String(describing: problem))")
        }
    }

    @Test func `what is fetched of a repository may have as many bytes as the limit says`() throws {
        try with { workshop in
            try workshop.shell("head -c 3000000 /dev/urandom > all/large")
            try workshop.commit("all", "large")
            let address = "git:\(workshop["all"])#main!a.yaml"
            try #expect(workshop.problems(address) == [])
            workshop.options.size = 1 << 20
            #expect(problem { try workshop.text(address) }?.code == "fetch.failed")
        }
    }

    @Test func `a program that does not end is ended, with all that it started`() throws {
        let program = ChildProgram(arguments: ["sh", "-c", "sleep 1000 & sleep 1000"], seconds: 1, limit: 10)
        let start = ContinuousClock.now
        #expect(problem { try program.run() }?.code == "fetch.timeout")
        #expect(ContinuousClock.now - start < .seconds(4))
        let missing = ChildProgram(arguments: ["no-such-program"], seconds: 1, limit: 10)
        #expect(problem { try missing.run() }?.code == "fetch.no-program")
        let chatty = ChildProgram(arguments: ["yes"], seconds: 10, limit: 10)
        #expect(problem { try chatty.run() }?.code == "fetch.too-large")
        let ended = try ChildProgram(
            arguments: ["sh", "-c", "cat; echo $WORD >&2; exit 3"], environment: ["WORD=said"], input: Array("in".utf8),
            seconds: 10, limit: 10
        ).run()
        #expect(ended.code == 3 && ended.output == Array("in".utf8) && ended.messages == "said\n")
    }
}
