// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Floria
import FloriaSecrets
import Support
import Testing

/// Secrets over the API: whoever may set one never gets it back.
@Suite struct SecretRouteTests {
    private static let canary = "canary-5f0d6c1b9a"

    private static func name(_ text: String) throws -> SecretName { try SecretName(parsing: text) }

    /// A shop with secrets.
    private func shop() async throws -> (backend: ControlBackend, folder: TemporaryFolder, shop: Shop) {
        let shop = try await Shop()
        let folder = try TemporaryFolder()
        var backend = shop.backend
        let secrets = Secrets(store: shop.store, keys: SecretKeys(folder: "\(folder.path)/keys"), now: { 5000 })
        backend.secrets = StoredSecrets(secrets, now: { 5000 })
        return (backend, folder, shop)
    }

    @Test(arguments: Carrier.allCases)
    func `a secret is made, listed, given a new value and removed`(carrier: Carrier) async throws {
        let (backend, folder, shop) = try await shop()
        try await carrier.run(backend) { client async throws in
            let name = try Self.name("shop/password")
            #expect(try await client.setSecret(name, to: Array(Self.canary.utf8)) == 1)
            #expect(try await client.setSecret(name, to: Array(Self.canary.utf8)) == 1)
            #expect(try await client.setSecret(name, to: [255, 0]) == 2)
            #expect(try await client.setSecret(Self.name("shared"), to: []) == 1)
            #expect(try await client.secrets().map { $0["name"] } == ["shared", "shop/password"])
            let within = try await client.secrets(within: Directory(["shop"]))
            #expect(within.count == 1 && within[0]["version"] == 2 && within[0]["versions"] == [1, 2])
            #expect(try await client.secret(name)["used-by"] == [])
            let rotated = try await client.rotateSecrets()
            #expect(rotated["secrets"] == 2 && rotated["key"] != within[0]["key"])
            try await client.removeSecret(name)
            let found = try await problems { _ = try await client.secret(name) }
            #expect(found[0].code == "secret.unknown" && found[0].status == 404)
        }
        withExtendedLifetime((folder, shop)) {}
    }

    @Test(arguments: Carrier.allCases, [Role.viewer, .operator, .admin])
    func `no account gets a content`(carrier: Carrier, role: Role) async throws {
        let (backend, folder, shop) = try await shop()
        let name = try Self.name("shop/password")
        try await carrier.run(backend) { client async throws in
            _ = try await client.setSecret(name, to: Array(Self.canary.utf8))
        }
        try await carrier.run(backend, access: Access(roles: [ownUID: role])) { client async throws in
            let reference = SecretReference.stored(name, version: nil)
            let found = try await problems { _ = try await client.open([reference], for: Shop.web) }
            #expect(found.map(\.code) == ["api.denied"])
            var answers = [JSON.encode(.list(try await client.secrets())), JSON.encode(try await client.secret(name))]
            if role == .viewer {
                for denied in [
                    try await problems { _ = try await client.setSecret(name, to: []) },
                    try await problems { try await client.removeSecret(name) },
                    try await problems { _ = try await client.rotateSecrets() },
                ] { #expect(denied[0].code == "api.denied") }
            } else {
                answers.append("\(try await client.setSecret(name, to: Array((Self.canary + "2").utf8)))")
            }
            #expect(!answers.contains { $0.contains(Self.canary) })
        }
        withExtendedLifetime((folder, shop)) {}
    }

    @Test func `a host gets the contents that its entity may use`() async throws {
        let (backend, folder, shop) = try await shop()
        let client = APIClient(InProcessTransport(Router(backend)))
        _ = try await client.setSecret(Self.name("shop/password"), to: Array(Self.canary.utf8))
        _ = try await client.setSecret(Self.name("other/password"), to: Array(Self.canary.utf8))
        let own = SecretReference.stored(try Self.name("shop/password"), version: 1)
        #expect(try await client.open([own], for: Shop.web) == [own: .text(Self.canary)])
        let foreign = SecretReference.stored(try Self.name("other/password"), version: nil)
        let found = try await problems { _ = try await client.open([own, foreign], for: Shop.web) }
        #expect(found.map(\.code) == ["secret.out-of-scope"])
        withExtendedLifetime((folder, shop)) {}
    }

    @Test(arguments: ["a//b", "..", "a\nb", ""])
    func `a malformed name is refused, and the content with it is not told`(name: String) async throws {
        let (backend, folder, shop) = try await shop()
        let request = APIRequest(
            .put, ["secrets", name], body: .bytes(APIStream([Array(Self.canary.utf8)]), length: Self.canary.utf8.count))
        let response = await Router(backend).respond(to: request, from: .agent)
        #expect(response.status == 400)
        #expect(!JSON.encode(response.body.document ?? .null).contains(Self.canary))
        withExtendedLifetime((folder, shop)) {}
    }

    @Test func `where there is no agent there are no secrets`() async throws {
        let shop = try await Shop()
        let client = APIClient(InProcessTransport(Router(shop.backend)))
        #expect(try await problems { _ = try await client.secrets() }.map(\.code) == ["api.unavailable"])
    }
}
