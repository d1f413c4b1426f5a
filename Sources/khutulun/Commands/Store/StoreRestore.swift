// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import FloriaSQLite
import Support

struct StoreRestore: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Replace the store by a backup, once it is checked. No agent may run.",
        discussion: examples("store restore monday.db")
            + "\n\nWhat is replaced is kept in the data folder, as ‘khutulun.db.replaced’.")

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"), completion: .file())
    var file: String

    @OptionGroup var store: StoreOptions

    func perform(_ screen: Screen) async throws(Problems) {
        try await store.alone { path throws(Problems) in
            try raising { () throws(Problem) in try SQLiteStore.restore(from: file, to: path) }
        }
        screen.show(["restored": .text(file)]) { _ in "the store is what ‘\(file)’ was\n" }
    }
}
