// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support
import TOSCA
import Testing

@testable import Fetching

/// Addresses that lead elsewhere.
struct MapTests {
    @Test func `an address leads to a folder, and what it imports too`() throws {
        let files = [
            "mirror/a.yaml":
                "imports: [ sub/b.yaml, 'https://example.org/c%20c.yaml?x=1' ]\nnode_types: { A: { derived_from: B } }",
            "mirror/sub/b.yaml": "node_types: { B: {} }", "mirror/c c.yaml": "data_types: { C: { derived_from: string } }",
        ]
        try Workshop.with(files) { workshop in
            for prefix in ["https://example.org", "https://example.org/"] {
                workshop.options.map = URLMap()
                workshop.options.map.add(prefix, leadsTo: workshop["mirror"])
                let problems = try workshop.problems("https://example.org/a.yaml")
                #expect(problems == [])
            }
            workshop.options.map = URLMap()
            workshop.options.map.add("https://example.org/one.yaml", leadsTo: "file:\(workshop["mirror/a.yaml"])")
            try #expect(workshop.text("https://example.org/one.yaml").hasPrefix(Workshop.version))
        }
    }

    @Test(arguments: ["../secret", "sub/../../secret", "%2e%2e/secret", "sub/%2E./../secret", "..%2fsecret", "a%00", "%zz"])
    func `nothing leads out of the folder that is mapped to`(path: String) throws {
        try Workshop.with(["secret": "secret", "mirror/sub/x": ""]) { workshop in
            workshop.options.map.add("https://example.org/", leadsTo: workshop["mirror"])
            let problem = problem { try workshop.text("https://example.org/\(path)") }
            #expect(
                ["fetch.malformed-address", "tosca.cannot-read"].contains(problem?.code), "\(problem?.code ?? "it was read")")
        }
    }

    @Test func `a file that came from elsewhere stays what it is when it is mapped`() throws {
        let files = ["mirror/a.yaml": "imports: [ 'file:/etc/hostname' ]", "outside.yaml": ""]
        try Workshop.with(files) { workshop in
            workshop.options.map.add("https://example.org", leadsTo: workshop["mirror"])
            let problems = try workshop.problems("https://example.org/a.yaml")
            #expect(problems.count == 1 && problems[0].contains("is no file of this machine"), "\(problems)")
        }
    }

    @Test func `the longest text counts, and only whole parts of an address do`() throws {
        try WebServer.with(["/x": .file("x"), "/y/z": .file("z")]) { server in
            try Workshop.with { workshop in
                workshop.options.map.add("https://example.org", leadsTo: "\(server.address)/nothing")
                workshop.options.map.add("https://example.org/a", leadsTo: server.address)
                workshop.options.map.add("https://example.org/a/b", leadsTo: "\(server.address)/y")
                try #expect(workshop.text("https://example.org/a/x") == "x")
                try #expect(workshop.text("https://example.org/a/b/z") == "z")
                #expect(problem { try workshop.text("https://example.org/ab/x") }?.message.contains("/nothing/ab/x") == true)
            }
        }
    }

    @Test func `a repository of git leads to another one`() throws {
        try Workshop.with(["mirror/all/a.yaml": "node_types: { A: {} }"]) { workshop in
            try workshop.commit("mirror/all")
            workshop.options.map.add("https://example.org/git/", leadsTo: workshop["mirror"] + "/")
            try #expect(workshop.problems("git:https://example.org/git/all#main!a.yaml") == [])
            let outside = problem { try workshop.text("git:https://example.org/git/../x#main!a.yaml") }
            #expect(outside?.code == "fetch.malformed-address")
        }
    }
}
