// SPDX-License-Identifier: Apache-2.0 OR MIT
import Dispatch
import Glibc

/// Calls back when there is something to read from a descriptor, which it owns.
///
/// Dispatch sources may be used from any thread, though their type doesn't say so: hence `@unchecked Sendable`.
final class Readiness: @unchecked Sendable {
    private let source: any DispatchSourceRead

    /// Begins at once. The call-back runs on the queue, again and again as long as something is there and ``cancel()``
    /// hasn't been called; `closed` runs there last, when the descriptor is closed.
    init(
        _ descriptor: Int32, queue: DispatchQueue, closed: @escaping @Sendable () -> Void = {},
        _ readable: @escaping @Sendable (Readiness) -> Void
    ) {
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        // The handler keeps this object; Dispatch lets go of handlers once a source is cancelled.
        source.setEventHandler { readable(self) }
        source.setCancelHandler {
            close(descriptor)
            closed()
        }
        source.resume()
    }

    /// Ends it and closes the descriptor. Must be called, and may be called more than once.
    func cancel() { source.cancel() }
}
