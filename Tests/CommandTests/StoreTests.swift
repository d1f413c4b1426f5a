// SPDX-License-Identifier: Apache-2.0 OR MIT
import Foundation
import Support
import Testing

/// `khutulun store`, on a data folder without an agent.
struct StoreTests {
    /// An export as `docs/exchange-format.md` describes it, written by hand.
    private static let export: String = {
        let documents: [Value] = [
            ["floria-export": 1, "time": 5, "service": "shop"],
            ["entity": ["id": "vertex:shop", "created": 3, "updated": 4]],
            ["entity": ["id": "vertex:shop/web", "classes": ["class:types/c"], "container": "vertex:shop"]],
            ["needed": ["id": "class:types/c"]],
            ["record": ["collection": "notes", "key": "shop/1", "value": "kept"]],
        ]
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in documents.flatMap({ CBOR.encode($0) }) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        let checksum = String(repeating: "0", count: 16 - digits.count) + digits
        let end: Value = ["end": ["count": .integer(documents.count), "checksum": .text(checksum)]]
        return (documents + [end]).map { JSON.encode($0) + "\n" }.joined()
    }()

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = NSTemporaryDirectory() + "/khutulun-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test func `what is imported is checked, exported, backed up and restored`() throws {
        try withFolder { folder in
            func store(_ arguments: String...) throws -> ProgramRun {
                try ProgramRun(["store"] + arguments + ["--data", folder + "/data"])
            }
            try Self.export.write(toFile: folder + "/shop.json", atomically: true, encoding: .utf8)
            let imported = try store("import", folder + "/shop.json")
            #expect(imported.error == "")
            #expect(imported.output == "3 entities, 1 records and 0 events are in, 0 were removed\n")
            #expect(try store("check").output == "the store is whole\n")
            let again = try store("import", folder + "/shop.json")
            #expect(again.status == 1)
            #expect(again.error.contains("‘shop’ is there already"))
            for form in ["cbor", "json", "yaml"] {
                #expect(try store("export", "--service", "shop", "--as", form, folder + "/" + form).status == 0)
                let replaced = try store("import", "--replace", "--format", "json", folder + "/" + form)
                #expect(replaced.status == 0, "\(replaced.error)")
                #expect(try JSON.decode(replaced.output)["removed"] == 0)
            }
            #expect(try store("backup", folder + "/backup").status == 0)
            let taken = try store("backup", folder + "/backup")
            #expect(taken.status == 1 && taken.error.contains("‘\(folder)/backup’ is there already"))
            #expect(try store("restore", folder + "/backup").output == "the store is what ‘\(folder)/backup’ was\n")
            #expect(try store("export", "-").output.contains("\"vertex:shop/web\""))
            let damaged = try store("restore", folder + "/shop.json")
            #expect(damaged.status == 3 && damaged.error.contains("file is not a database"))
            #expect(try store("check").status == 0)
            let none = try store("export", "--service", "none", "-")
            #expect(none.status == 1 && none.error.hasPrefix("there is no service ‘none’"))
        }
    }

    @Test func `the agent is asked if one is named, and its answers are written to new files`() throws {
        let summary = "{\"entities\": 1, \"records\": 2, \"events\": 3, \"removed\": 4}"
        func bytes(_ text: String) -> FakeAgent.Answer { FakeAgent.Answer(type: "application/octet-stream", body: text) }
        let answers: [String: FakeAgent.Answer] = [
            "GET /v1/version": .json("{}"), "GET /v1/store/backup": bytes("a copy"),
            "GET /v1/store/check": .json("{\"problems\": [{\"code\": \"store.damaged\", \"message\": \"a row is broken\"}]}"),
            "GET /v1/store/export?form=yaml&service=shop": bytes("an export"),
            "POST /v1/store/import?replace=true": .json(summary),
        ]
        try withFolder { folder in
            try withAgent(answers) { agent in
                func store(_ arguments: String...) throws -> ProgramRun {
                    try ProgramRun(["store"] + arguments + ["--socket", agent.socket])
                }
                #expect(try store("backup", folder + "/copy").output == "the store is in ‘\(folder)/copy’\n")
                #expect(try String(contentsOfFile: folder + "/copy", encoding: .utf8) == "a copy")
                #expect(try store("backup", folder + "/copy").error.contains("is there already"))
                #expect(try store("export", "--service", "shop", "--as", "yaml", "-").output == "an export")
                let check = try store("check")
                #expect(check.status == 1 && check.error.hasPrefix("a row is broken"))
                let imported = try store("import", "--replace", folder + "/copy")
                #expect(imported.output == "1 entities, 2 records and 3 events are in, 4 were removed\n")
                #expect(agent.requests.last == "POST /v1/store/import?replace=true a copy")
                #expect(try store("import", folder + "/none").status == 3)
            }
        }
    }

    @Test func `an agent that is named and doesn't run is no reason to take another store`() throws {
        try withFolder { folder in
            let run = try ProgramRun(["store", "check", "--socket", folder + "/none"])
            #expect(run.status == 3 && run.error.contains("no agent listens"))
            let both = try ProgramRun(["store", "check", "--socket", folder + "/none", "--offline"])
            #expect(both.status == 2 && both.error.contains("exclude each other"))
        }
    }

    @Test func `a data folder that isn't there ends with 3`() throws {
        for arguments in [["check"], ["backup", "/tmp/x"], ["export", "-"], ["import", "/tmp/x"], ["restore", "/tmp/x"]] {
            let run = try ProgramRun(["store"] + arguments + ["--data", "/nonexistent"])
            #expect(run.status == 3, "\(arguments)")
            #expect(run.error.contains("No such file or directory"))
        }
    }
}
