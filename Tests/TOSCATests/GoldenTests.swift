// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FoundationEssentials
import Support
import TOSCA
import Testing

/// Compiled examples against files, one line for each entity. `KHUTULUN_GOLDEN=write` writes the files anew.
struct GoldenTests {
    @Test(arguments: ["hello", "guestbook", "shared"])
    func `an example compiles to what it always compiled to`(name: String) throws {
        let compiler = Compiler(profiles: ["\(Fixture.repository)/profiles"])
        let compiled = try compiler.compile(file: "\(Fixture.repository)/examples/\(name)/service.yaml", service: name)
        #expect(compiled.warnings.isEmpty)
        let lines =
            compiled.design.entities.map { JSON.encode(bare($0.document)) }
            + compiled.artifacts.map { JSON.encode($0.document) }
        let text = lines.joined(separator: "\n") + "\n"
        let path = "\(Fixture.repository)/Tests/TOSCATests/Golden/\(name).jsonl"
        if ProcessInfo.processInfo.environment["KHUTULUN_GOLDEN"] == "write" {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let golden = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        for (line, expected) in zip(text.split(separator: "\n"), golden.split(separator: "\n")) { #expect(line == expected) }
        #expect(text.count == golden.count)
    }

    /// Without descriptions and places, which change without a change of meaning.
    private func bare(_ value: Value) -> Value {
        switch value {
        case .map(let map):
            .map(ValueMap(map.filter { $0.key != "description" && $0.key != "location" }.map { ($0.key, bare($0.value)) }))
        case .list(let items): .list(items.map(bare))
        default: value
        }
    }

    @Test func `a compiled design goes through its document unchanged`() throws {
        let compiler = Compiler(profiles: ["\(Fixture.repository)/profiles"])
        let compiled = try compiler.compile(file: "\(Fixture.repository)/examples/guestbook/service.yaml", service: "guestbook")
        #expect(try Design(document: JSON.decode(JSON.encode(compiled.document))) == compiled.design)
    }

    @Test func `every part of a design says where it was asked for`() throws {
        let file = "\(Fixture.repository)/examples/hello/service.yaml"
        let design = try Compiler(profiles: ["\(Fixture.repository)/profiles"]).compile(file: file, service: "hello").design
        for template in design.vertexTemplates { #expect(template.header.metadata["location"] != nil) }
        let hello = design.vertexTemplates.first { $0.header.id.description == "templates/hello/hello" }
        #expect(hello?.header.metadata["location"] == ["file": .text(file), "row": 6, "column": 5])
        #expect(hello?.properties["command"]?.metadata["location"]?["row"] == 9)
    }
}
