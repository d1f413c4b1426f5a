// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// When a timer fires.
public enum TimerSchedule: Sendable, Hashable {
    /// Once, in milliseconds since 1970 UTC.
    case at(Int64)
    /// Again and again with an interval in milliseconds, first one interval after a moment.
    case every(Int64, from: Int64)
    /// As cron says it, by the clock on the wall of a zone.
    case cron(CronExpression, TimerZone)

    /// The shortest interval, in milliseconds.
    public static let intervalLimit: Int64 = 1000

    /// The first time after a moment, in milliseconds since 1970 UTC; nil if there is none.
    public func next(after moment: Int64) -> Int64? {
        switch self {
        case .at(let time): return time > moment ? time : nil
        case .every(let interval, let start):
            let count = max(0, (moment - start).flooredQuotient(interval)) + 1
            return start + count * interval
        case .cron(let expression, let zone):
            var minute = zone.local(moment.flooredQuotient(1000)).flooredQuotient(60)
            while let found = expression.next(after: minute) {
                let time = zone.moment(local: found * 60) * 1000
                if time > moment { return time }
                minute = found
            }
            return nil
        }
    }

    /// Fails if it never comes, or would come too often.
    func check() throws(Problem) {
        switch self {
        case .at(let time): try Self.check(time, "time")
        case .every(let interval, let start):
            guard interval >= Self.intervalLimit else {
                throw Problem(
                    "timer.invalid-interval", "an interval of \(interval) ms is too short",
                    hint: "it is at least \(Self.intervalLimit) ms")
            }
            try Self.check(interval, "interval")
            try Self.check(start, "beginning")
        case .cron: break
        }
    }

    private static func check(_ time: Int64, _ what: String) throws(Problem) {
        // Beyond the year 5000 nobody waits; and numbers stay far from where they would overflow.
        guard (0...100_000_000_000_000).contains(time) else {
            throw Problem("timer.invalid-time", "the \(what) of a timer, \(time), is out of range", hint: "give milliseconds")
        }
    }
}

extension TimerSchedule {
    /// The keys that say it in the document of a timer.
    var entries: [(String, Value)] {
        switch self {
        case .at(let time): [("at", .integer(time))]
        case .every(let interval, let start): [("every", .integer(interval)), ("from", .integer(start))]
        case .cron(let expression, let zone):
            [("cron", .text(expression.description)), ("zone", .text(zone.description))]
        }
    }

    init(_ reader: DocumentReader) throws(Problem) {
        let kinds = ["at", "every", "cron"].filter { reader.optional($0) != nil }
        guard kinds.count == 1 else {
            throw DocumentReader.malformed("\(reader.subject) has not one of ‘at’, ‘every’ and ‘cron’, but \(kinds.count)")
        }
        switch kinds[0] {
        case "at": self = .at(try reader.integer("at"))
        case "every": self = .every(try reader.integer("every"), from: try reader.integer("from"))
        default:
            let zone = try reader.optionalText("zone").map { name throws(Problem) in try TimerZone(parsing: name) }
            self = .cron(try CronExpression(parsing: reader.text("cron")), zone ?? .utc)
        }
        try check()
    }
}
