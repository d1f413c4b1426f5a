// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import FloriaSQLite
import Support

struct StoreCheckCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look whether the store is whole, also while an agent works with it.",
        discussion: examples("store check", "store check --data /srv/khutulun --format json"))

    @OptionGroup var store: StoreOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let found = try await check(screen)
        guard found.isEmpty else { throw Problems(found) }
        screen.show(["problems": []]) { _ in "the store is whole\n" }
    }

    private func check(_ screen: Screen) async throws(Problems) -> [Problem] {
        let waiting = Transfer("looking at all that the store holds", screen)
        defer { withExtendedLifetime(waiting) {} }
        if let client = try await store.client() { return try await client.checkStore() }
        let source = try store.reading()
        return try await raising { () async throws(Problem) in try await source.check() }
    }
}
