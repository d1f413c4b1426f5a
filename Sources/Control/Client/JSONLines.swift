// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// The documents in a stream of bytes, one on each line. Fails with the problem that the last line tells of, and if the
/// bytes end within a line.
struct JSONLines: AsyncSequence, Sendable {
    let bytes: APIStream<[UInt8]>

    /// The longest line, in bytes.
    static let lengthLimit = 64 << 20

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(bytes: bytes.makeAsyncIterator()) }

    struct AsyncIterator: AsyncIteratorProtocol {
        var bytes: APIStream<[UInt8]>.AsyncIterator
        var buffer: [UInt8] = []
        var position = 0
        var searched = 0

        mutating func next(isolation actor: isolated (any Actor)?) async throws(Problem) -> Value? {
            while true {
                if let line = takeLine() {
                    if line.isEmpty { continue }
                    let value = try JSON.decode(line, file: "the agent's answer")
                    if let problem = APIResponse.problem(inLine: value) { throw problem }
                    return value
                }
                guard let piece = try await bytes.next(isolation: actor) else { break }
                buffer += piece
                guard buffer.count <= JSONLines.lengthLimit else {
                    throw Problem(
                        "api.malformed-answer", "a line of the agent's answer is longer than \(JSONLines.lengthLimit) bytes")
                }
            }
            if buffer.isEmpty { return nil }
            throw Problem("api.stream-broken", "the agent's answer ended within a line", hint: "see whether it still runs")
        }

        private mutating func takeLine() -> [UInt8]? {
            guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
                buffer.removeFirst(position)
                position = 0
                searched = buffer.count
                return nil
            }
            let line = Array(buffer[position..<end])
            position = end + 1
            searched = position
            return line
        }
    }
}
