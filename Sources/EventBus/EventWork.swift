// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// All that is to be handled, entity by entity, and what has become of it since that was written the last time.
struct EventWork {
    /// How far ahead of the first unhandled event the log is read.
    private static let window: UInt64 = 4096

    private enum Due {
        /// An entry that was to wait.
        case entry(SpoolEntry)
        /// An entity with an entry that is to be tried again.
        case entity(ID)
    }

    private let retry: RetryPolicy
    private var lanes: [ID: EventLane] = [:]
    private var ready = Queue<ID>()
    private var dueList = DueList<Due>()
    private var changes = Spool.Changes()
    private var isChanged = false
    private var done: SequenceRanges
    /// The last event that was read from the log.
    private(set) var position: UInt64

    init(waiting: [SpoolEntry], done: SequenceRanges, retry: RetryPolicy, now: Int64) {
        self.retry = retry
        self.done = done
        position = done.until
        for entry in waiting.sorted(by: { $0.order < $1.order }) { add(entry, now: now) }
    }

    /// When to look again if nothing happens; nil is never.
    var earliest: Int64? { dueList.earliest }

    /// Whether more may be read from the log.
    var hasRoom: Bool { position - done.until < Self.window }

    /// Adds what was read from the log.
    mutating func add(_ events: [StoredEvent], now: Int64) {
        for stored in events {
            position = stored.sequence
            guard !done.contains(stored.sequence) else { continue }
            if let document = stored.event.carried {
                takeUp(SpoolEntry(stored), CarriedEvent(document: document), now: now)
            } else {
                add(SpoolEntry(stored), now: now)
            }
        }
    }

    /// Goes on with an event where another host stopped. What that one had put aside is put aside here, once.
    private mutating func takeUp(_ entry: SpoolEntry, _ carried: CarriedEvent, now: Int64) {
        let letters = carried.letters(of: entry.event, order: entry.order, key: entry.key)
        change { $0.buried += letters }
        guard entry.pending?.isEmpty != true else { return finish(entry) }
        keep(entry)
        add(entry.kept, now: now)
    }

    /// Adds an entry.
    mutating func add(_ entry: SpoolEntry, now: Int64) {
        let entity = entry.event.entity
        // One that nobody could say the handlers of is tried again, and holds up what came after it.
        let mustBeAskedAgain = entry.isKept && entry.due != entry.event.due ?? .min
        if entry.pending != nil || mustBeAskedAgain {
            hold(entry, now: now)
        } else if entry.due > now {
            if !entry.isKept { keep(entry) }
            dueList.add(.entry(entry.kept), at: entry.due)
        } else {
            lanes[entity, default: EventLane()].append(entry)
            makeReady(entity)
        }
    }

    /// Looks at what has become due.
    mutating func wake(now: Int64) {
        while let due = dueList.takeDue(now) {
            switch due {
            case .entry(let entry): add(entry, now: now)
            case .entity(let id): makeReady(id)
            }
        }
    }

    /// Takes an entry that can be handled now.
    mutating func next(now: Int64) -> (SpoolEntry, Delivery)? {
        while let id = ready.popFirst() {
            guard let index = lanes.index(forKey: id) else { continue }
            lanes.values[index].isReady = false
            guard !lanes.values[index].isBusy, let found = lanes.values[index].take(now: now) else { continue }
            lanes.values[index].isBusy = true
            return found
        }
        return nil
    }

    /// Notes what came of an entry that was taken. Gives the letters that it has left.
    mutating func end(_ entry: SpoolEntry, _ delivery: Delivery, _ outcome: Delivery.Outcome, now: Int64) -> [DeadLetter] {
        var entry = entry
        var letters: [DeadLetter] = []
        let entity = entry.event.entity
        lanes[entity]?.isBusy = false
        if outcome.problem != nil {
            entry.lookFailures += 1
            entry.due = now + retry.pause(after: entry.lookFailures)
            keep(entry)
            hold(entry.kept, now: now)
        } else {
            letters = settle(&entry, delivery, outcome, now: now)
            if entry.pending?.isEmpty ?? true {
                finish(entry)
            } else {
                keep(entry)
                hold(entry.kept, now: now)
            }
        }
        makeReady(entity)
        if lanes[entity]?.isEmpty ?? false { lanes[entity] = nil }
        return letters
    }

    /// Works out who is still to have an entry, and who never will.
    private mutating func settle(
        _ entry: inout SpoolEntry, _ delivery: Delivery, _ outcome: Delivery.Outcome, now: Int64
    ) -> [DeadLetter] {
        let before = entry.pending ?? [:]
        var pending = before.filter { !(delivery.only?.contains($0.key) ?? true) }
        for handler in outcome.held { pending[handler] = 0 }
        var letters: [DeadLetter] = []
        for (handler, problem) in outcome.failures.sorted(by: { $0.key < $1.key }) {
            let failures = (before[handler] ?? 0) + 1
            if failures < retry.limit {
                pending[handler] = failures
                entry.due = max(entry.due, now + retry.pause(after: failures))
            } else {
                letters.append(entry.letter(to: handler, problem, failures: failures, now: now))
                entry.buried += 1
            }
        }
        entry.pending = pending
        entry.lookFailures = 0
        change { $0.buried += letters }
        return letters
    }

    /// What is to be written; nil if nothing has changed.
    mutating func takeChanges() -> Spool.Changes? {
        guard isChanged else { return nil }
        var taken = changes
        taken.done = done
        changes = Spool.Changes()
        isChanged = false
        return taken
    }

    private mutating func change(_ body: (inout Spool.Changes) -> Void) {
        isChanged = true
        body(&changes)
    }

    private mutating func finish(_ entry: SpoolEntry) {
        done.insert(entry.order)
        change { changes in
            changes.kept[entry.key] = nil
            if entry.isKept { changes.ended.insert(entry.key) }
        }
    }

    /// Gives an entry a record, so that the log needn't have it any more.
    private mutating func keep(_ entry: SpoolEntry) {
        done.insert(entry.order)
        change { $0.kept[entry.key] = entry }
    }

    private mutating func hold(_ entry: SpoolEntry, now: Int64) {
        let entity = entry.event.entity
        lanes[entity, default: EventLane()].hold(entry)
        if entry.due > now { dueList.add(.entity(entity), at: entry.due) } else { makeReady(entity) }
    }

    private mutating func makeReady(_ entity: ID) {
        guard let index = lanes.index(forKey: entity), !lanes.values[index].isReady, !lanes.values[index].isBusy else { return }
        lanes.values[index].isReady = true
        ready.append(entity)
    }
}

extension SpoolEntry {
    /// The entry once it has a record.
    fileprivate var kept: SpoolEntry {
        var entry = self
        entry.isKept = true
        return entry
    }
}
