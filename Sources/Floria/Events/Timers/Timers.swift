// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support
import Synchronization

/// Keeps timers and fires them. Between the times at which one is due, nothing happens.
///
/// Timers are added and removed here, so that what runs hears of it; those that are removed with their entity are found gone
/// when they would have been due. A timer fires with the commit that says when it fires next, so none fires twice or is lost.
public final class Timers: Sendable {
    /// The most timers that fire in one commit.
    private static let portion = 64
    /// How often adding a timer is tried while its entity is changed.
    private static let attemptLimit = 16

    private enum Signal: Sendable {
        /// A timer was added, or removed, which is nil.
        case changed(RecordKey, Int64?)
        /// Others have changed the timers of the store.
        case replaced
        case rang
    }

    private let store: any Store
    private let clock: any AlarmClock
    private let failpoint: Failpoint
    private let signals: AsyncStream<Signal>
    private let signal: AsyncStream<Signal>.Continuation

    /// Makes them. What the store holds fires as soon as ``run(report:)`` is called.
    public init(store: any Store, clock: any AlarmClock = SystemClock(), failpoint: Failpoint = .none) {
        self.store = store
        self.clock = clock
        self.failpoint = failpoint
        (signals, signal) = AsyncStream.makeStream()
    }

    /// Adds a timer, and gives it with the time at which it fires first. A time that has passed is due at once.
    ///
    /// - Throws: `timer.exists` if the target has one of its name, `timer.no-target` if the target isn't there, `timer.…` if
    ///   something of it isn't valid.
    public func add(_ timer: EventTimer, provenance: Provenance? = nil) async throws(Problem) -> EventTimer {
        try timer.check()
        var timer = timer
        let now = clock.now
        if case .at(let time) = timer.schedule {
            timer.next = time
        } else {
            timer.next = timer.schedule.next(after: now) ?? now
        }
        let added = timer
        var attempts = 0
        while true {
            attempts += 1
            do throws(Problem) {
                try await put(added, provenance)
                signal.yield(.changed(added.key, added.next))
                return added
            } catch {
                // The entity may be changed all the time; it only has to be there.
                guard error.code == "store.conflict", attempts < Self.attemptLimit else { throw error }
            }
        }
    }

    private func put(_ timer: EventTimer, _ provenance: Provenance?) async throws(Problem) {
        var transaction = try await store.read { snapshot throws(Problem) in
            var transaction = Transaction()
            guard try snapshot.record(EventTimer.collection, timer.key.key) == nil else { throw Self.exists(timer) }
            guard case .entity(let id) = timer.target else { return transaction }
            guard let entity = try snapshot.entity(id), entity.isInstance || entity.kind == .class else {
                throw Problem(
                    "timer.no-target", "‘\(id)’ can have no timer: there is no such vertex, edge or class",
                    at: .entity(id.description, property: nil))
            }
            transaction.expectations[id] = entity.header.version
            return transaction
        }
        transaction.records = [Record(EventTimer.collection, timer.key.key, timer.document)]
        transaction.recordExpectations = [timer.key: 0]
        transaction.provenance = provenance
        failpoint.reach("timer.before-add")
        try await store.commit(transaction)
    }

    private static func exists(_ timer: EventTimer) -> Problem {
        Problem(
            "timer.exists", "‘\(timer.target.documentText)’ has a timer ‘\(timer.name)’ already",
            hint: "remove it first, or choose another name")
    }

    /// Removes a timer.
    ///
    /// - Throws: `timer.unknown` if there is none.
    public func remove(
        _ name: String, of target: EventTarget, provenance: Provenance? = nil
    ) async throws(Problem) {
        let key = EventTimer.key(name, of: target)
        let record = try await store.read { snapshot throws(Problem) in try snapshot.record(key.collection, key.key) }
        guard record != nil else {
            throw Problem(
                "timer.unknown", "‘\(target.documentText)’ has no timer ‘\(name)’",
                hint: "‘khutulun timer list’ shows those that are there")
        }
        var transaction = Transaction()
        transaction.recordDeletions = [key]
        transaction.provenance = provenance
        failpoint.reach("timer.before-remove")
        try await store.commit(transaction)
        signal.yield(.changed(key, nil))
    }

    /// Looks at all timers of the store again, because others have changed them.
    public func reload() { signal.yield(.replaced) }

    /// Fires timers until the task is cancelled, beginning with those that were missed.
    ///
    /// - Parameter report: Is told what goes wrong with the store; it is tried again.
    public func run(report: @escaping @Sendable (Problem) -> Void) async {
        let alarm = Alarm(clock)
        var agenda = TimerAgenda()
        await withDiscardingTaskGroup { group in
            group.addTask { [signal] in await alarm.run { signal.yield(.rang) } }
            signal.yield(.rang)
            for await signal in signals {
                switch signal {
                case .changed(let key, let next): agenda.set(key, next)
                case .rang, .replaced:
                    if case .replaced = signal { agenda.lastTime = nil }
                    do throws(Problem) {
                        try await fire(&agenda, report)
                        agenda.failures = 0
                    } catch {
                        report(error)
                        agenda.failures += 1
                    }
                }
                alarm.set(agenda.wake(now: clock.now))
            }
        }
    }

    /// Fires what is due. The clock may have been set, so the other times are looked at again too.
    private func fire(_ agenda: inout TimerAgenda, _ report: (Problem) -> Void) async throws(Problem) {
        let now = clock.now
        if agenda.lastTime.map({ now < $0 }) ?? true { try await load(&agenda, now: now, report) }
        agenda.lastTime = now
        while true {
            var remaining = agenda
            let due = remaining.takeDue(now: now, limit: Self.portion)
            if due.isEmpty { return }
            for (key, next) in try await fire(due, now: now, report) { remaining.set(key, next) }
            agenda = remaining
        }
    }

    /// Reads all timers. One that can't be read is reported, and doesn't fire.
    ///
    /// After the clock was set back, what repeats doesn't wait until it has caught up: it gets an earlier time.
    private func load(_ agenda: inout TimerAgenda, now: Int64, _ report: (Problem) -> Void) async throws(Problem) {
        let (loaded, problems, transaction) = try await store.read { snapshot throws(Problem) in
            var (loaded, problems, transaction) = (TimerAgenda(), [Problem](), Transaction())
            for record in try snapshot.records(EventTimer.collection, prefix: "", after: nil, limit: .max) {
                do throws(Problem) {
                    var timer = try EventTimer(document: record.value)
                    if timer.repeats, let next = timer.schedule.next(after: now), next < timer.next {
                        timer.next = next
                        transaction.records.append(Record(record.name.collection, record.name.key, timer.document))
                        transaction.recordExpectations[record.name] = record.version
                    }
                    loaded.set(record.name, timer.next)
                } catch {
                    problems.append(error)
                }
            }
            return (loaded, problems, transaction)
        }
        for problem in problems { report(problem) }
        failpoint.reach("timer.before-reset")
        try await store.commit(transaction)
        agenda = loaded
    }

    /// Fires timers, and gives when each is due next.
    private func fire(
        _ keys: [RecordKey], now: Int64, _ report: (Problem) -> Void
    ) async throws(Problem) -> [(RecordKey, Int64?)] {
        let (transaction, times, problems) = try await store.read { snapshot throws(Problem) in
            var transaction = Transaction()
            var times: [(RecordKey, Int64?)] = []
            var problems: [Problem] = []
            for key in keys {
                guard transaction.events.count < Propagation.limit else {
                    times.append((key, now))
                    continue
                }
                guard let record = try snapshot.record(key.collection, key.key) else {
                    times.append((key, nil))
                    continue
                }
                times.append((key, try Self.fire(record, now: now, in: snapshot, &transaction, &problems)))
            }
            return (transaction, times, problems)
        }
        failpoint.reach("timer.before-fire")
        do throws(Problem) {
            try await store.commit(transaction)
        } catch {
            // One of them was removed or replaced in between, so all are looked at again.
            if error.code == "store.conflict" { return keys.map { ($0, now) } }
            throw error
        }
        for problem in problems { report(problem) }
        return times
    }

    private static func fire(
        _ record: Record, now: Int64, in snapshot: any Snapshot, _ transaction: inout Transaction,
        _ problems: inout [Problem]
    ) throws(Problem) -> Int64? {
        var timer = try EventTimer(document: record.value)
        // Another one of its name may have been added meanwhile.
        guard timer.next <= now else { return timer.next }
        transaction.recordExpectations[record.name] = record.version
        if timer.misfire == .once || now - timer.next <= EventTimer.tolerance {
            let made = try timer.events(now: now, in: snapshot)
            transaction.events += made.events
            problems += made.problems
        }
        var isThere = true
        if case .entity(let id) = timer.target { isThere = try snapshot.entity(id) != nil }
        if isThere, let next = timer.schedule.next(after: now) {
            timer.next = next
            transaction.records.append(Record(record.name.collection, record.name.key, timer.document))
            return next
        }
        transaction.recordDeletions.append(record.name)
        return nil
    }
}

/// When which timer is due, as far as is known; what is stored counts.
private struct TimerAgenda: Sendable {
    private var times = DueList<RecordKey>()
    /// When it was looked at last; nil if the store has not been read yet.
    var lastTime: Int64?
    /// How often in a row the store could not be used.
    var failures = 0

    mutating func set(_ key: RecordKey, _ time: Int64?) {
        times.remove { $0 == key }
        if let time { times.add(key, at: time) }
    }

    /// Takes timers that are due.
    mutating func takeDue(now: Int64, limit: Int) -> [RecordKey] {
        var keys: [RecordKey] = []
        while keys.count < limit, let key = times.takeDue(now) { keys.append(key) }
        return keys
    }

    /// When to look again.
    func wake(now: Int64) -> Int64? { failures > 0 ? now + 500 << min(failures, 7) : times.earliest }
}
