// SPDX-License-Identifier: Apache-2.0 OR MIT
import NIOHTTP1
import Support
import TOSCA
import Testing

@testable import Fetching

/// Imports and artifacts in repositories (6.6, 6.8.2.2).
struct RepositoryTests {
    @Test func `an import is found in its repository, whatever that is`() throws {
        let file = "node_types: { A: {} }"
        try Workshop.with(["all/sub/a.yaml": file, "all/b.yaml": "imports: [ /sub/a.yaml ]"]) { workshop in
            try workshop.commit("all")
            try workshop.shell("cd all && tar czf ../x.tgz *")
            try WebServer.with(["/x/sub/a.yaml": .file(Workshop.version + file)]) { server in
                let urls = [
                    "\(server.address)/x", "\(server.address)/x/", "git:all#main", "x.tgz", "x.tgz!", "all",
                    "file:\(workshop["all"])",
                ]
                for url in urls {
                    for path in ["sub/a.yaml", "/sub/a.yaml"] {
                        try workshop.write(
                            "t.yaml",
                            """
                            \(Workshop.version)repositories: { r: { url: '\(url)' } }
                            imports: [ { url: \(path), repository: r } ]
                            node_types: { T: { derived_from: A } }
                            """)
                        try #expect(workshop.problems("t.yaml") == [], "\(url) \(path)")
                    }
                }
                try workshop.write(
                    "t.yaml",
                    """
                    \(Workshop.version)repositories: { g: 'git:all#main!sub' }
                    imports: [ { url: a.yaml, repository: g, namespace: n } ]
                    node_types: { T: { derived_from: 'n:A' } }
                    """)
                try #expect(workshop.problems("t.yaml") == [])
            }
        }
    }

    @Test func `the repository may be defined by another import`() throws {
        let files = [
            "t.yaml": "imports: [ { url: a.yaml, repository: 'n:r' }, { url: r/r.yaml, namespace: n } ]",
            // The path starts from the file that defines the repository.
            "r/r.yaml": "repositories: { r: all }", "r/all/a.yaml": "node_types: { A: {} }",
        ]
        try Workshop.with(files) { workshop in try #expect(workshop.problems("t.yaml") == []) }
    }

    @Test(arguments: [
        ("{ url: a.yaml, repository: s }", "tosca.unknown-repository: there is no repository ‘s’"),
        (
            "{ url: 'https://h/a.yaml', repository: r }",
            "tosca.malformed-import: an address that begins with ‘https:’ is in no repository"
        ),
        ("{ profile: x, repository: r }", "tosca.malformed-import: a profile lies in no repository: it is known by its name"),
        ("{ url: none.yaml, repository: r }", "tosca.cannot-import: cannot import ‘none.yaml’: there is no file"),
    ]) func `an import that says too much or too little is refused`(item: String, message: String) throws {
        try Workshop.with(["t.yaml": "repositories: { r: all }\nimports: [ \(item) ]", "all/x": ""]) { workshop in
            try #expect(workshop.problems("t.yaml").contains { $0.hasPrefix(message) })
        }
    }

    @Test func `an artifact is fetched from its repository when a service is made, and left alone when it is checked`() throws {
        let design = """
            repositories: { r: { url: ADDRESS } }
            artifact_types: { T: {} }
            node_types: { N: {} }
            service_template:
              node_templates:
                n:
                  type: N
                  artifacts:
                    one: { type: T, file: sub/one.bin, repository: r }
                    two: { type: T, file: ADDRESS/two.bin, checksum: 2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824, checksum_algorithm: SHA-256 }
            """
        try WebServer.with(["/sub/one.bin": .file("one"), "/two.bin": .file("hello")]) { server in
            try Workshop.with(["t.yaml": design.replacing("ADDRESS", with: server.address)]) { workshop in
                try #expect(workshop.problems("t.yaml") == [])
                #expect(server.paths == [])
                let compiler = Compiler(profiles: [], addresses: workshop.fetcher)
                let compiled = try compiler.compile(file: workshop["t.yaml"], service: "t")
                #expect(compiled.artifacts.map(\.size).sorted() == [3, 5])
                #expect(server.paths.sorted() == ["/sub/one.bin", "/two.bin"])
                server.change("/two.bin", .file("hullo"))
                server.change("/sub/one.bin", .init(status: .notFound))
                let problems = try #require(throws: Problems.self) {
                    try Compiler(profiles: [], addresses: workshop.fetcher).compile(file: workshop["t.yaml"], service: "t")
                }
                #expect(problems.all.map(\.code).sorted() == ["tosca.missing-artifact", "tosca.wrong-checksum"])
            }
        }
    }
}
