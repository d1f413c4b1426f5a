// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support
import Synchronization

/// Handles the events of a host: those of one entity one after the other, those of different entities side by side.
///
/// It sleeps until an event comes or one is due; when nothing happens it does nothing.
public final class EventProcessor: Sendable {
    /// How often an event is tried before it is put aside.
    public static let failureLimit = 6

    private enum Signal: Sendable {
        case taken([Spool.Entry])
        /// An entry that was to wait has done so.
        case due(Spool.Entry)
        /// An entry was handled; it comes again if it failed.
        case ended(Spool.Entry, again: Spool.Entry?)
    }

    private let spool: Spool
    private let now: @Sendable () -> Int64
    private let report: @Sendable (Problem) -> Void
    private let signals: AsyncStream<Signal>
    private let signal: AsyncStream<Signal>.Continuation

    /// What came of handing an event to its handlers.
    public struct Outcome: Sendable {
        /// The names of the handlers that have now had it.
        public var handled: Set<String>
        /// Why the others failed; nil if none did.
        public var problem: Problem?

        /// Makes an outcome.
        public init(handled: Set<String>, problem: Problem?) {
            self.handled = handled
            self.problem = problem
        }
    }

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - now: the time in milliseconds since 1970 UTC.
    ///   - report: is told what goes wrong with the spool itself, and which events were put aside.
    public init(
        spool: Spool, now: @escaping @Sendable () -> Int64, report: @escaping @Sendable (Problem) -> Void
    ) {
        self.spool = spool
        self.now = now
        self.report = report
        (signals, signal) = AsyncStream.makeStream()
    }

    /// Takes events in; when it returns they are on disk, and will be handled.
    public func take(_ events: [Event]) async throws(Problem) {
        let entries = try await spool.take(events)
        if !entries.isEmpty { signal.yield(.taken(entries)) }
    }

    /// Hands an event to all its handlers but those of the names given, which have had it already.
    public typealias Handle = @Sendable (Event, Set<String>) async -> Outcome

    /// Handles events until the task is cancelled, beginning with what the spool holds.
    public func run(_ handle: @escaping Handle) async throws(Problem) {
        let (waiting, position) = try await spool.waiting(now: now())
        await withDiscardingTaskGroup { group in
            var queues = EventQueues()
            schedule(waiting, &queues, &group)
            start(&queues, &group, handle)
            for await signal in signals {
                switch signal {
                // What was taken before the spool was read is among what waited there.
                case .taken(let entries): schedule(entries.filter { $0.order > position }, &queues, &group)
                case .due(let entry): queues.add(entry)
                case .ended(let entry, let again):
                    queues.release(entry)
                    if let again { schedule([again], &queues, &group) }
                }
                start(&queues, &group, handle)
            }
        }
    }

    private func schedule(_ entries: [Spool.Entry], _ queues: inout EventQueues, _ group: inout DiscardingTaskGroup) {
        for entry in entries {
            // What is due is not handed to another task, which might overtake those before it.
            if entry.due <= now() {
                queues.add(entry)
            } else {
                group.addTask { await self.wait(for: entry) }
            }
        }
    }

    private func start(_ queues: inout EventQueues, _ group: inout DiscardingTaskGroup, _ handle: @escaping Handle) {
        while let entry = queues.next() {
            group.addTask { self.signal.yield(.ended(entry, again: await self.process(entry, handle))) }
        }
    }

    private func wait(for entry: Spool.Entry) async {
        let wait = entry.due - now()
        if wait > 0, (try? await Task.sleep(for: .milliseconds(wait))) == nil { return }
        signal.yield(.due(entry))
    }

    /// Hands an entry to its handlers; gives it again if it must come again.
    private func process(_ entry: Spool.Entry, _ handle: Handle) async -> Spool.Entry? {
        var entry = entry
        let outcome = await handle(entry.event, Set(entry.handled))
        do throws(Problem) {
            guard let problem = outcome.problem else {
                try await spool.finish(entry, now: now())
                return nil
            }
            entry.handled = outcome.handled.sorted()
            entry.failures += 1
            entry.problem = problem
            return try await postpone(entry)
        } catch {
            report(error)
            return nil
        }
    }

    private func postpone(_ entry: Spool.Entry) async throws(Problem) -> Spool.Entry? {
        var entry = entry
        guard entry.failures < Self.failureLimit else {
            try await spool.bury(entry)
            report(
                Problem(
                    "event.undeliverable", "the event ‘\(entry.event.type)’ was put aside after \(entry.failures) tries",
                    at: .entity(entry.event.entity.description, property: nil), causes: entry.problem.map { [$0] } ?? []))
            return nil
        }
        entry.due = now() + 500 << min(entry.failures, 6)
        try await spool.keep(entry)
        return entry
    }
}

/// The entries of each entity in the order of their coming, and the entities whose first one can be handled.
private struct EventQueues {
    private var waiting: [ID: [Spool.Entry]] = [:]
    private var unavailable: Set<ID> = []
    private var ready: [ID] = []

    mutating func add(_ entry: Spool.Entry) {
        let entity = entry.event.entity
        waiting[entity, default: []].append(entry)
        if unavailable.insert(entity).inserted { ready.append(entity) }
    }

    mutating func release(_ entry: Spool.Entry) {
        let entity = entry.event.entity
        if waiting[entity] == nil { unavailable.remove(entity) } else { ready.append(entity) }
    }

    mutating func next() -> Spool.Entry? {
        guard !ready.isEmpty else { return nil }
        let entity = ready.removeFirst()
        guard var entries = waiting[entity] else { return nil }
        let entry = entries.removeFirst()
        waiting[entity] = entries.isEmpty ? nil : entries
        return entry
    }
}
