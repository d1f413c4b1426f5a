// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// What is left of a store whose program was killed.
@Suite struct StoreCrashTests {
    @Test(arguments: [20, 60, 150])
    func `every acknowledged transaction survives a kill, and none is there by half`(milliseconds: Int) async throws {
        try await withFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String, milliseconds] in
                let store = try SQLiteStore(path: folder + "/store.db")
                let log = open(folder + "/acknowledged", O_WRONLY | O_CREAT | O_APPEND, 0o600)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<8 { group.addTask { try await write(writer, to: store, log: log) } }
                    group.addTask {
                        try await Task.sleep(for: .milliseconds(milliseconds))
                        kill(getpid(), SIGKILL)
                    }
                    try await group.waitForAll()
                }
            }
            let acknowledged = try String(decoding: Data(contentsOf: URL(filePath: folder + "/acknowledged")), as: UTF8.self)
            let store = try SQLiteStore(path: folder + "/store.db")
            let names = Set(
                try await store.read { snapshot throws(Problem) in
                    try snapshot.entities(.directory(.vertex, .root, isDeep: true)).map(\.id.name)
                })
            for name in acknowledged.split(separator: "\n") { #expect(names.contains("\(name)-a")) }
            let halves = names.filter { !names.contains(String($0.dropLast()) + ($0.hasSuffix("a") ? "b" : "a")) }
            #expect(halves.isEmpty)
        }
    }
}

/// Commits pairs of vertexes for ever, and notes each one that was acknowledged.
private func write(_ writer: Int, to store: SQLiteStore, log: CInt) async throws {
    var number = 0
    while true {
        number += 1
        let name = "\(writer)-\(number)"
        try await store.commit(Transaction(puts: [.vertex(.shop(name + "-a")), .vertex(.shop(name + "-b"))]))
        let line = Array("\(name)\n".utf8)
        _ = Glibc.write(log, line, line.count)
    }
}
