// SPDX-License-Identifier: Apache-2.0 OR MIT
import Glibc
import Support

/// A line of a process's log.
public struct LogLine: Sendable, Hashable {
    /// The position after the line: reading after it goes on with the next one. Positions count the log's bytes from the
    /// node's first one, over all rotations.
    public var position: Int64
    /// The line without its end.
    public var text: String
}

/// Reads the log of a node's process, over rotations, while it is written.
public struct LogReader: Sendable {
    /// The longest line that is told as one, in bytes. The rest of a longer one is a line of its own.
    public static let lineLimit = 1 << 20

    let folder: String

    /// Reads the log at a path, which ``ProcessStatus`` tells.
    public init(log: String) {
        folder = log.lastIndex(of: "/").map { String(log[..<$0]) } ?? "."
    }

    /// The lines after a position, or the last ones, oldest first.
    ///
    /// - Parameters:
    ///   - position: Where a line ended that is known already; nil begins with the oldest that is kept.
    ///   - last: Without a position: how many of the last lines; nil is all.
    ///   - follow: Whether to wait for more, until the reader's task is cancelled or the log is removed.
    public func lines(after position: Int64? = nil, last: Int? = nil, follow: Bool = false) -> LogLines {
        LogLines(folder: folder, position: position, last: last, follow: follow)
    }
}

/// The lines of a log, one after the other.
public struct LogLines: AsyncSequence, Sendable {
    /// A line.
    public typealias Element = LogLine

    let folder: String
    let position: Int64?
    let last: Int?
    let follow: Bool

    /// Begins to read.
    public func makeAsyncIterator() -> Iterator {
        Iterator(LogCursor(folder: folder), changes: follow ? FolderChanges(folder) : nil, position: position, last: last)
    }

    /// A place in a log.
    public struct Iterator: AsyncIteratorProtocol {
        private var cursor: LogCursor
        private let changes: FolderChanges?
        private var waiting: FolderChanges.Iterator?
        private var pending: [UInt8] = []
        private var start = 0

        fileprivate init(_ cursor: LogCursor, changes: FolderChanges?, position: Int64?, last: Int?) {
            self.cursor = cursor
            self.changes = changes
            waiting = changes?.makeIterator()
            self.cursor.move(to: position ?? last.map { self.cursor.position(ofLast: $0) } ?? 0)
        }

        /// The next line; nil at the end, which a log that is followed has only when it is removed.
        public mutating func next() async -> LogLine? {
            while true {
                if let line = nextPending() { return line }
                if let bytes = cursor.read() {
                    pending.removeSubrange(..<start)
                    start = 0
                    pending += bytes
                    continue
                }
                guard changes != nil, cursor.exists else { return takeRest() }
                guard await waiting?.next(isolation: #isolation) != nil else { return nil }
            }
        }

        private mutating func nextPending() -> LogLine? {
            let rest = pending[start...]
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) { return take(rest[..<end], upTo: end + 1) }
            guard rest.count >= LogReader.lineLimit else { return nil }
            return take(rest.prefix(LogReader.lineLimit), upTo: start + LogReader.lineLimit)
        }

        private mutating func takeRest() -> LogLine? {
            start < pending.count ? take(pending[start...], upTo: pending.count) : nil
        }

        private mutating func take(_ bytes: ArraySlice<UInt8>, upTo end: Int) -> LogLine {
            start = end
            return LogLine(position: cursor.position - Int64(pending.count - end), text: String(decoding: bytes, as: UTF8.self))
        }
    }
}
