// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

/// An event that waits, or waits again, for its handlers.
struct SpoolEntry: Sendable, Hashable {
    var event: Event
    /// Its place among all that came: its sequence in the log.
    let order: UInt64
    /// The key of its record: its order, or the ID of the dead letter that it was.
    let key: String
    /// The handlers that are still to have it, by their keys, with how often each has failed; nil as long as nobody could look.
    var pending: [String: Int]?
    /// How often in a row nobody could look.
    var lookFailures = 0
    /// Not to be handled before this, in milliseconds since 1970 UTC.
    var due: Int64
    /// How many dead letters it has left.
    var buried = 0
    /// Whether it has a record.
    var isKept = false

    init(_ stored: StoredEvent) {
        event = stored.event
        order = stored.sequence
        key = String(stored.sequence)
        due = stored.event.due ?? .min
        guard let carried = event.carried.map(CarriedEvent.init(document:)) else { return }
        event.carried = nil
        pending = carried.handlers.map { Dictionary(uniqueKeysWithValues: $0.map { ($0, 0) }) }
        buried = carried.letters.count
    }

    init(_ letter: DeadLetter, due: Int64) {
        event = letter.event
        order = letter.order
        key = letter.id
        pending = [letter.handler: 0]
        self.due = due
        isKept = true
    }

    /// The letter for a handler that failed for good.
    func letter(to handler: String, _ problem: Problem, failures: Int, now: Int64) -> DeadLetter {
        // One that was a letter before is that letter again.
        let id = key.contains(".") ? key : "\(key).\(buried)"
        return DeadLetter(
            id: id, event: event, handler: handler, failures: failures, problem: problem, time: now, order: order)
    }

    var document: Value {
        var document: Value = [
            "event": event.document, "order": .number(order), "due": .integer(due), "buried": .integer(buried),
        ]
        document["pending"] = pending.map { .map(ValueMap($0.map { (.text($0.key), .integer($0.value)) })) }
        return document
    }

    init(_ record: Record) throws(Problem) {
        let document = record.value
        guard let event = document["event"], let order = document["order"]?.integer.flatMap(UInt64.init(exactly:)) else {
            throw Problem("spool.malformed", "the event ‘\(record.name.key)’ in the spool cannot be read")
        }
        self.event = try Event(document: event)
        self.order = order
        key = record.name.key
        if let map = document["pending"]?.map {
            var pending: [String: Int] = [:]
            for (handler, failures) in map { if let key = handler.text { pending[key] = failures.integer ?? 0 } }
            self.pending = pending
        }
        due = document["due"]?.integer.map(Int64.init) ?? .min
        buried = document["buried"]?.integer ?? 0
        isKept = true
    }
}
