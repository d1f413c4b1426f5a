// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support
import Synchronization

/// Handles the events of a host: those of one entity one after the other, those of different entities side by side.
///
/// It sleeps until an event comes or one is due; when nothing happens it does nothing.
public final class EventProcessor: Sendable {
    private enum Signal: Sendable {
        case taken
        /// The time has come that was waited for, or the clock was set.
        case rang
        case ended(SpoolEntry, Delivery, Delivery.Outcome)
        /// What had become of entries is on disk.
        case written
        /// A dead letter is to be delivered again, since a position of the spool.
        case revived(SpoolEntry, UInt64)
    }

    private static let pageSize = 512
    /// How long to wait after the spool could not be read, in milliseconds.
    private static let pause: Int64 = 1000

    private let spool: Spool
    private let clock: any AlarmClock
    private let retry: RetryPolicy
    private let report: @Sendable (Problem) -> Void
    private let signals: AsyncStream<Signal>
    private let signal: AsyncStream<Signal>.Continuation

    /// Makes a processor.
    ///
    /// - Parameters:
    ///   - retry: How often handlers are tried.
    ///   - report: is told what goes wrong with the spool itself, and which events were put aside.
    public init(
        spool: Spool, clock: any AlarmClock = SystemClock(), retry: RetryPolicy = .standard,
        report: @escaping @Sendable (Problem) -> Void
    ) {
        self.spool = spool
        self.clock = clock
        self.retry = retry
        self.report = report
        (signals, signal) = AsyncStream.makeStream()
    }

    /// Takes events in, in one commit; when it returns they are on disk, and will be handled. One whose ID is known already
    /// is left out.
    public func take(_ events: [Event]) async throws(Problem) {
        guard !events.isEmpty else { return }
        try await spool.take(events)
        signal.yield(.taken)
    }

    /// Hands an event to those of its handlers to whom it is to be given.
    public typealias Handle = @Sendable (Event, Delivery) async -> Delivery.Outcome

    /// Handles events until the task is cancelled, beginning with what the spool holds.
    public func run(_ handle: @escaping Handle) async throws(Problem) {
        let (waiting, done, position) = try await spool.load()
        var work = EventWork(waiting: waiting, done: done, retry: retry, now: clock.now)
        let alarm = Alarm(clock)
        var isWriting = false
        var isBehind = true
        await withDiscardingTaskGroup { group in
            group.addTask { [signal] in await alarm.run { signal.yield(.rang) } }
            signal.yield(.rang)
            for await signal in signals {
                switch signal {
                case .taken: isBehind = true
                case .rang: break
                case .ended(let entry, let delivery, let outcome):
                    work.end(entry, delivery, outcome, now: clock.now).forEach(report)
                case .written: isWriting = false
                // What was revived before the spool was read is among what waited there.
                case .revived(let entry, let since): if since > position { work.add(entry, now: clock.now) }
                }
                let now = clock.now
                work.wake(now: now)
                if isBehind { isBehind = await read(&work, now: now) }
                while let (entry, delivery) = work.next(now: now) {
                    group.addTask { await self.process(entry, delivery, handle) }
                }
                if !isWriting, let changes = work.takeChanges() {
                    isWriting = true
                    group.addTask { await self.write(changes) }
                }
                // What could not be read is read a little later.
                alarm.set(isBehind && work.hasRoom ? now + Self.pause : work.earliest)
            }
        }
    }

    /// Reads what has come, as far as there is room; gives whether there is more.
    private func read(_ work: inout EventWork, now: Int64) async -> Bool {
        do throws(Problem) {
            while work.hasRoom {
                let page = try await spool.events(after: work.position, limit: Self.pageSize)
                work.add(page, now: now)
                if page.count < Self.pageSize { return false }
            }
        } catch { report(error) }
        return true
    }

    private func process(_ entry: SpoolEntry, _ delivery: Delivery, _ handle: Handle) async {
        let outcome = await handle(entry.event, delivery)
        // Who was interrupted has not failed.
        if !Task.isCancelled { signal.yield(.ended(entry, delivery, outcome)) }
    }

    /// Writes what has become of entries, again and again if the disk doesn't take it.
    private func write(_ changes: Spool.Changes) async {
        var failures = 0
        while !Task.isCancelled {
            do throws(Problem) {
                try await spool.write(changes, now: clock.now)
                signal.yield(.written)
                return
            } catch { report(error) }
            failures += 1
            await clock.wait(until: clock.now + RetryPolicy.standard.pause(after: failures))
        }
    }

    private func report(_ letter: DeadLetter) {
        report(
            Problem(
                "event.undeliverable",
                "the event ‘\(letter.event.type)’ was put aside after \(letter.failures) tries: the handler ‘\(letter.handler)’ failed",
                at: .entity(letter.event.entity.description, property: nil), causes: [letter.problem],
                hint: "‘khutulun event dead list’ shows it; it can be tried again"))
    }

    /// What is not dealt with, as it is on disk.
    public func undelivered() async throws(Problem) -> Undelivered { try await spool.undelivered() }

    /// Which of some events were taken in by the moment at which the spool had a position.
    public func taken(_ ids: [String], until position: UInt64) async throws(Problem) -> Set<String> {
        try await spool.taken(ids, until: position)
    }

    // MARK: Dead letters

    /// The events that handlers did not take, oldest first.
    public func letters() async throws(Problem) -> [DeadLetter] { try await spool.letters() }

    /// One of them.
    ///
    /// - Throws: `event.unknown-letter`.
    public func letter(_ id: String) async throws(Problem) -> DeadLetter { try await spool.letter(id) }

    /// Delivers a dead letter again, to the handler that did not take it.
    ///
    /// - Throws: `event.unknown-letter`.
    public func retry(letter id: String) async throws(Problem) {
        if let (entry, position) = try await spool.take(letter: id, again: true, now: clock.now) {
            signal.yield(.revived(entry, position))
        }
    }

    /// Forgets a dead letter.
    ///
    /// - Throws: `event.unknown-letter`.
    public func drop(letter id: String) async throws(Problem) {
        _ = try await spool.take(letter: id, again: false, now: clock.now)
    }
}
