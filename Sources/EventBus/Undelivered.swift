// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Floria
public import Support

/// The events that a host has taken in and not dealt with, at one moment.
public struct Undelivered: Sendable, Hashable {
    /// The events in the order of their coming, each with what the host has noted of it.
    public var events: [Event]
    /// Up to which event the host had taken in at that moment.
    public var position: UInt64

    /// Makes it.
    public init(events: [Event] = [], position: UInt64 = 0) {
        self.events = events
        self.position = position
    }

    /// `{"events", "position"}`.
    public var document: Value { ["events": .list(events.map(\.document)), "position": .number(position)] }

    /// Reads the document.
    ///
    /// - Throws: `bus.malformed`, and what reading events throws.
    public init(document: Value) throws(Problem) {
        guard let list = document["events"]?.list, let position = document["position"]?.integer else {
            throw Problem("bus.malformed", "what a host says of its events cannot be read")
        }
        self.init(position: UInt64(position))
        for event in list { events.append(try Event(document: event)) }
    }
}

extension Spool {
    /// The events that wait, also for some of their handlers only, and those that were put aside.
    public func undelivered() async throws(Problem) -> Undelivered {
        try await store.read { snapshot throws(Problem) in
            var notes = CarriedEvents()
            let (waiting, done) = try Self.load(snapshot)
            for entry in waiting { notes.add(entry) }
            var last = done.until
            while case let page = try snapshot.events(after: last, limit: 500), let end = page.last {
                for stored in page where !done.contains(stored.sequence) { notes.add(stored) }
                last = end.sequence
            }
            for letter in try Self.letters(in: snapshot) { notes.add(letter) }
            return Undelivered(events: notes.events, position: snapshot.sequence)
        }
    }

    /// Which of some events were taken in by the moment at which the spool had a position.
    public func taken(_ ids: [String], until position: UInt64) async throws(Problem) -> Set<String> {
        try await store.read { snapshot throws(Problem) in
            var taken: Set<String> = []
            for id in ids {
                if let sequence = try snapshot.sequence(ofEvent: id), sequence <= position { taken.insert(id) }
            }
            return taken
        }
    }
}

/// Events, each once, with all that is noted of it.
private struct CarriedEvents {
    private var notes: [String: (event: Event, order: UInt64, carried: CarriedEvent)] = [:]

    /// The events in the order of their coming.
    var events: [Event] {
        notes.values.sorted { ($0.order, $0.event.id) < ($1.order, $1.event.id) }.map { note in
            var event = note.event
            event.carried = note.carried.document
            return event
        }
    }

    private mutating func change(_ event: Event, _ order: UInt64, _ body: (inout CarriedEvent) -> Void) {
        var note = notes[event.id] ?? (event, order, CarriedEvent())
        note.order = min(note.order, order)
        body(&note.carried)
        notes[event.id] = note
    }

    /// Adds an entry that has a record.
    mutating func add(_ entry: SpoolEntry) {
        change(entry.event, entry.order) { carried in
            if let pending = entry.pending { carried.handlers?.formUnion(pending.keys) } else { carried.handlers = nil }
        }
    }

    /// Adds an event that nothing was done for yet, unless another host has done something.
    mutating func add(_ stored: StoredEvent) {
        let entry = SpoolEntry(stored)
        add(entry)
        guard let earlier = stored.event.carried.map(CarriedEvent.init(document:)) else { return }
        change(entry.event, entry.order) { $0.letters += earlier.letters }
    }

    /// Adds what was put aside.
    mutating func add(_ letter: DeadLetter) {
        change(letter.event, letter.order) { carried in
            carried.letters.append(
                CarriedEvent.Letter(
                    handler: letter.handler, failures: letter.failures, problem: letter.problem, time: letter.time))
        }
    }
}
