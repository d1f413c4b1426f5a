// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import FloriaSQLite
import Support

struct StoreCheckCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look whether the store is whole, also while an agent runs.",
        discussion: examples("store check", "store check --data /srv/khutulun --format json"))

    @OptionGroup var store: StoreOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let source = try store.reading()
        let found = try await raising { () async throws(Problem) in try await source.check() }
        guard found.isEmpty else { throw Problems(found) }
        screen.show(["problems": []]) { _ in "the store is whole\n" }
    }
}
