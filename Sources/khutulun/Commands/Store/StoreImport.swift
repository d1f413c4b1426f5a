// SPDX-License-Identifier: Apache-2.0 OR MIT
import ArgumentParser
import Control
import Floria
import FloriaSQLite
import Glibc
import Support
import Synchronization

struct StoreImport: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Put what was exported into the store, whole or not at all; into the agent's if one runs.",
        discussion: examples("store import shop.json", "store import --replace shop.json", "store import - < shop.cbor"))

    @Argument(
        help: ArgumentHelp("The file, in whatever form; - is the standard input.", valueName: "file"), completion: .file())
    var file: String

    @Flag(help: "Replace what is there of it. Otherwise nothing of it may be there.")
    var replace = false

    @OptionGroup var store: StoreOptions

    func perform(_ screen: Screen) async throws(Problems) {
        let summary =
            if let client = try await store.client() { try await send(to: client, screen) } else {
                try await store.alone { path throws(Problems) in try await put(into: path, screen) }
            }
        screen.show(summary) { _ in
            let counts = ["entities", "records", "events", "removed"].map { summary[$0]?.integer ?? 0 }
            return "\(counts[0]) entities, \(counts[1]) records and \(counts[2]) events are in, \(counts[3]) were removed\n"
        }
    }

    private func send(to client: APIClient, _ screen: Screen) async throws(Problems) -> Value {
        if file != "-" { try Files.check(file) }
        let size = Files.size(file)
        let transfer = Mutex(Transfer("sending", total: size, then: "the agent puts it in", screen))
        let bytes = Files.stream(file).map { piece in
            transfer.withLock { $0.add(piece.count) }
            return piece
        }
        return try await client.importStore(APIStream(bytes), length: size, replaces: replace)
    }

    private func put(into path: String, _ screen: Screen) async throws(Problems) -> Value {
        let target = try raising { () throws(Problem) in try SQLiteStore(path: path) }
        defer { target.close() }
        var input = Import(into: target)
        let transfer = Transfer("reading", total: Files.size(file), then: "putting it in", screen)
        try await forEach(in: Files.stream(file)) { bytes throws(Problems) in
            try raising { () throws(Problem) in try input.add(bytes) }
            transfer.add(bytes.count)
            return true
        }
        let account = Provenance(.person, "uid \(getuid())", time: Timestamp.now())
        return try await raising { () async throws(Problem) in
            try await input.commit(replaces: replace, provenance: account).document
        }
    }
}
