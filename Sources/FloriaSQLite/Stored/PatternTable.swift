// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Synchronization

/// The patterns that are known, by the keys of their rows.
///
/// A key is given when an entity is encoded, which is before the pattern's row is written; so the writer writes the
/// rows that a transaction needs and that aren't there.
final class PatternTable: Sendable {
    private struct State {
        var keys: [Pattern: Int64] = [:]
        var patterns: [Int64: Pattern] = [:]
        /// The keys whose rows are on disk.
        var stored: Set<Int64> = []
        var last: Int64
        var memory = EntityEncoder.Memory()
    }

    private let state: Mutex<State>

    /// - Parameter last: The highest key that there is a row of.
    init(last: Int64) { state = Mutex(State(last: last)) }

    /// The key of a pattern; a new one if it has none.
    func key(of pattern: Pattern) -> Int64 {
        state.withLock { state in
            if let key = state.keys[pattern] { return key }
            state.last += 1
            state.keys[pattern] = state.last
            state.patterns[state.last] = pattern
            return state.last
        }
    }

    /// Encodes entities with what is remembered of earlier ones.
    func encode<Result>(_ body: (inout EntityEncoder) -> Result) -> Result {
        var encoder = EntityEncoder(self, state.withLock { $0.memory })
        let result = body(&encoder)
        if encoder.hasLearnt { state.withLock { $0.memory = encoder.memory } }
        return result
    }

    /// The pattern of a key, which is loaded from its row if it isn't known.
    func pattern(_ key: Int64, load: () throws(Problem) -> [UInt8]) throws(Problem) -> Pattern {
        if let known = state.withLock({ $0.patterns[key] }) { return known }
        let pattern = try Pattern(content: load())
        state.withLock { state in
            state.patterns[key] = pattern
            if state.keys[pattern] == nil { state.keys[pattern] = key }
            state.stored.insert(key)
        }
        return pattern
    }

    /// The content of a key's row, if the pattern is known.
    func content(_ key: Int64) -> [UInt8]? { state.withLock { $0.patterns[key] }?.content }

    /// Whether the row of a key is on disk, as far as is known.
    func isStored(_ key: Int64) -> Bool { state.withLock { $0.stored.contains(key) } }

    /// Notes that rows are on disk.
    func note(written: Set<Int64>) {
        if !written.isEmpty { state.withLock { $0.stored.formUnion(written) } }
    }
}
