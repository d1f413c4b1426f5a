// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Crypto
import Floria
import Support
import Testing

@Suite struct StoreRouteTests {
    @Test(arguments: Carrier.allCases)
    func `entities are read and scanned`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            #expect(try await client.entity(Shop.web)?.id == Shop.web)
            #expect(try await client.entity(.vertex(.root, "gone")) == nil)
            let web = ID(.class, Directory(["types", "local"]), "Web")
            let scans: [(Scan, Int)] = [
                (.contained(in: Shop.web), 2), (.outgoing(from: Shop.web), 1), (.incoming(to: Shop.database), 1),
                (.class(web, within: Directory(["shop"])), 1), (.class(web, within: Directory(["other"])), 0),
                (.directory(.vertex, Directory(["hosts"]), isDeep: true), 1),
                (.directory(.vertex, Directory(["hosts"]), isDeep: false), 0),
            ]
            for (scan, count) in scans { #expect(try await client.entities(scan).count == count, "\(scan)") }
        }
    }

    @Test(arguments: Carrier.allCases)
    func `a host's change is made whole, and expects what it saw`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let id = ID.vertex(Directory(["hosts", "here", "ports"]), "tcp-9000")
            var changes = GraphChanges(provenance: Provenance(.plugin, "ports", time: 7))
            changes.put = [.vertex(Vertex(EntityHeader(id)))]
            changes.set = [PropertyReference(Shop.web, "restarts"): .value(3)]
            changes.expect = [id: 0]
            #expect(try await client.commit(changes) == 2)
            #expect(try await client.entity(id)?.header.provenance == Provenance(.plugin, "ports", time: 7))
            guard case .vertex(let web)? = try await client.entity(Shop.web) else { return #expect(Bool(false)) }
            #expect(web.properties["restarts"]?.value == 3)
            #expect(try await problems { _ = try await client.commit(changes) }.map(\.code) == ["store.conflict"])
            changes = GraphChanges(provenance: Provenance(.plugin, "ports", time: 8))
            changes.delete = [id]
            _ = try await client.commit(changes)
            #expect(try await client.entity(id) == nil)
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an event's handler has its effect once`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            var changes = GraphChanges(provenance: Provenance(.plugin, "process", event: "e1", time: 7))
            changes.effect = EventEffect(event: "e1", handler: "shop/web-0.exited")
            changes.set = [PropertyReference(Shop.web, "restarts"): .value(1)]
            let position = try await client.commit(changes)
            changes.set = [PropertyReference(Shop.web, "restarts"): .value(2)]
            #expect(try await client.commit(changes) == position)
            guard case .vertex(let web)? = try await client.entity(Shop.web) else { return #expect(Bool(false)) }
            #expect(web.properties["restarts"]?.value == 1)
        }
    }

    @Test func `changes made at the same time by many are all there in the end`() async throws {
        let shop = try await Shop()
        let client = APIClient(InProcessTransport(Router(shop.backend)))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var changes = GraphChanges(provenance: Provenance(.plugin, "p", time: 1))
                    changes.set = [PropertyReference(Shop.web, "p\(number)"): .value(.integer(number))]
                    _ = try await client.commit(changes)
                }
            }
            try await group.waitForAll()
        }
        guard case .vertex(let web)? = try await client.entity(Shop.web) else { return #expect(Bool(false)) }
        for number in 0..<8 { #expect(web.properties["p\(number)"]?.value == .integer(number)) }
    }

    @Test(arguments: Carrier.allCases)
    func `artifacts are kept by their digest`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let text = String(repeating: "0123456789abcdef", count: 20_000)
            let digest = sha256(text)
            #expect(try await !client.hasArtifact(digest))
            #expect(try await client.sendArtifact(text) == digest)
            #expect(try await client.hasArtifact(digest))
            #expect(try await client.sendArtifact(text) == digest)
            let (bytes, size) = try await client.artifact(digest)
            #expect(size == 320_000)
            #expect(try await collect(bytes).joined().elementsEqual(text.utf8))
        }
    }

    @Test(arguments: Carrier.allCases)
    func `an artifact that isn't what it says is refused and leaves nothing`(carrier: Carrier) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let digest = sha256("right")
            let wrong = try await problems { try await client.putArtifact(digest, APIStream([Array("wrong".utf8)])) }
            #expect(wrong.map(\.code) == ["artifact.wrong-digest"])
            #expect(try await !client.hasArtifact(digest))
            #expect(try await problems { _ = try await client.artifact(digest) }.map(\.code) == ["artifact.not-found"])
            let invalid = try await problems { try await client.putArtifact("../x", APIStream([[1]])) }
            #expect(invalid.map(\.code) == ["artifact.invalid-digest"])
        }
        #expect(shop.folder.files("artifacts/incoming").isEmpty)
    }

    @Test(arguments: Carrier.allCases, [true, false])
    func `an artifact that is too large is refused and leaves nothing`(carrier: Carrier, announced: Bool) async throws {
        let shop = try await Shop()
        try await carrier.run(shop.backend) { client async throws in
            let bytes = APIStream((0..<80).map { _ in [UInt8](repeating: 7, count: 64 << 10) })
            let found = try await problems {
                try await client.putArtifact(String(repeating: "a", count: 64), bytes, length: announced ? 80 * 64 << 10 : nil)
            }
            #expect(found.map(\.code) == ["artifact.too-large"])
            #expect(found.first?.status == 413)
        }
        #expect(shop.folder.files("artifacts/incoming").isEmpty)
    }
}

func sha256(_ text: String) -> String {
    SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

extension APIClient {
    /// Sends a text as an artifact and gives its digest.
    func sendArtifact(_ text: String) async throws -> String? {
        let digest = sha256(text)
        try await putArtifact(digest, APIStream([Array(text.utf8)]), length: text.utf8.count)
        return digest
    }
}
