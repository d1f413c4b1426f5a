// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// Makes events at times that are known before.
///
/// A timer is a record. It is removed with the entity that it is attached to.
public struct EventTimer: Sendable, Hashable {
    /// The collection of the records.
    public static let collection = "timers"
    /// By how much a timer may be late before that counts as missed, in milliseconds.
    public static let tolerance: Int64 = 60_000

    /// What happens at a time that was missed, because nobody was there or the clock was set.
    public enum Misfire: String, Sendable, Hashable, CaseIterable {
        /// It fires once, as soon as it can, however often it was missed.
        case once
        /// It doesn't fire.
        case skip
    }

    /// Its name among the timers of its target.
    public var name: String
    /// What its events happen to.
    public var target: EventTarget
    /// The type of the events.
    public var type: String
    /// The data of the events.
    public var payload: Value
    /// How the events spread.
    public var propagation: Propagation?
    /// When it fires.
    public var schedule: TimerSchedule
    /// What happens at times that were missed.
    public var misfire: Misfire
    /// When it fires next, in milliseconds since 1970 UTC; set where it is added.
    public var next: Int64

    /// Makes a timer.
    public init(
        name: String, target: EventTarget, type: String, payload: Value = .null, propagation: Propagation? = nil,
        schedule: TimerSchedule, misfire: Misfire = .once
    ) {
        self.name = name
        self.target = target
        self.type = type
        self.payload = payload
        self.propagation = propagation
        self.schedule = schedule
        self.misfire = misfire
        next = 0
    }

    /// The key of its record.
    public var key: RecordKey { Self.key(name, of: target) }

    static func key(_ name: String, of target: EventTarget) -> RecordKey {
        RecordKey(collection, keyPrefix(target) + name)
    }

    /// Whether it fires more than once.
    var repeats: Bool { if case .at = schedule { false } else { true } }

    /// What the keys of all timers of a target begin with.
    package static func keyPrefix(_ target: EventTarget) -> String { "\(target.documentText)\u{1}" }

    /// Fails if something of it isn't valid.
    func check() throws(Problem) {
        try Event.check(name, "timer", limit: ID.nameLengthLimit)
        try Event.check(type, "type", limit: ID.nameLengthLimit)
        try schedule.check()
        // The ID of an event holds the key and a little more.
        guard key.key.utf8.count <= StoreLimits.keyLength - 64 else {
            throw Problem("timer.invalid-name", "the timer ‘\(name)’ and what it is attached to have too long names")
        }
    }

    /// The timer's events for the time at which it is due, one for each entity of the target, and why some have none.
    func events(now: Int64, in snapshot: any Snapshot) throws(Problem) -> (events: [Event], problems: [Problem]) {
        let (entities, isCut) = try target.entities(in: snapshot)
        let id = "timer:\(target.documentText):\(name):\(next)"
        var (events, problems) = ([Event](), [Problem]())
        if isCut {
            problems.append(
                Problem(
                    "event.cut",
                    "the timer ‘\(name)’ of ‘\(target.documentText)’ reaches only the first \(Propagation.limit) entities"))
        }
        for entity in entities {
            let event = Event(
                id: target == .entity(entity) ? id : "\(id)@\(entity.documentText)", type: type, entity: entity,
                payload: payload, time: now, propagation: propagation)
            do throws(Problem) {
                try event.check()
                events.append(event)
            } catch { problems.append(error) }
        }
        return (events, problems)
    }
}

extension EventTimer {
    private static let keys: Set<String> = [
        "name", "target", "type", "payload", "propagation", "at", "every", "from", "cron", "zone", "misfire", "next",
    ]

    /// The timer as a document: `{"name", "target", "type", "payload", "propagation", "misfire", "next"}`, with `at`, with
    /// `every` and `from`, or with `cron` and `zone`.
    public var document: Value {
        var writer = DocumentWriter()
        writer.put("name", name)
        writer.put("target", target.documentText)
        writer.put("type", type)
        writer.put("payload", payload == .null ? nil : payload)
        writer.put("propagation", propagation?.document)
        for (key, value) in schedule.entries { writer.put(key, value) }
        writer.put("misfire", misfire.rawValue)
        writer.put("next", .integer(next))
        return writer.document
    }

    /// Reads a timer's document.
    ///
    /// - Throws: `floria.malformed-document`, `floria.malformed-id`, `timer.invalid-cron` and others of `timer`.
    public init(document: Value) throws(Problem) {
        let reader = try DocumentReader(document, "a timer", keys: Self.keys)
        self.init(
            name: try reader.text("name"), target: try EventTarget(documentText: reader.text("target")),
            type: try reader.text("type"), payload: reader.optional("payload") ?? .null,
            schedule: try TimerSchedule(reader))
        propagation = try reader.optional("propagation").map { value throws(Problem) in try Propagation(document: value) }
        if let text = try reader.optionalText("misfire") {
            guard let misfire = Misfire(rawValue: text) else {
                throw DocumentReader.malformed("‘misfire’ of a timer is neither ‘once’ nor ‘skip’")
            }
            self.misfire = misfire
        }
        next = try reader.integer("next", default: 0)
        try check()
    }
}

extension Snapshot {
    /// The timers of a target, or all timers; in order of target and name.
    public func timers(of target: EventTarget? = nil) throws(Problem) -> [EventTimer] {
        var timers: [EventTimer] = []
        let prefix = target.map(EventTimer.keyPrefix) ?? ""
        for record in try records(EventTimer.collection, prefix: prefix, after: nil, limit: .max) {
            timers.append(try EventTimer(document: record.value))
        }
        return timers
    }
}
