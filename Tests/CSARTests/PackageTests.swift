// SPDX-License-Identifier: Apache-2.0 OR MIT
import CSAR
import Foundation
import Support
import TOSCA
import Testing

/// Archives of designs: packed, looked into, checked, unpacked and signed.
struct PackageTests {
    private static let files = [
        "shop/service.yaml": "tosca_definitions_version: tosca_2_0\nimports: [ types/a.yaml, /types/b.yaml ]\n"
            + "service_template: { node_templates: { a: { type: A, artifacts: { s: { type: F, file: scripts/run } } }, b: { type: B } } }\n",
        "shop/types/a.yaml": "tosca_definitions_version: tosca_2_0\nimports: [ b.yaml ]\nnode_types: { A: {} }\n",
        "shop/types/b.yaml": "tosca_definitions_version: tosca_2_0\nartifact_types: { F: {} }\nnode_types: { B: {} }\n",
        "shop/scripts/run": "#!/bin/sh\n",
        "shop/ü b.txt": "with a blank",
        "shop/empty": "",
        "shop/.hidden": "h",
    ]
    private static let names = [
        "TOSCA.meta", "empty", "scripts/run", "service.yaml", "types/a.yaml", "types/b.yaml", "ü b.txt",
    ]
    private let compiler = Compiler(profiles: ["\(Folder.repository)/profiles"])

    @Test(arguments: ArchiveFormat.allCases) func `what is packed is there again`(_ format: ArchiveFormat) throws {
        try Folder.with(Self.files) { folder in
            try folder.run("chmod", "+x", "shop/scripts/run")
            let result = try folder.pack("shop", Packing(format: format, otherDefinitions: ["types/b.yaml"], createdBy: "me"))
            #expect(result.leftOut == [".hidden"])
            try OutputFile.write(result.content, to: folder["a"])
            let package = try Package(ArchiveInput(path: folder["a"]))
            #expect(package.archive.format == format)
            #expect(package.archive.entries.map(\.name) == Self.names)
            #expect(package.archive.entries.filter(\.isExecutable).map(\.name) == ["scripts/run"])
            #expect(package.layout.meta?.createdBy == "me")
            #expect(package.layout.entryDefinitions == "service.yaml")
            #expect(package.layout.otherDefinitions == ["types/b.yaml"])
            #expect(try package.validate(with: compiler) == [])
            _ = try ArchiveInput(path: folder["a"]).extract(into: folder["out"])
            for (name, text) in Self.files where !name.contains("hidden") {
                #expect(try folder.bytes(name.replacing("shop/", with: "out/")) == Array(text.utf8))
            }
            #expect(FileManager.default.isExecutableFile(atPath: folder["out/scripts/run"]))
            #expect(!FileManager.default.isExecutableFile(atPath: folder["out/empty"]))
        }
    }

    @Test(arguments: ArchiveFormat.allCases) func `the same files give the same bytes`(_ format: ArchiveFormat) throws {
        let first = try Folder.with(Self.files) { try $0.pack("shop", Packing(format: format)).content.bytes() }
        try Folder.with(Self.files) { folder in
            try folder.run("touch", "-d", "2001-02-03", "shop/service.yaml")
            try folder.run("chmod", "600", "shop/service.yaml")
            setenv("TZ", "Asia/Tokyo", 1)
            tzset()
            defer {
                unsetenv("TZ")
                tzset()
            }
            #expect(try folder.pack("shop", Packing(format: format)).content.bytes() == first)
        }
    }

    @Test func `other programs read what is packed`() throws {
        try Folder.with(Self.files) { folder in
            for format in ArchiveFormat.allCases where format != .tarZstandard {
                try OutputFile.write(folder.pack("shop", Packing(format: format)).content, to: folder["a.\(format.rawValue)"])
            }
            try folder.run(
                "python3", "-c", "import zipfile; z = zipfile.ZipFile('a.zip'); assert z.testzip() is None; z.extractall('zip')"
            )
            for format in ["tar", "tar.gz"] {
                try folder.run("python3", "-c", "import tarfile; tarfile.open('a.\(format)').extractall('\(format)-out')")
            }
            for out in ["zip", "tar-out", "tar.gz-out"] {
                #expect(try folder.bytes("\(out)/ü b.txt") == Array("with a blank".utf8))
            }
        }
    }

    @Test func `what other programs pack is read, also without TOSCA meta`() throws {
        try Folder.with(Self.files) { folder in
            try folder.run("tar", "-C", "shop", "--exclude", ".hidden", "-cf", "a.tar", ".")
            try folder.run("python3", "-m", "zipfile", "-c", "a.zip", "shop/service.yaml", "shop/types", "shop/scripts")
            try folder.run("gzip", "-k", "a.tar")
            for name in ["a.tar", "a.tar.gz", "a.zip"] {
                let package = try Package(ArchiveInput(path: folder[name]))
                #expect(package.layout.meta == nil)
                #expect(package.layout.entryDefinitions == "service.yaml")
                #expect(try package.validate(with: compiler) == [])
            }
        }
    }

    @Test func `an archive is made the way its TOSCA meta says, in either place`() throws {
        var files = Self.files
        files["shop/TOSCA-Metadata/TOSCA.meta"] = "CSAR-Version: 2.0\nCreated-By: me\nEntry-Definitions: types/a.yaml\n"
        try Folder.with(files) { folder in
            let result = try folder.pack("shop", Packing(format: .zip))
            #expect(result.package.archive.entries.first?.name == "TOSCA-Metadata/TOSCA.meta")
            #expect(result.package.layout.entryDefinitions == "types/a.yaml")
            #expect(try codes { _ = try folder.pack("shop", Packing(format: .zip, createdBy: "you")) } == ["csar.meta-exists"])
        }
    }

    @Test(arguments: [
        (
            ["a.yaml": "x", "TOSCA.meta": "CSAR-Version: 2.0\n", "TOSCA-Metadata/TOSCA.meta": "CSAR-Version: 2.0\n"],
            ["csar.several-metas"]
        ),
        (
            ["TOSCA.meta": "CSAR-Version: 2.0\nEntry-Definitions: b\nOther-Definitions: c d\n"],
            .init(repeating: "csar.missing-definitions", count: 3)
        ),
        (["TOSCA.meta": "CSAR-Version: 2.0\nEntry-Definitions: b\n", "b/c": ""], ["csar.missing-definitions"]),
        (["TOSCA.meta": "CSAR-Version: 2.0\n"], ["csar.no-entry-definitions"]),
        (["TOSCA.meta": "CSAR-Version: 2.0\n", "a.yaml": "x"], []),
        (["TOSCA.meta": "CSAR-Version: 2.0\n", "a.yaml": "x", "b.yml": "x"], ["csar.no-entry-definitions"]),
        (["TOSCA.meta": "nonsense\n", "a.yaml": "x"], ["csar.missing-keyname", "csar.malformed-meta"]),
    ]) func `an archive that is organized otherwise is refused`(_ files: [String: String], _ expected: [String]) throws {
        let prefixed = Dictionary(uniqueKeysWithValues: files.map { ("shop/\($0.key)", $0.value) })
        try Folder.with(prefixed) { folder in
            let found = try codes { _ = try folder.pack("shop", Packing(format: .tar)) }
            #expect(found.sorted() == expected.sorted())
        }
    }

    @Test func `links in a folder are not packed`() throws {
        try Folder.with(Self.files) { folder in
            try folder.run("ln", "-s", "/etc/passwd", "shop/link")
            #expect(try codes { _ = try folder.pack("shop", Packing(format: .zip)) } == ["csar.link"])
        }
    }

    @Test func `what is wrong in an archive is shown with its place`() throws {
        var files = Self.files
        files["shop/service.yaml"]?.replace("type: B", with: "type: C")
        files["shop/service.yaml"]?.replace("scripts/run", with: "../../etc/passwd")
        files["shop/types/a.yaml"]?.replace("node_types", with: "node_tipes")
        try Folder.with(files) { folder in
            let package = try folder.pack("shop", Packing(format: .tarGzip)).package
            do throws(Problems) {
                _ = try package.validate(with: compiler)
                Issue.record("it is valid")
            } catch {
                let places = error.all.map { "\($0.place?.description ?? "-") \($0.code)" }
                #expect(places.contains("shop.csar!types/a.yaml:3:1 tosca.unknown-keyname"))
                #expect(places.contains { $0.hasPrefix("shop.csar!service.yaml:3:") && $0.hasSuffix("tosca.unknown-type") })
            }
        }
    }

    @Test func `no path leads out of an archive`() throws {
        var files = Self.files
        files["outside.yaml"] = Folder.design
        files["shop/service.yaml"]?.replace("types/a.yaml", with: "../outside.yaml")
        try Folder.with(files) { folder in
            let package = try folder.pack("shop", Packing(format: .tar)).package
            let found = try codes { _ = try package.validate(with: compiler) }
            #expect(found.first == "tosca.cannot-import")
        }
    }

    @Test func `an artifact in an archive is read in place`() throws {
        let design = """
            tosca_definitions_version: tosca_2_0
            artifact_types: { File: {} }
            node_types: { A: { artifacts: { script: { type: File, file: scripts/run } } } }
            service_template: { node_templates: { a: { type: A } } }
            """
        try Folder.with(["shop/a.yaml": design, "shop/scripts/run": "hello"]) { folder in
            let package = try folder.pack("shop", Packing(format: .tarGzip)).package
            let artifacts = try package.compile(with: compiler, service: "s").artifacts
            #expect(artifacts.map(\.file) == ["scripts/run"])
            #expect(artifacts.map(\.size) == [5])
            #expect(artifacts.first?.digest == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
            #expect(try artifacts.first.map { try $0.repository.open($0.path).bytes() } == Array("hello".utf8))
        }
        try Folder.with(["shop/a.yaml": design]) { folder in
            let package = try folder.pack("shop", Packing(format: .tarGzip)).package
            #expect(try codes { _ = try package.validate(with: compiler) } == ["tosca.missing-artifact"])
        }
    }

    @Test func `only the beginning of a stream is read for its TOSCA meta`() throws {
        try Folder.with(["shop/a.yaml": Folder.design, "shop/z": String(repeating: "hello", count: 1 << 20)]) { folder in
            try OutputFile.write(folder.pack("shop", Packing(format: .tar)).content, to: folder["a"])
            let file = open(folder["a"], O_RDONLY)
            defer { close(file) }
            let found = try ArchiveListing.meta(of: ArchiveInput(stream: file, name: "a"))
            #expect(found?.meta.entryDefinitions == "a.yaml")
            #expect(lseek(file, 0, SEEK_CUR) <= 256 << 10)
        }
    }

    @Test(arguments: ArchiveFormat.allCases) func `a stream is read as a file is`(_ format: ArchiveFormat) throws {
        try Folder.with(Self.files) { folder in
            try OutputFile.write(folder.pack("shop", Packing(format: format)).content, to: folder["a"])
            let file = open(folder["a"], O_RDONLY)
            defer { close(file) }
            let listing = try ArchiveListing(ArchiveInput(stream: file, name: "a"))
            #expect(listing.entries.map(\.name) == Self.names)
        }
    }

    @Test func `nothing is written over`() throws {
        try Folder.with(["a": "1", "b/c": "2", "shop/a.yaml": Folder.design]) { folder in
            let result = try folder.pack("shop", Packing(format: .zip))
            #expect(try codes { try OutputFile.write(result.content, to: folder["a"]) } == ["csar.file-exists"])
            #expect(try codes { try OutputFile.write(result.content, to: folder["none/a"]) } == ["csar.cannot-write"])
            let input = ArchiveInput(result.content, name: "s")
            #expect(try codes { _ = try input.extract(into: folder["b"]) } == ["csar.file-exists"])
            #expect(try codes { _ = try input.extract(into: folder["none/b"]) } == ["csar.cannot-write"])
            #expect(folder.contents == ["a", "b", "b/c", "shop", "shop/a.yaml"])
        }
    }
}
