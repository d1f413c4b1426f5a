// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import FloriaSQLite
import Support

struct StoreBackup: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a copy of the store to a new file; it is the agent's if one runs.",
        discussion: examples("store backup monday.db", "store backup --data /srv/khutulun /backup/monday.db"))

    @Argument(help: ArgumentHelp("The file, which must not be there yet.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var store: StoreOptions

    func perform(_ screen: Screen) async throws(Problems) {
        if let client = try await store.client() {
            try raising { () throws(Problem) in try NewFile.check(file) }
            let waiting = Transfer("the agent copies the store", screen)
            let answer = try await client.backUpStore()
            withExtendedLifetime(waiting) {}
            try await Transfer.receive(answer, in: file, screen)
        } else {
            let source = try store.reading()
            try await raising { () async throws(Problem) in try await source.backUp(to: file) }
        }
        screen.show(["file": .text(file)]) { _ in "the store is in ‘\(file)’\n" }
    }
}
