// SPDX-License-Identifier: Apache-2.0 OR MIT
import EventBus
import Floria
import Support
import Testing

/// Runs a processor of events on a store for as long as the body takes.
func withProcessor(
    _ store: any Store, clock: any AlarmClock = SystemClock(), retry: RetryPolicy, handle: @escaping EventProcessor.Handle,
    _ body: (EventProcessor) async throws -> Void
) async throws {
    let processor = EventProcessor(
        spool: Spool(store: store), clock: clock, retry: retry,
        report: { if $0.code != "event.undeliverable" { Issue.record($0) } })
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await processor.run(handle) }
        try await body(processor)
        group.cancelAll()
    }
}
