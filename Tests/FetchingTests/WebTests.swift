// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import NIOHTTP1
import Support
import TOSCA
import Testing

@testable import Fetching

/// Files on the web.
struct WebTests {
    private static let version = Workshop.version

    @Test func `files on a server import each other by paths, and each is fetched once`() throws {
        let answers: [String: WebServer.Answer] = [
            "/all/a.yaml": .file("\(Self.version)imports: [ types/b.yaml, /c.yaml ]\nnode_types: { A: { derived_from: B } }"),
            "/all/types/b.yaml": .file("\(Self.version)imports: [ ../a.yaml ]\nnode_types: { B: { derived_from: C } }"),
            "/c.yaml": .file("\(Self.version)imports: [ '../../all/./types/b.yaml' ]\nnode_types: { C: {} }"),
        ]
        try WebServer.with(answers) { server in
            try Workshop.with { workshop in
                try #expect(workshop.problems("\(server.address)/all/a.yaml") == [])
                #expect(server.paths == ["/all/a.yaml", "/all/types/b.yaml", "/c.yaml"])
            }
        }
    }

    @Test func `a problem in a file of the web is told with its address`() throws {
        try WebServer.with(["/a.yaml": .file("\(Self.version)node_types: { A: { derived_from: B } }")]) { server in
            try Workshop.with(["local.yaml": "imports: [ '\(server.address)/a.yaml' ]"]) { workshop in
                let compiler = Compiler(profiles: [], addresses: workshop.fetcher)
                let problems = try #require(throws: Problems.self) { try compiler.validate(file: workshop["local.yaml"]) }
                let location = SourceLocation(file: "\(server.address)/a.yaml", row: 2, column: 34)
                #expect(problems.all.map(\.place) == [.source(location)])
            }
        }
    }

    @Test func `a redirection is followed, and not for ever`() throws {
        var answers: [String: WebServer.Answer] = ["/end": .file("here"), "/loop": .elsewhere("/loop")]
        for number in 0..<6 { answers["/\(number)"] = .elsewhere(number == 0 ? "end" : "/\(number - 1)") }
        try WebServer.with(answers) { server in
            try Workshop.with { workshop in
                try #expect(workshop.text("\(server.address)/4") == "here")
                #expect(problem { try workshop.text("\(server.address)/5") }?.code == "fetch.failed")
                #expect(problem { try workshop.text("\(server.address)/loop") }?.code == "fetch.failed")
            }
        }
    }

    @Test func `what cannot be reached is told with the reason`() throws {
        try WebServer.with(["/broken": .init(body: "half", breaksOff: true), "/nowhere": .init(status: .found)]) { server in
            try Workshop.with { workshop in
                let expected = [
                    "\(server.address)/none": ("failed", "answered 404 Not Found"),
                    "http://127.0.0.1:1/a": ("unreachable", "Connection refused"),
                    "http://nowhere.invalid/a": ("unreachable", "the host ‘nowhere.invalid’ isn't known"),
                    "\(server.address)/broken": ("unreachable", "cannot be reached"),
                    "\(server.address)/nowhere": ("failed", "doesn't say where"),
                ]
                for (address, (code, reason)) in expected {
                    let problem = problem { try workshop.text(address) }
                    #expect(problem?.code == "fetch.\(code)")
                    #expect(problem?.message.contains(reason) == true, "\(problem?.message ?? "")")
                }
            }
        }
    }

    @Test func `a server that can't be reached is no mistake of a file that is checked`() throws {
        let design =
            "imports: [ 'http://127.0.0.1:1/a.yaml', 'git:http://127.0.0.1:1/a#main!b' ]\nnode_types: { A: { derived_from: B } }"
        try Workshop.with(["a.yaml": design]) { workshop in
            let problems = try workshop.problems("a.yaml")
            #expect(problems.map { $0.prefix { $0 != ":" } } == ["tosca.unreachable", "tosca.unreachable"], "\(problems)")
            let compiler = Compiler(profiles: [], addresses: workshop.fetcher)
            let errors = try #require(throws: Problems.self) { try compiler.compile(file: workshop["a.yaml"], service: "a") }
            #expect(errors.all.map(\.code).prefix(2) == ["tosca.unreachable", "tosca.unreachable"])
        }
    }

    @Test func `a server that never answers is given up`() throws {
        try WebServer.with(["/a": .init(isSilent: true)]) { server in
            try Workshop.with { workshop in
                workshop.options.timeout = 1
                let start = ContinuousClock.now
                #expect(problem { try workshop.text("\(server.address)/a") }?.code == "fetch.timeout")
                #expect(ContinuousClock.now - start < .seconds(5))
            }
        }
    }

    @Test(arguments: [true, false]) func `a file may have as many bytes as the limit says, and no more`(tellsSize: Bool) throws
    {
        let body = String(repeating: "x", count: 1000)
        try WebServer.with(["/a": .init(body: body, tellsSize: tellsSize)]) { server in
            try Workshop.with { workshop in
                workshop.options.size = 1000
                try #expect(workshop.text("\(server.address)/a") == body)
                workshop.options.size = 999
                #expect(problem { try workshop.text("\(server.address)/a") }?.code == "fetch.too-large")
            }
        }
    }

    @Test func `a checksum in an address is compared with the file`() throws {
        let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        try WebServer.with(["/a": .file("hello"), "/b": .file("hullo")]) { server in
            try Workshop.with { workshop in
                let address = server.address
                try #expect(workshop.text("\(address)/a#sha256=\(digest)") == "hello")
                try #expect(workshop.text("\(address)/a#sha256=\(digest.uppercased())") == "hello")
                let wrong = problem { try workshop.text("\(address)/b#sha256=\(digest)") }
                #expect(wrong?.code == "fetch.wrong-checksum")
                for fragment in ["sha256=\(digest.dropLast())", "md5=\(digest)", "", "sha256=\(digest.dropLast())g"] {
                    let malformed = problem { try workshop.text("\(address)/a#\(fragment)") }
                    #expect(malformed?.code == "fetch.malformed-address", "\(fragment)")
                }
            }
        }
    }

    @Test func `what was fetched is kept, and asked for again only if it changed`() throws {
        let digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        try WebServer.with(["/a": .file("hello", tag: "\"1\"")]) { server in
            try Workshop.with { workshop in
                workshop.options.cache = workshop["cache"]
                for _ in 0..<2 { try #expect(workshop.text("\(server.address)/a") == "hello") }
                #expect(server.requests.map { $0.headers.first(name: "if-none-match") } == [nil, "\"1\""])
                // The checksum says all, so nobody has to be asked.
                try #expect(workshop.text("\(server.address)/elsewhere#sha256=\(digest)") == "hello")
                #expect(server.paths.count == 2)
                server.change("/a", .file("changed", tag: "\"2\""))
                try #expect(workshop.text("\(server.address)/a") == "changed")
                // What was damaged on the disk is not taken for what was fetched.
                try workshop.shell("for file in cache/web/content/*; do echo x >> $file; done")
                try #expect(workshop.text("\(server.address)/a") == "changed")
                #expect(server.requests.last?.headers.first(name: "if-none-match") == nil)
            }
        }
    }

    @Test func `a cache that cannot be written is no failure`() throws {
        try WebServer.with(["/a": .file("hello")]) { server in
            try Workshop.with(["file": ""]) { workshop in
                workshop.options.cache = workshop["file/in/a/file"]
                try #expect(workshop.text("\(server.address)/a") == "hello")
            }
        }
    }

    @Test func `names and passwords never go where they can be read`() throws {
        try WebServer.with(["/a": .file("hello")]) { server in
            try Workshop.with(["netrc": "machine 127.0.0.1 login me password secret"]) { workshop in
                workshop.options.netrc = workshop["netrc"]
                try #expect(workshop.text("\(server.address)/a") == "hello")
                #expect(server.requests.map { $0.headers.first(name: "authorization") } == [nil])
                let inAddress = problem { try workshop.text("http://me:secret@127.0.0.1/a") }
                #expect(inAddress?.code == "fetch.credentials-in-address")
                #expect(inAddress?.message.contains("secret") == false)
            }
        }
    }

    @Test func `a stream ends in the middle without the rest`() throws {
        let body = String(repeating: "x", count: 50 << 20)
        try WebServer.with([
            "/a": .init(body: body), "/none": .init(status: .notFound), "/half": .init(body: "x", breaksOff: true),
        ]) {
            server in
            try Workshop.with { workshop in
                let stream = try #require(try workshop.fetcher.stream("\(server.address)/a"))
                try #expect(stream.next(count: 10) == Array("xxxxxxxxxx".utf8))
                let missing = problem { try workshop.fetcher.stream("\(server.address)/none") }
                #expect(missing?.code == "fetch.failed")
                let half = try #require(try workshop.fetcher.stream("\(server.address)/half"))
                #expect(problem { while try !half.next(count: 10).isEmpty {} }?.code == "fetch.unreachable")
            }
        }
    }
}
