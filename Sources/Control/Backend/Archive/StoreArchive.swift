// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import FloriaSQLite
import Glibc
import Orchestration
public import Support
import Synchronization

/// Puts the store of a running agent as a whole behind the routes. Copies and exports are made aside first, so that a caller who reads
/// slowly keeps nothing in the store back.
public final class StoreArchive: ArchiveBackend {
    /// The most requests that are worked on at once.
    private static let countLimit = 4

    private let store: SQLiteStore
    private let exporter: StoreExporter
    private let timers: Timers
    private let folder: String
    private let sizeLimit: Int
    private let now: @Sendable () -> Int64
    private let count = Mutex(0)

    /// Makes it, and removes what an earlier agent left in the folder.
    ///
    /// - Parameters:
    ///   - timers: Hear of those that are imported.
    ///   - folder: Where copies are made, for nobody else's use. It is made if it isn't there.
    ///   - sizeLimit: The largest export that is taken, in bytes.
    ///   - now: The time in milliseconds since 1970 UTC.
    /// - Throws: `store.unavailable` if the folder cannot be made.
    public init(
        _ store: SQLiteStore, spools: (any SpoolsBackend)?, timers: Timers, folder: String, sizeLimit: Int = 64 << 30,
        now: @escaping @Sendable () -> Int64
    ) throws(Problem) {
        self.store = store
        exporter = StoreExporter(store, spools: spools, now: now)
        self.timers = timers
        self.folder = folder
        self.sizeLimit = sizeLimit
        self.now = now
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw Self.unavailable(folder) }
        Self.empty(folder)
    }

    /// A copy of the store as it is at one moment.
    public func backUp() async throws(Problems) -> (bytes: APIStream<[UInt8]>, size: Int) {
        try await working { [self] () async throws(Problem) in
            let path = "\(folder)/backup-\(UInt64.random(in: 0 ... .max))"
            defer { unlink(path) }
            try await store.backUp(to: path)
            let file = try ArtifactFile(opening: path)
            guard let size = ArtifactFile.size(path) else { throw Self.unavailable(path) }
            return (Self.stream { offset, count throws(Problem) in try file.read(at: offset, count: count) }, size)
        }
    }

    /// What is wrong with the store.
    public func check() async throws(Problems) -> [Problem] {
        try await working { [self] () async throws(Problem) in try await store.check() }
    }

    /// An export of the store as it is at one moment.
    public func export(_ scope: ExchangeScope, as format: ExchangeFormat) async throws(Problems)
        -> (bytes: APIStream<[UInt8]>, size: Int)
    {
        try await working { [self] () async throws(Problem) in
            let file = ScratchFile(in: folder)
            try await exporter.write(scope, as: format) { bytes throws(Problem) in try file.append(bytes) }
            return (Self.stream { offset, count throws(Problem) in try file.read(at: offset, count: count) }, file.count)
        }
    }

    /// Puts an export of a service or a directory into the store. Everything can't be imported while an agent works with it, nor what
    /// is in the middle of a deployment: nobody would carry it on.
    public func put(
        _ export: APIStream<[UInt8]>, length: Int?, replaces: Bool, for caller: Caller
    ) async throws(Problems) -> Import.Summary {
        if let length { try lifting { () throws(Problem) in try check(length) } }
        return try await working { [self] () async throws(Problem) in
            var input = Import(into: store)
            var size = 0
            for try await piece in export {
                size += piece.count
                try check(size)
                try input.add(piece)
                if input.scope == .everything { throw Self.inUse }
            }
            let summary = try await input.commit(
                replaces: replaces, provenance: caller.provenance(time: now()), inspection: Self.inspect)
            timers.reload()
            return summary
        }
    }

    private func check(_ size: Int) throws(Problem) {
        guard size > sizeLimit else { return }
        throw Problem("exchange.too-large", "the export is larger than \(sizeLimit) bytes")
    }

    private func working<Result: Sendable>(
        _ body: () async throws(Problem) -> Result
    ) async throws(Problems) -> Result {
        let isFree = count.withLock { count in
            count += 1
            return count <= Self.countLimit
        }
        defer { count.withLock { $0 -= 1 } }
        guard isFree else {
            throw Problems([
                Problem(
                    "store.busy", "the agent makes \(Self.countLimit) copies, checks, exports or imports of the store already",
                    hint: "try again when one has ended")
            ])
        }
        return try await lifting(body)
    }

    // MARK: What may not be done while an agent runs

    private static let inUse = Problem(
        "exchange.in-use", "everything cannot be imported while an agent runs: it works with what would be replaced",
        hint: "end the agent and import with ‘--offline’, or import services or directories")

    /// Refuses what has services in the middle of a deployment, or operations that were begun.
    private static func inspect(_ snapshot: any Snapshot, _ scope: ExchangeScope) throws(Problem) {
        try snapshot.visitRecords(of: ServiceRecord.collection) { record throws(Problem) in
            guard scope.covers(record), try ServiceRecord(record: record).isBusy else { return }
            throw unfinished("the service ‘\(record.name.key)’ is in the middle of a deployment")
        }
        try snapshot.visitRecords(of: OperationRecord.collection) { record throws(Problem) in
            guard scope.covers(record), try OperationRecord(document: record.value).state == .started else { return }
            throw unfinished("the operation ‘\(record.name.key)’ is under way")
        }
    }

    private static func unfinished(_ what: String) -> Problem {
        Problem(
            "exchange.busy", "it cannot be imported while an agent runs: \(what)",
            hint: "wait for its end; or end the agent and import with ‘--offline’: the next agent goes on with it")
    }

    // MARK: Files

    private static func stream(
        _ read: @escaping @Sendable (Int, Int) throws(Problem) -> [UInt8]
    ) -> APIStream<[UInt8]> {
        APIStream(0) { offset throws(Problem) -> [UInt8]? in
            let piece = try read(offset, 64 << 10)
            offset += piece.count
            return piece.isEmpty ? nil : piece
        }
    }

    private static func empty(_ folder: String) {
        guard let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasPrefix("backup-") { unlink("\(folder)/\(name)") }
        }
    }

    private static func unavailable(_ path: String) -> Problem {
        Problem(
            "store.unavailable", "‘\(path)’ cannot be written: \(String(cString: strerror(errno)))",
            hint: "see that the folder has room and can be written by this user")
    }
}
