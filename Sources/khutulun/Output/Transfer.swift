// SPDX-License-Identifier: Apache-2.0 OR MIT
import Control
import Support

/// Shows a person how far something long has come, in one line that is written again and again, and gone in the end.
final class Transfer {
    private let isShown: Bool
    private let text: String
    private let total: Int?
    private let following: String?
    private var count = 0
    private var next = ContinuousClock.now

    /// - Parameters:
    ///   - text: What is done: ‘sending’.
    ///   - total: The number of bytes, if it is known.
    ///   - following: What is done once all bytes are there, if that takes its time.
    init(_ text: String, total: Int? = nil, then following: String? = nil, _ screen: Screen) {
        isShown = screen.format == .table && Terminal.error.isInteractive
        self.text = text
        self.total = total
        self.following = following
        if isShown { Terminal.error.write("\r\u{1b}[K\(text) …") }
    }

    deinit { if isShown { Terminal.error.write("\r\u{1b}[K") } }

    /// Notes that some more bytes are done.
    func add(_ bytes: Int) {
        count += bytes
        if isShown, count == total, let following { return Terminal.error.write("\r\u{1b}[K\(following) …") }
        guard isShown, ContinuousClock.now >= next else { return }
        next = .now + .milliseconds(200)
        Terminal.error.write("\r\u{1b}[K\(text): \(Self.size(count))\(total.map { " of \(Self.size($0))" } ?? "")")
    }

    /// A number of bytes for people.
    static func size(_ bytes: Int) -> String {
        let (unit, name) = bytes < 1 << 20 ? (1 << 10, "KiB") : (1 << 20, "MiB")
        return "\(bytes / unit).\(bytes % unit * 10 / unit) \(name)"
    }

    /// Writes the bytes of an answer to a new file.
    ///
    /// - Throws: `api.stream-broken` if there are fewer than were announced.
    static func receive(
        _ answer: (bytes: APIStream<[UInt8]>, size: Int), in file: String, _ screen: Screen
    ) async throws(Problems) {
        let output = try raising { () throws(Problem) in try NewFile(file) }
        let transfer = Transfer("receiving", total: answer.size, screen)
        try await forEach(in: answer.bytes) { piece throws(Problems) in
            try raising { () throws(Problem) in try output.write(piece) }
            transfer.add(piece.count)
            return true
        }
        guard transfer.count == answer.size else {
            throw Problems([
                Problem("api.stream-broken", "the agent's answer ended too early", hint: "see whether it still runs")
            ])
        }
        try raising { () throws(Problem) in try output.finish() }
    }
}
