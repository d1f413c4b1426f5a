// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Plugins
import Support
import Testing

@Suite struct GrantsTests {
    private func grants(_ document: Value) throws -> Grants { try Grants(document) }

    @Test func `nothing is granted that isn't named`() throws {
        let none = try grants([:])
        #expect(!none.allows(program: ["true"]))
        #expect(!none.allows(reading: "/"))
        #expect(!none.allows(writing: "/"))
        #expect(!none.allows(socket: "/run/x.sock"))
        #expect(!none.allows(address: "127.0.0.1", port: 80))
        #expect(!none.allowsReading(.root))
        #expect(!none.processes && !none.listeners)
    }

    @Test(arguments: [
        (["apt-get", "install", "x"], true), (["apt-get", "install"], false), (["apt-get", "install", "x", "y"], false),
        (["apt-get", "remove", "x"], false), (["tar", "-x"], true), (["tar"], true), (["tar", "-x", "-f", "y"], true),
        (["/bin/tar"], false), ([], false), (["id", "*"], true), (["*"], false), (["install", "apt-get", "x"], false),
    ])
    func `a star stands for one argument and two for any further ones`(arguments: [String], isAllowed: Bool) throws {
        let grants = try grants(["programs": [["apt-get", "install", "*"], ["tar", "**"], ["id", "*"]]])
        #expect(grants.allows(program: arguments) == isAllowed)
    }

    @Test func `two stars alone are any program`() throws {
        #expect(try grants(["programs": [["**"]]]).allows(program: ["sh", "-c", "true"]))
        #expect(try !grants(["programs": [["**"]]]).allows(program: []))
    }

    @Test(arguments: [
        ("/data/nodes/web", true), ("/data/nodes/web/a/b", true), ("/data/nodes/web/../web/a", true),
        ("/data/nodes/web/./a//b", true),
        ("/data/nodes/web-1", false), ("/data/nodes", false), ("/data/nodes/web/../other", false),
        ("/../data/nodes/web", false),
        ("data/nodes/web", false), ("", false), ("/etc/hosts", true), ("/etc/hosts.allow", false), ("/etc", false),
    ])
    func `files are granted below folders, whatever the path looks like`(path: String, isAllowed: Bool) throws {
        let grants = try grants(["files": ["$NODE", "/etc/hosts"]]).substituted(["NODE": "/data/nodes/web"])
        #expect(grants.allows(reading: path) == isAllowed)
        #expect(grants.allows(writing: path) == isAllowed)
    }

    @Test func `what is granted for reading can't be changed`() throws {
        let grants = try grants(["files": ["read:/proc"], "directories": ["read:hosts", "$SERVICE"]]).substituted([
            "SERVICE": "shop"
        ])
        #expect(grants.allows(reading: "/proc/1/stat") && !grants.allows(writing: "/proc/1/stat"))
        #expect(grants.allowsReading(Directory(["hosts", "a"])) && !grants.allowsWriting(Directory(["hosts", "a"])))
        #expect(grants.allowsWriting(Directory(["shop", "web"])))
        #expect(!grants.allowsReading(Directory(["shop2"])) && !grants.allowsReading(.root))
    }

    @Test(arguments: [
        ("127.0.0.1", 80, true), ("127.0.0.1", 81, true), ("127.0.0.2", 80, false), ("LOCALHOST", 8080, true),
        ("localhost", 8081, false), ("anything", 443, true), ("::1", 5432, true), ("[::1]", 5432, true), ("::1", 5433, false),
    ])
    func `addresses are granted by host and port`(host: String, port: Int, isAllowed: Bool) throws {
        let grants = try grants(["addresses": ["127.0.0.1:*", "localhost:8080", "*:443", "[::1]:5432"]])
        #expect(grants.allows(address: host, port: port) == isAllowed)
        #expect(try self.grants(["addresses": ["*"]]).allows(address: host, port: port))
    }

    @Test func `a grant for whose place there is no value is left out`() throws {
        let grants = try grants([
            "files": ["$NODE/data", "$ARTIFACTS"], "programs": [["cat", "$NODE/x"], ["id"]], "directories": ["hosts/$HOST"],
            "sockets": ["$NODE/s"],
        ])
        let without = grants.substituted(["HOST": "a"])
        #expect(without.files.isEmpty && without.sockets.isEmpty && without.programs == [["id"]])
        #expect(without.allowsWriting(Directory(["hosts", "a"])) && !without.allowsWriting(Directory(["hosts", "b"])))
        let with = grants.substituted(["NODE": "/n"])
        #expect(with.allows(program: ["cat", "/n/x"]) && with.allows(socket: "/n/s") && with.allows(writing: "/n/data/y"))
    }

    @Test(
        arguments: [
            ([:], "grants are a map, not list"), (["fils": []], "‘fils’ is no kind of grant"),
            (["files": ["etc"]], "‘etc’ is no absolute path"),
            (["files": ["$NOWHERE"]], "‘$NOWHERE’ stands for nothing; there are $NODE, $SERVICE, $HOST, $ARTIFACTS"),
            (["addresses": ["localhost"]], "‘localhost’ is no address ‘HOST:PORT’"),
            (["processes": 1], "‘processes’ is true or false, not integer"),
            (["programs": [[]]], "‘**’ may only be the last word of a program’s grant, which has at least one"),
            (["programs": [["**", "x"]]], "‘**’ may only be the last word of a program’s grant, which has at least one"),
            (["programs": ["id"]], "‘programs’ is a list, not text"), (["files": [1]], "‘files’ holds integer instead of text"),
        ] as [(Value, String)])
    func `malformed grants are refused`(document: Value, message: String) throws {
        let document = document == [:] ? [] : document
        #expect(throws: Problem("plugin.malformed-grants", message, hint: "docs/plugin-interface.md describes grants")) {
            try Grants(document)
        }
    }

    @Test func `grants give back their document`() throws {
        let document: Value = [
            "programs": [["id", "*"]], "files": ["/a", "read:/b"], "sockets": ["/s"], "addresses": ["a:1"],
            "directories": ["x/y"], "secrets": ["x/*"],
            "processes": true, "listeners": false,
        ]
        #expect(try grants(document).document == document)
    }

    @Test(arguments: [
        ("shop/password", true), ("shop/deep/password", true), ("token", true), ("shop", false), ("shopping/password", false),
        ("token2", false), ("other/token", false),
    ])
    func `secrets are granted by name, or those of a directory`(name: String, isAllowed: Bool) throws {
        let grants = try grants(["secrets": ["$SERVICE/*", "token"]])
        #expect(grants.substituted(["SERVICE": "shop"]).allows(secret: name) == isAllowed)
        #expect(try !self.grants([:]).allows(secret: name))
        #expect(try Grants(grants.document) == grants)
    }
}
