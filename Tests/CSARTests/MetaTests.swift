// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Support
import Testing

/// What a `TOSCA.meta` may say (17.2).
struct MetaTests {
    private func read(_ text: String) throws(Problems) -> TOSCAMeta {
        try TOSCAMeta(parsing: Array(text.utf8), file: "m")
    }

    /// What is wrong with a text, one line for each problem without its hint.
    private func problems(_ text: String) -> [String] {
        do throws(Problems) {
            _ = try read(text)
            return []
        } catch {
            return error.all.map { problem in "\(problem.place?.description ?? "-") \(problem.code)" }
        }
    }

    @Test func `block 0 of the standard's example is read`() throws {
        let meta = try read(
            """
            CSAR-Version: 2.0
            Created-By: OASIS TOSCA TC
            Entry-Definitions: tosca_elk.yaml\u{20}
            Other-Definitions: definitions/tosca_moose.yaml definitions/tosca_deer.yaml
            """)
        #expect(meta.createdBy == "OASIS TOSCA TC")
        #expect(meta.entryDefinitions == "tosca_elk.yaml")
        #expect(meta.otherDefinitions == ["definitions/tosca_moose.yaml", "definitions/tosca_deer.yaml"])
        #expect(meta.customBlocks.isEmpty)
    }

    @Test func `names with blanks stand in quotation marks`() throws {
        let meta = try read("CSAR-Version: 2.0\nOther-Definitions: a.yaml \"b c.yaml\"   d.yaml \"e.yaml\"\n")
        #expect(meta.otherDefinitions == ["a.yaml", "b c.yaml", "d.yaml", "e.yaml"])
    }

    @Test func `a line that begins with a blank goes on with the value`() throws {
        let meta = try read(
            "CSAR-Version: 2.0\r\nOther-Definitions: a.yaml\r\n    b.yaml\r\n c.yaml\r\nCreated-By:\n  me and\n  you\n")
        #expect(meta.otherDefinitions == ["a.yaml", "b.yaml", "c.yaml"])
        #expect(meta.createdBy == "me and you")
    }

    @Test func `blocks of one's own follow empty lines`() throws {
        let meta = try read("CSAR-Version: 2.0\n\n\nName: a\nacme-x: 1:2\n\nName: b\n")
        #expect(meta.customBlocks.map { $0.map { "\($0.name)=\($0.value)" } } == [["Name=a", "acme-x=1:2"], ["Name=b"]])
    }

    @Test func `what is written is read again`() throws {
        let meta = TOSCAMeta(blocks: [
            [.init("CSAR-Version", "2.0"), .init("Entry-Definitions", "a.yaml"), .init("Other-Definitions", "\"b c\" d")],
            [.init("acme-x", "1")],
        ])
        let again = try read(meta.text)
        #expect(again.text == meta.text)
        #expect(again.otherDefinitions == ["b c", "d"])
    }

    @Test(arguments: [
        ("", ["m:1:1 csar.missing-keyname"]),
        ("Created-By: me", ["m:1:1 csar.missing-keyname"]),
        ("CSAR-Version: 1.1", ["m:1:15 csar.unknown-version"]),
        ("CSAR-Version:", ["m:1:1 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nCSAR-Version: 2.0", ["m:2:1 csar.duplicate-keyname"]),
        ("CSAR-Version: 2.0\ncreated-by: me", ["m:2:1 csar.unknown-keyname"]),
        ("TOSCA-Meta-File-Version: 1.1\nCSAR-Version: 2.0", ["m:1:1 csar.unknown-keyname"]),
        ("CSAR-Version: 2.0\n\nCreated-By: me", ["m:3:1 csar.reserved-keyname"]),
        ("CSAR-Version: 2.0\n\nTOSCA-x: me\ntosca_y: me", ["m:3:1 csar.reserved-keyname", "m:4:1 csar.reserved-keyname"]),
        ("CSAR-Version: 2.0\n\na: 1\na: 2\n\na: 3", ["m:4:1 csar.duplicate-keyname"]),
        ("CSAR-Version: 2.0\nCreated-By", ["m:2:1 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nCreated-By:me", ["m:2:12 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nCreated-By : me", ["m:2:1 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\n: me", ["m:2:1 csar.malformed-meta"]),
        (" me\nCSAR-Version: 2.0", ["m:1:1 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\n\n me", ["m:3:1 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nCreated-By:\tme", ["m:2:12 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nOther-Definitions: a \"b", ["m:2:22 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nOther-Definitions: a\n  \"b\"c", ["m:3:6 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nOther-Definitions: a\"b", ["m:2:20 csar.malformed-meta"]),
        ("CSAR-Version: 2.0\nOther-Definitions: a \"\"", ["m:2:22 csar.malformed-meta"]),
        (
            "CSAR-Version: 3.0\nnonsense\n\nTOSCA: 1",
            ["m:1:15 csar.unknown-version", "m:2:1 csar.malformed-meta", "m:4:1 csar.reserved-keyname"]
        ),
    ]) func `all that is wrong is said with its place`(_ text: String, _ expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test func `what isn't UTF-8 is said with its row`() {
        #expect(throws: Problems.self) {
            try TOSCAMeta(parsing: Array("CSAR-Version: 2.0\nCreated-By: ".utf8) + [0xff], file: "m")
        }
        do throws(Problems) {
            _ = try TOSCAMeta(parsing: Array("CSAR-Version: 2.0\nCreated-By: ".utf8) + [0xff], file: "m")
        } catch {
            #expect(error.all.map { $0.place?.description } == ["m:2:1"])
        }
    }
}
