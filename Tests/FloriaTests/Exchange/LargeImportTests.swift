// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// Imports that are made in many parts.
@Suite struct LargeImportTests {
    private static func name(_ number: Int) -> ID { .shop("v-\(10_000 + number)") }

    /// A service of so many vertexes, of which six of seven are contained in the next, which comes later.
    private static func chain(_ count: Int) -> HandWritten {
        var export = HandWritten(service: "shop")
        for number in 0..<count {
            export.add(
                .vertex(
                    name(number), in: number % 7 < 6 && number + 1 < count ? name(number + 1) : nil, value: .integer(number)))
        }
        return export
    }

    private static func take(_ bytes: [UInt8], into store: any Store, replaces: Bool = false) async throws -> Import.Summary {
        var input = Import(into: store)
        for start in stride(from: 0, to: bytes.count, by: 50_000) {
            try input.add(bytes[start..<min(start + 50_000, bytes.count)])
        }
        return try await input.commit(replaces: replaces)
    }

    private func position(_ store: any Store) async throws -> UInt64 {
        try await store.read { snapshot throws(Problem) in snapshot.position }
    }

    @Test(arguments: StoreKind.allCases)
    func `what is imported may refer to what comes later, and is one commit`(kind: StoreKind) async throws {
        try await kind.with { store in
            var export = Self.chain(1700)
            export.finish()
            #expect(try await Self.take(export.bytes, into: store).entities == 1700)
            let entities = try await store.read { snapshot throws(Problem) in
                try snapshot.entities(.directory(.vertex, .root, isDeep: true))
            }
            #expect(entities.map(\.id) == (0..<1700).map(Self.name))
            #expect(Set(entities.map(\.header.version)) == [1])
            #expect(try await position(store) == 1)
            if let file = store as? SQLiteStore { #expect(try await file.check().isEmpty) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a fault in the last document leaves nothing`(kind: StoreKind) async throws {
        let faults: [(String, (inout HandWritten) -> Void)] = [
            (
                "the target ‘shop/none’ of the edge ‘shop/e’ does not exist",
                { $0.add(.edge(.link("e"), from: Self.name(1), to: .shop("none"))) }
            ),
            ("‘shop/v-10001’ is put twice", { $0.add(.vertex(Self.name(1))) }),
            (
                "the class ‘types/none’, which ‘shop/x’ names, does not exist",
                { $0.add(.vertex(.shop("x"), classes: [.type("none")])) }
            ),
            ("the vertex ‘shop/x’ would contain itself", { $0.add(.vertex(.shop("x"), in: .shop("x"))) }),
            (
                "the record ‘shop’ of ‘c’ is put twice",
                { export in
                    for _ in 0..<2 { export.add(["record": ["collection": "c", "key": "shop", "value": 1]]) }
                }
            ),
        ]
        for (message, fault) in faults {
            try await kind.with { store in
                var export = Self.chain(1200)
                fault(&export)
                export.finish()
                let problem = try await problem { _ = try await Self.take(export.bytes, into: store) }
                #expect(problem.message == message)
                #expect(try await position(store) == 0)
                #expect(try await StoreContent(store).entities.isEmpty)
                // What was taken back keeps nothing from being done.
                try await store.commit(Transaction(puts: [.vertex(Self.name(0), value: 7)]))
                let value = try await store.read { snapshot throws(Problem) in
                    try snapshot.entity(Self.name(0))?.properties["value"]?.value
                }
                #expect(value == 7)
            }
        }
        try await kind.with { store async throws in
            var export = Self.chain(1200)
            export.finish(isWrong: true)
            #expect(try await problem { _ = try await Self.take(export.bytes, into: store) }.code == "exchange.damaged")
            #expect(try await position(store) == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `what is replaced goes, unless something elsewhere needs it`(kind: StoreKind) async throws {
        try await kind.with { store in
            var large = Self.chain(1300)
            large.finish()
            _ = try await Self.take(large.bytes, into: store)
            var small = HandWritten(service: "shop")
            small.add(.vertex(Self.name(0), value: 5))
            small.finish()
            let outside = ID.vertex(Directory(["yard"]), "gate")
            let link = ID(.edge, Directory(["yard"]), "link")
            try await store.commit(
                Transaction(puts: [.vertex(outside), .edge(link, from: outside, to: Self.name(700))]))
            let before = try await StoreContent(store)
            let problem = try await problem { _ = try await Self.take(small.bytes, into: store, replaces: true) }
            #expect(
                problem.message == "the vertex ‘shop/v-10700’ cannot be deleted: the edge ‘yard/link’ needs it")
            #expect(try await StoreContent(store) == before)
            try await store.commit(Transaction(deletions: [link]))
            let summary = try await Self.take(small.bytes, into: store, replaces: true)
            #expect(summary.removed == 1299 && summary.entities == 1)
            #expect(try await StoreContent(store).entities.map(\.id) == [Self.name(0), outside])
            if let file = store as? SQLiteStore { #expect(try await file.check().isEmpty) }
        }
    }

    @Test func `commits that are made meanwhile are all there`() async throws {
        try await StoreKind.sqlite.with { store in
            var export = Self.chain(1500)
            export.finish()
            let bytes = export.bytes
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let count = try await Self.take(bytes, into: store).entities
                    #expect(count == 1500)
                }
                for writer in 0..<4 {
                    group.addTask {
                        for number in 0..<40 {
                            try await store.commit(
                                Transaction(puts: [.vertex(.vertex(Directory(["yard"]), "\(writer)-\(number)"))]))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await StoreContent(store).entities.count == 1660)
            #expect(try await position(store) == 161)
        }
    }

    @Test(arguments: [100, 400, 800, 1200, 1600, 6000])
    func `a kill leaves what was there before or all of the import, and no file`(milliseconds: Int) async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, milliseconds] in
                let store = try SQLiteStore(path: folder + "/store.db")
                try await store.commit(Transaction(puts: [.vertex(.vertex(Directory(["yard"]), "old"))]))
                _ = try Data("ready".utf8).write(to: URL(filePath: folder + "/ready"))
                var export = Self.chain(3000)
                export.finish()
                Thread.kill(after: milliseconds)
                _ = try await Self.take(export.bytes, into: store)
                _ = try Data("done".utf8).write(to: URL(filePath: folder + "/done"))
                while true { try await Task.sleep(for: .seconds(1)) }
            }
            let isDone = access(folder + "/done", F_OK) == 0
            let store = try SQLiteStore(path: folder + "/store.db")
            #expect(try await store.check().isEmpty)
            let count = try await StoreContent(store).entities.count
            #expect(count == 3001 || !isDone && count == 1, "\(count)")
            store.close()
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(Set(files).subtracting(["ready", "done"]) == ["store.db"])
        }
    }

    /// The most memory that a program of its own has taken to import so many vertexes of 20 kB, in KiB.
    private func peak(_ count: Int) async throws -> Int {
        try await withFolder { folder in
            await #expect(processExitsWith: .success) { [folder = folder as String, count] in
                let store = try SQLiteStore(path: folder + "/store.db")
                var export = HandWritten(service: "shop")
                var input = Import(into: store)
                for number in 0..<count {
                    export.add(.vertex(Self.name(number), value: .text(String(repeating: "\(number % 10)", count: 20_000))))
                    try input.add(export.take())
                }
                export.finish()
                try input.add(export.take())
                _ = try await input.commit(replaces: false)
                let status = try String(contentsOf: URL(filePath: "/proc/self/status"), encoding: .utf8)
                try Data(status.utf8).write(to: URL(filePath: folder + "/status"))
                store.close()
            }
            let status = try String(contentsOf: URL(filePath: folder + "/status"), encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(line.split(separator: " ").compactMap { Int($0) }.first)
        }
    }

    @Test func `the memory that an import takes doesn't grow with what is imported`() async throws {
        let (small, large) = (try await peak(200), try await peak(3200))
        // 60 MB more are imported.
        #expect(large - small < 16 << 10, "\(small) KiB and \(large) KiB")
    }
}

private enum Thread {
    /// Kills the program a little later.
    static func kill(after milliseconds: Int) {
        Task.detached {
            try await Task.sleep(for: .milliseconds(milliseconds))
            Glibc.kill(getpid(), SIGKILL)
        }
    }
}
