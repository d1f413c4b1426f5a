// SPDX-License-Identifier: Apache-2.0 OR MIT
import ComponentEncoding
import FoundationEssentials
import Plugins
import Support
import Testing

@Suite struct LoadTests {
    private let folder = Laboratory.temporaryFolder()

    private func problem(_ component: [UInt8], compiler: String = Laboratory.compiler) async throws -> Problem? {
        let engine = try PluginEngine(cache: folder, compiler: compiler)
        do throws(Problem) {
            _ = try await engine.load(component, name: "bad").describe()
            return nil
        } catch {
            return error
        }
    }

    @Test func `what is no component is refused`() async throws {
        for bytes in [[], Array("junk".utf8), [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]] {
            let problem = try await problem(bytes)
            #expect(problem?.code == "plugin.malformed-component")
            #expect(problem?.message.hasPrefix("the component ‘bad’ could not be compiled: ") == true)
        }
        let component = try await Laboratory.probeBytes.value
        #expect(try await problem(Array(component.dropLast(100)))?.code == "plugin.malformed-component")
    }

    @Test func `a component for another world is refused`() async throws {
        #expect(
            try await problem(Array("(component)".utf8))
                == Problem(
                    "plugin.incompatible", "the component ‘bad’ doesn't export khutulun:plugin/functions@0.1.0",
                    hint: "build it for the world of sdk/wit/plugin.wit"))
        let foreign = try await Laboratory.probeBytes.value.replacing(
            Array("khutulun:plugin/host@0.1.0".utf8), with: Array("khutulun:plugin/ghos@0.1.0".utf8))
        let problem = try await problem(foreign)
        #expect(problem?.code == "plugin.incompatible")
        #expect(problem?.message.contains("khutulun:plugin/ghos@0.1.0") == true)
    }

    @Test func `a component is compiled once`() async throws {
        let component = try await Laboratory.probeBytes.value
        #expect(try await problem(component) == nil)
        #expect(try await problem(component, compiler: "/nonexistent") == nil)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(files.count == 1)
        #expect(files[0].hasSuffix("-wasmtime-50.0.1-2.cwasm"))
    }

    @Test func `a compiled component that is damaged is compiled again`() async throws {
        let component = try await Laboratory.probeBytes.value
        #expect(try await problem(component) == nil)
        let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
        try Data("damaged".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(file)"))
        #expect(try await problem(component) == nil)
    }

    @Test func `a compiler that can't be run is a problem that names it`() async throws {
        let problem = try await problem(try await Laboratory.probeBytes.value, compiler: "/nonexistent")
        #expect(problem?.code == "plugin.cache")
        #expect(problem?.message.contains("‘/nonexistent’") == true)
    }

    @Test func `a cache that others may enter is refused`() throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        #expect(throws: Problem.self) { try PluginEngine(cache: folder, compiler: Laboratory.compiler) }
    }

    @Test func `only core modules are wrapped into components`() async throws {
        #expect(
            throws: Problem(
                "plugin.malformed-module", "the file is no core WebAssembly module",
                hint: "link it with wasm-ld; a component needs no wrapping")
        ) { try ComponentEncoder.wrap(core: try Data(contentsOf: URL(fileURLWithPath: #filePath)).map { $0 }) }
    }
}
