// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import EventBus
import Floria
import FloriaSQLite
import Glibc
import Orchestration
import Support
import Testing

/// Backup, check, export and import over the API.
@Suite struct ArchiveRouteTests {
    /// A store in a file, behind the routes.
    private struct Archive {
        let folder: TemporaryFolder
        let store: SQLiteStore
        let backend: ControlBackend

        init(sizeLimit: Int = 1 << 20, spools: (any SpoolsBackend)? = nil) async throws {
            folder = try TemporaryFolder()
            store = try SQLiteStore(path: "\(folder.path)/khutulun.db", now: { 1000 })
            let timers = Timers(store: store)
            mkdir("\(folder.path)/copies", 0o700)
            close(open("\(folder.path)/copies/backup-1", O_CREAT | O_WRONLY, 0o600))
            backend = ControlBackend(
                graph: StoreBackend(store: store, functions: Functions([:]), now: { 5000 }),
                archive: try StoreArchive(
                    store, spools: spools, timers: timers, folder: "\(folder.path)/copies", sizeLimit: sizeLimit,
                    now: { 5000 }))
            var transaction = Transaction()
            transaction.puts = [
                .vertex(Vertex(EntityHeader(.vertex(.root, "shop")))), .vertex(Vertex(EntityHeader(Shop.web))),
                .vertex(Vertex(EntityHeader(.vertex(Directory(["other"]), "x")))),
            ]
            transaction.records = [Record("services", "shop", Self.service(.running))]
            try await store.commit(transaction)
        }

        static func service(_ state: ServiceRecord.State) -> Value {
            ServiceRecord(name: "shop", state: state, deployment: "d", updated: 1).record.value
        }

        func names() async throws -> [String] {
            try await store.read { snapshot throws(Problem) in
                try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map(\.id.description)
            }
        }
    }

    @Test(arguments: Carrier.allCases)
    func `a copy of the store is sent, and nothing of it is left`(carrier: Carrier) async throws {
        let archive = try await Archive()
        try await carrier.run(archive.backend) { client async throws in
            let (bytes, size) = try await client.backUpStore()
            let content = try await collect(bytes).flatMap { $0 }
            #expect(content.count == size)
            let path = "\(archive.folder.path)/backup"
            let file = open(path, O_CREAT | O_WRONLY, 0o600)
            #expect(write(file, content, content.count) == size)
            close(file)
            #expect(try await SQLiteStore(path: path, readOnly: true).check().isEmpty)
            #expect(try await client.checkStore().isEmpty)
        }
        #expect(archive.folder.files("copies").isEmpty, "also of what an earlier agent left")
    }

    @Test(arguments: Carrier.allCases, ExchangeFormat.allCases)
    func `a service is exported and imported while the agent runs`(carrier: Carrier, format: ExchangeFormat) async throws {
        let (archive, other) = (try await Archive(), try await Archive())
        try await carrier.run(archive.backend) { client async throws in
            let (bytes, size) = try await client.exportStore(.service("shop"), as: format)
            let content = try await collect(bytes).flatMap { $0 }
            #expect(content.count == size)
            try await carrier.run(other.backend) { target async throws in
                let taken = try await problems {
                    _ = try await target.importStore(APIStream([content]), length: size, replaces: false)
                }
                #expect(taken.map(\.code) == ["store.conflict"])
                #expect(taken.first?.status == 409)
                try await other.store.commit(
                    .with { transaction in
                        transaction.deletions = [Shop.web]
                    })
                let summary = try await target.importStore(APIStream([content]), length: nil, replaces: true)
                #expect(summary == ["entities": 2, "records": 1, "events": 0, "removed": 0])
            }
            #expect(try await other.names() == ["shop", "other/x", "shop/web-0"])
            let unknown = try await problems { _ = try await client.exportStore(.service("none"), as: format) }
            #expect(unknown.map(\.message) == ["there is no service ‘none’"])
            #expect(unknown.first?.status == 404)
            let all = try await collect(try await client.exportStore(.everything, as: format).bytes).flatMap { $0 }
            let directory = try await collect(try await client.exportStore(.directory(Directory(["other"])), as: format).bytes)
            #expect(all.count > directory.joined().count)
            for replaces in [true, false] {
                let refused = try await problems {
                    _ = try await client.importStore(APIStream([all]), length: all.count, replaces: replaces)
                }
                #expect(refused.map(\.code) == ["exchange.in-use"])
            }
        }
    }

    @Test func `what is imported goes through the checks of the store`() async throws {
        let (archive, other) = (try await Archive(), try await Archive())
        let link = Edge(
            EntityHeader(ID(.edge, Directory(["shop"]), "to")), name: "to", source: Shop.web,
            target: .vertex(Directory(["other"]), "y"))
        try await archive.store.commit(
            .with { transaction in
                transaction.puts = [.vertex(Vertex(EntityHeader(.vertex(Directory(["other"]), "y")))), .edge(link)]
            })
        let source = APIClient(InProcessTransport(Router(archive.backend)))
        let target = APIClient(InProcessTransport(Router(other.backend)))
        let bytes = try await source.exportStore(.service("shop"), as: .cbor).bytes
        let found = try await problems { _ = try await target.importStore(bytes, length: nil, replaces: true) }
        #expect(found.map(\.message) == ["the target ‘other/y’ of the edge ‘shop/to’ does not exist"])
    }

    @Test func `what is in the middle of a deployment is not imported, nor replaced`() async throws {
        for state in [ServiceRecord.State.running, .deploying] {
            let (archive, other) = (try await Archive(), try await Archive())
            let busy = state == .running ? other.store : archive.store
            try await busy.commit(
                .with { transaction in
                    transaction.records = [Record("services", "shop", Archive.service(.deploying))]
                })
            let bytes = try await APIClient(InProcessTransport(Router(archive.backend)))
                .exportStore(.service("shop"), as: .json).bytes
            let target = APIClient(InProcessTransport(Router(other.backend)))
            let found = try await problems { _ = try await target.importStore(bytes, length: nil, replaces: true) }
            #expect(found.map(\.code) == ["exchange.busy"])
            #expect(found.first?.status == 409)
        }
    }

    @Test(arguments: Carrier.allCases)
    func `what is no export, or too large, is refused and leaves nothing`(carrier: Carrier) async throws {
        let archive = try await Archive(sizeLimit: 100_000)
        let before = try await archive.store.read { snapshot throws(Problem) in snapshot.position }
        try await carrier.run(archive.backend) { client async throws in
            let pieces = APIStream((0..<40).map { _ in [UInt8](repeating: UInt8(ascii: " "), count: 10_000) })
            let large = try await problems { _ = try await client.importStore(pieces, length: 400_000, replaces: false) }
            #expect(large.map(\.code) == ["exchange.too-large"])
            let text = try await problems {
                _ = try await client.importStore(APIStream([Array("hello".utf8)]), length: 5, replaces: false)
            }
            #expect(text.map(\.code) == ["exchange.malformed"])
            #expect(text.first?.status == 400)
        }
        #expect(try await archive.store.read { snapshot throws(Problem) in snapshot.position } == before)
    }

    @Test(arguments: [Role.viewer, .operator])
    func `it takes an admin`(role: Role) async throws {
        let archive = try await Archive()
        let transport = InProcessTransport(Router(archive.backend), caller: Caller(uid: 7, role: role))
        for request in [
            APIRequest(.get, ["store", "backup"]), APIRequest(.get, ["store", "check"]), APIRequest(.get, ["store", "export"]),
            APIRequest(.post, ["store", "import"], body: .bytes(APIStream([]), length: 0)),
            APIRequest(.post, ["store", "restore"]),
        ] { #expect(try await transport.send(request).status == 403, "\(request.path)") }
    }

    @Test func `the store isn't restored while the agent runs, and the answer says what to do`() async throws {
        let archive = try await Archive()
        let response = await Router(archive.backend).respond(to: APIRequest(.post, ["store", "restore"]), from: .agent)
        #expect(response.status == 409)
        #expect(response.body.document?["problems"]?.list?.first?["message"]?.text?.contains("while an agent runs") == true)
    }

    @Test(arguments: [["service": "a/b"], ["service": "a", "directory": "b"], ["form": "xml"]])
    func `a query that makes no sense is refused`(query: [String: String]) async throws {
        let archive = try await Archive()
        let response = await Router(archive.backend).respond(
            to: APIRequest(.get, ["store", "export"], query: query), from: .agent)
        #expect(response.status == 400)
    }

    @Test func `an export has what the hosts have not dealt with, and not what they have`() async throws {
        let spool = Spool(store: MemoryStore())
        let archive = try await Archive(spools: spool)
        let client = APIClient(InProcessTransport(Router(archive.backend)))
        let events = ["a", "b"].map { Event(id: $0, type: "t", entity: Shop.web, time: 1) }
        try await archive.store.commit(
            .with { transaction in
                transaction.events = events
            })
        // The host has taken `a` in, and that isn't noted yet.
        try await EventProcessor(spool: spool, report: { Issue.record($0) }).take([events[0]])
        let bytes = try await collect(try await client.exportStore(.service("shop"), as: .json).bytes).flatMap { $0 }
        let documents = try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { try JSON.decode(String($0)) }
        let found = documents.compactMap { $0["event"] }
        #expect(found.map { $0["id"] } == ["a", "b"])
        #expect(found.map { $0["carried"] } == [[:], nil])
    }
}

extension Transaction {
    /// A transaction that something is added to.
    fileprivate static func with(_ body: (inout Transaction) -> Void) -> Transaction {
        var transaction = Transaction()
        body(&transaction)
        return transaction
    }
}
