// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import FloriaSQLite
import FoundationEssentials
import Glibc
import Support
import Testing

/// What is left of a store whose program was killed.
@Suite struct StoreCrashTests {
    /// How often a program is killed: a few times, or as often as the variable `FLORIA_CRASHES` says.
    private static let count = getenv("FLORIA_CRASHES").flatMap { Int(String(cString: $0)) } ?? 8

    @Test(arguments: (0..<count).map { _ in Int.random(in: 1...200) })
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
            #expect(try await store.check().isEmpty)
            let (entities, records, events) = try await store.read { snapshot throws(Problem) in
                (
                    try snapshot.entities(.directory(.vertex, .root, isDeep: true)),
                    try snapshot.records("written", prefix: "", after: nil, limit: .max),
                    try snapshot.events(after: 0, limit: .max)
                )
            }
            let numbers = Dictionary(
                uniqueKeysWithValues: entities.map { ($0.id.name, $0.properties["value"]?.value?.integer ?? 0) })
            for line in acknowledged.split(separator: "\n") {
                let parts = line.split(separator: " ")
                #expect(numbers["\(parts[0])-a"] ?? 0 >= Int(parts[1]) ?? 0, "\(line)")
            }
            let happened = Set(events.map(\.event.id))
            for writer in 0..<8 {
                let number = numbers["\(writer)-a"]
                #expect(numbers["\(writer)-b"] == number)
                #expect(records.first { $0.name.key == "\(writer)" }?.value.integer == number)
                #expect((1...max(1, number ?? 0)).allSatisfy { number == nil || happened.contains("\(writer)/\($0)") })
                #expect(!happened.contains("\(writer)/\((number ?? 0) + 1)"))
            }
        }
    }
}

/// Commits numbers for ever, each to two vertexes and a record, with an event, and notes each one that was acknowledged.
private func write(_ writer: Int, to store: SQLiteStore, log: CInt) async throws {
    var number = 0
    while true {
        number += 1
        var transaction = Transaction(
            puts: ["a", "b"].map { .vertex(.shop("\(writer)-\($0)"), value: .integer(number)) })
        transaction.records = [Record("written", "\(writer)", .integer(number))]
        transaction.events = [Event(id: "\(writer)/\(number)", type: "t", entity: .shop("\(writer)-a"), time: 1)]
        try await store.commit(transaction)
        let line = Array("\(writer) \(number)\n".utf8)
        _ = Glibc.write(log, line, line.count)
    }
}
