// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import TOSCA
import Testing

@testable import Fetching

/// Entries of archives, wherever these lie.
struct ArchiveTests {
    private static let files = [
        "all/a.yaml": "imports: [ sub/b.yaml ]\nnode_types: { A: { derived_from: B } }",
        "all/sub/b.yaml": "imports: [ /a.yaml ]\nnode_types: { B: {} }",
    ]

    /// Packs the folder `all`, in whatever format the name says.
    private func pack(_ name: String, _ workshop: Workshop) throws {
        let packing = Packing(format: try #require(ArchiveFormat(fileName: name)), entryDefinitions: "a.yaml")
        let packed = try packing.pack(workshop["all"], name: name)
        try OutputFile.write(packed.content, to: workshop[name])
    }

    @Test(arguments: ["x.zip", "x.csar", "x.tar", "x.tar.gz", "x.tgz", "x.tar.zst"])
    func `an entry of an archive is named after an exclamation mark`(name: String) throws {
        try Workshop.with(Self.files) { workshop in
            try pack(name, workshop)
            try #expect(workshop.problems("\(workshop[name])!a.yaml") == [])
            try workshop.write("t.yaml", Workshop.version + "imports: [ '\(name)!/a.yaml', 'zip:\(name)!sub/b.yaml' ]")
            try #expect(workshop.problems("t.yaml") == [])
        }
    }

    @Test func `archives lie on the web, in git and in each other`() throws {
        try Workshop.with(Self.files) { workshop in
            try pack("inner.zip", workshop)
            try workshop.shell("mkdir repo; cp inner.zip repo; tar cf repo/outer.tar inner.zip")
            try workshop.commit("repo")
            let outer = "git:\(workshop["repo"])#main!outer.tar"
            try #expect(workshop.problems("\(outer)!inner.zip!a.yaml") == [])
            try #expect(workshop.problems("git:\(workshop["repo"])#main!inner.zip!a.yaml") == [])
            try #expect(workshop.problems("zip:tar:\(workshop["repo/outer.tar"])!inner.zip!a.yaml") == [])
            let missing = problem { try workshop.text("\(outer)!inner.zip!none") }
            #expect(missing?.message == "there is no file ‘none’ in the archive ‘\(outer)!inner.zip’")
        }
    }

    @Test func `an archive on the web is fetched once for all its entries`() throws {
        let text = "\(Workshop.version)node_types: { A: {} }"
        try Workshop.with(["all/a.yaml": "", "all/b.yaml": ""]) { workshop in
            try workshop.write("all/a.yaml", text)
            try pack("x.tar", workshop)
            let bytes = try LocalFiles().open(workshop["x.tar"]).bytes()
            try WebServer.with(["/x.tar": .file(String(decoding: bytes, as: UTF8.self))]) { server in
                let fetcher = workshop.fetcher
                try #expect(workshop.text("\(server.address)/x.tar!a.yaml", fetcher) == text)
                try #expect(workshop.text("\(server.address)/x.tar!b.yaml", fetcher) == Workshop.version)
                #expect(server.paths == ["/x.tar"])
            }
        }
    }

    @Test func `what is no archive, or incomplete, is refused`() throws {
        try Workshop.with(["a.yaml": ""]) { workshop in
            func code(_ address: String) -> String? { problem { try workshop.text(address) }?.code }
            #expect(code("\(workshop["a.yaml"])!b") == "csar.not-an-archive")
            #expect(code("\(workshop["none"])!b") == "tosca.cannot-read")
            #expect(code("\(workshop["a.yaml"])!") == "fetch.malformed-address")
            #expect(code("ftp://example.org/a.yaml") == "tosca.unknown-scheme")
        }
    }

    @Test func `a hostile archive is refused wherever it lies`() throws {
        try Workshop.with { workshop in
            try workshop.shell("ln -s /etc/passwd link; tar cf x.tar link; tar cf outer.tar x.tar")
            #expect(problem { try workshop.text("\(workshop["outer.tar"])!x.tar!link") }?.code == "csar.link")
            workshop.options.archives = ArchiveLimits(size: 100)
            #expect(problem { try workshop.text("\(workshop["outer.tar"])!x.tar") }?.code == "csar.too-large")
        }
    }

    @Test func `a design in an archive cannot look at files of this machine`() throws {
        try Workshop.with(["all/a.yaml": "imports: [ 'file:/etc/hostname', 'git:/tmp#main!a' ]"]) { workshop in
            try workshop.shell("cd all && tar cf ../x.tar a.yaml")
            let problems = try workshop.problems("\(workshop["x.tar"])!a.yaml")
            #expect(problems.count == 2 && problems.allSatisfy { $0.contains("is no file of this machine") })
        }
    }
}
