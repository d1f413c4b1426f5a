// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

extension SQLiteStore {
    /// The folder of the file.
    public var scratchFolder: String? {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes a change in parts, whole or not at all. What is written goes to the log beside the file as it comes, so that it takes no
    /// memory, and counts with the commit at its end.
    public func change<Result: Sendable>(
        _ body: @escaping @Sendable (LargeChange) throws(Problem) -> Result
    ) async throws(Problem) -> Result {
        guard let queue else { throw Self.readOnly(path) }
        let (time, folder) = (now(), scratchFolder)
        return try await queue.alone { writer, memory throws(Problem) in
            let parts = SQLiteParts(writer, memory, time: time, scratchFolder: folder)
            let change = LargeChange(parts)
            let result = try body(change)
            try change.finish()
            writer = parts.writer
            return result
        }
    }
}

/// The parts of a large change, within one transaction of SQLite.
private final class SQLiteParts: PartWriter {
    private(set) var writer: SQLiteWriter
    let position: UInt64
    let scratchFolder: String?
    private let memory: StoreMemory
    private let time: Int64

    init(_ writer: SQLiteWriter, _ memory: StoreMemory, time: Int64, scratchFolder: String?) {
        self.writer = writer
        self.memory = memory
        self.time = time
        self.scratchFolder = scratchFolder
        position = writer.snapshot.position + 1
    }

    var graph: any StoredGraph { writer.snapshot }

    func write(_ check: TransactionCheck) throws(Problem) {
        try writer.apply(part: PreparedTransaction(check, time: time, memory.patterns))
    }
}
