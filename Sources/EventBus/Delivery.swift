// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// To which of the handlers of its entity an event is to be given.
public struct Delivery: Sendable, Hashable {
    /// Only these, by their keys; nil is all.
    public var only: Set<String>?
    /// Not these: they have not had an earlier event yet.
    public var waiting: Set<String>

    /// Makes it.
    public init(only: Set<String>? = nil, waiting: Set<String> = []) {
        self.only = only
        self.waiting = waiting
    }

    /// What came of it.
    public struct Outcome: Sendable, Hashable {
        /// Why handlers failed, by their keys. They are given the event again.
        public var failures: [String: Problem]
        /// The handlers among ``Delivery/waiting`` that are to have the event too.
        public var held: Set<String>
        /// Why nobody could say who the handlers are; nil if somebody could. It is tried again without end.
        public var problem: Problem?

        /// All have had it, or those that are said have not.
        public init(failures: [String: Problem] = [:], held: Set<String> = [], problem: Problem? = nil) {
            self.failures = failures
            self.held = held
            self.problem = problem
        }
    }
}

/// How often and when an event is given again to a handler that failed.
public struct RetryPolicy: Sendable, Hashable {
    /// How often it is tried before it is put aside.
    public var limit: Int
    /// How long to wait after the first failure, in milliseconds; after each further one it is twice as long.
    public var pause: Int64
    /// The longest wait, in milliseconds.
    public var longestPause: Int64

    /// Six tries within a quarter of a minute.
    public static let standard = RetryPolicy(limit: 6, pause: 500, longestPause: 60_000)

    /// Makes it.
    public init(limit: Int, pause: Int64, longestPause: Int64) {
        self.limit = max(1, limit)
        self.pause = max(1, pause)
        self.longestPause = max(1, longestPause)
    }

    /// How long to wait after some failures in a row.
    func pause(after failures: Int) -> Int64 {
        let (doubled, isTooLong) = pause.multipliedReportingOverflow(by: 1 << Int64(min(max(0, failures - 1), 40)))
        return isTooLong ? longestPause : min(doubled, longestPause)
    }
}

/// An event that one handler did not take, however often it was tried.
public struct DeadLetter: Sendable, Hashable {
    /// Names it on its host.
    public var id: String
    /// The event.
    public var event: Event
    /// The handler's key.
    public var handler: String
    /// How often it was tried.
    public var failures: Int
    /// Why it failed the last time.
    public var problem: Problem
    /// When it was put aside, in milliseconds since 1970 UTC.
    public var time: Int64
    /// The event's place among all that came.
    var order: UInt64
}

extension DeadLetter {
    static let collection = "dead"

    /// The letter as a document: `{"id", "event", "handler", "failures", "problem", "time"}`.
    public var document: Value {
        [
            "id": .text(id), "event": event.document, "handler": .text(handler), "failures": .integer(failures),
            "problem": problem.value, "time": .integer(time),
        ]
    }

    var record: Record {
        var document = document
        document["order"] = .number(order)
        return Record(Self.collection, id, document)
    }

    init(_ record: Record) throws(Problem) {
        let document = record.value
        guard let event = document["event"], let handler = document["handler"]?.text, let problem = document["problem"] else {
            throw Problem("spool.malformed", "the dead letter ‘\(record.name.key)’ cannot be read")
        }
        self.init(
            id: record.name.key, event: try Event(document: event), handler: handler,
            failures: document["failures"]?.integer ?? 0, problem: Problem(value: problem),
            time: document["time"]?.integer.map(Int64.init) ?? 0,
            order: document["order"]?.integer.flatMap(UInt64.init(exactly:)) ?? 0)
    }
}
