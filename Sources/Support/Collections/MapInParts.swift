// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import FoundationEssentials
import Synchronization

extension Array where Element: Sendable {
    /// The results for all elements, in order. If there are many, several threads work on a part each, which is over when this
    /// returns.
    ///
    /// - Parameter body: gives the results for a part, in order.
    @inlinable
    package func mapInParts<Result: Sendable>(_ body: @Sendable (ArraySlice<Element>) -> [Result]) -> [Result] {
        // Fewer are done before another thread has woken up, or the system has told how many there may be.
        count < 512 ? body(self[...]) : mapByThreads(body)
    }

    @usableFromInline
    package func mapByThreads<Result: Sendable>(_ body: @Sendable (ArraySlice<Element>) -> [Result]) -> [Result] {
        let parts = Swift.min(ProcessInfo.processInfo.activeProcessorCount, count / 256)
        let results = Mutex<[Int: [Result]]>([:])
        DispatchQueue.concurrentPerform(iterations: parts) { part in
            let result = body(self[count * part / parts..<count * (part + 1) / parts])
            results.withLock { $0[part] = result }
        }
        return results.withLock { results in (0..<parts).flatMap { results[$0] ?? [] } }
    }
}
