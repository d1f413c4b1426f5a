// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Floria
import FloriaSQLite
import Glibc
import Support

struct StoreImport: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Put what was exported into the store, whole or not at all. No agent may run.",
        discussion: examples("store import shop.json", "store import --replace shop.json", "store import - < shop.cbor"))

    @Argument(
        help: ArgumentHelp("The file, in whatever form; - is the standard input.", valueName: "file"), completion: .file())
    var file: String

    @Flag(help: "Replace what is there of it. Otherwise nothing of it may be there.")
    var replace = false

    @OptionGroup var store: StoreOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let (file, replace) = (file, replace)
        let summary = try await store.alone { path throws(Problems) in
            let target = try raising { () throws(Problem) in try SQLiteStore(path: path) }
            defer { target.close() }
            var input = Import()
            try await forEach(in: Files.stream(file)) { bytes throws(Problems) in
                try raising { () throws(Problem) in try input.add(bytes) }
                return true
            }
            let account = Provenance(.person, "uid \(getuid())", time: Timestamp.now())
            return try await raising { () async throws(Problem) in
                try await input.commit(to: target, replaces: replace, provenance: account)
            }
        }
        screen.show(summary.document) { _ in
            "\(summary.entities) entities, \(summary.records) records and \(summary.events) events are in, \(summary.removed) were removed\n"
        }
    }
}
