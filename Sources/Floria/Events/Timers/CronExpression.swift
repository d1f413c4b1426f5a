// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// When something happens again and again, as cron says it: minute, hour, day of the month, month, and day of the week.
///
/// A field is `*` or a list of numbers, names and ranges, each with an optional step: `*/15`, `1-5`, `mon,fri`,
/// `0-30/10`. Sunday is 0 and 7. If both the day of the month and the day of the week are given, either is enough.
public struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// How far ahead a time is looked for: from one 29 February to the next it can be eight years.
    private static let horizon = 9 * 366

    private var minutes: UInt64
    private var hours: UInt64
    private var days: UInt64
    private var months: UInt64
    private var weekdays: UInt64
    private var isEitherDayEnough: Bool

    /// The expression as it was written.
    public let description: String

    /// Parses an expression.
    ///
    /// - Throws: `timer.invalid-cron`.
    public init(parsing text: String) throws(Problem) {
        let fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" })
        guard fields.count == 5 else {
            throw Self.invalid(text, "it has \(fields.count) fields and not five")
        }
        description = fields.joined(separator: " ")
        minutes = try CronField.minute.parse(fields[0], of: text)
        hours = try CronField.hour.parse(fields[1], of: text)
        days = try CronField.day.parse(fields[2], of: text)
        months = try CronField.month.parse(fields[3], of: text)
        weekdays = try CronField.weekday.parse(fields[4], of: text)
        weekdays |= weekdays >> 7 & 1
        isEitherDayEnough = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard next(after: 0) != nil else { throw Self.invalid(text, "there is no such day") }
    }

    static func invalid(_ text: String, _ why: String) -> Problem {
        Problem(
            "timer.invalid-cron", "‘\(text)’ is no time of cron: \(why)",
            hint: "write MINUTE HOUR DAY MONTH WEEKDAY, for example ‘30 3 * * mon-fri’")
    }

    /// The first minute after another one, both counted from the beginning of 1970 by the clock on the wall; nil if there is
    /// none.
    func next(after minute: Int64) -> Int64? {
        let start = minute + 1
        let today = start.flooredQuotient(1440)
        for day in today..<today + Int64(Self.horizon) where isWanted(day: day) {
            let first = day == today ? Int(start - today * 1440) : 0
            if let time = (first..<1440).first(where: { hours >> ($0 / 60) & 1 == 1 && minutes >> ($0 % 60) & 1 == 1 }) {
                return day * 1440 + Int64(time)
            }
        }
        return nil
    }

    private func isWanted(day: Int64) -> Bool {
        let date = CivilDate(day: day)
        guard months >> date.month & 1 == 1 else { return false }
        let isDay = days >> date.day & 1 == 1
        let isWeekday = weekdays >> date.weekday & 1 == 1
        return isEitherDayEnough ? isDay || isWeekday : isDay && isWeekday
    }
}

/// One of the fields of an expression.
private struct CronField {
    let name: String
    let range: ClosedRange<Int>
    var names: [String] = []

    static let minute = CronField(name: "minute", range: 0...59)
    static let hour = CronField(name: "hour", range: 0...23)
    static let day = CronField(name: "day of the month", range: 1...31)
    static let month = CronField(
        name: "month", range: 1...12,
        names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
    static let weekday = CronField(
        name: "day of the week", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun"])

    /// The numbers of a field as bits.
    func parse(_ field: Substring, of text: String) throws(Problem) -> UInt64 {
        var bits: UInt64 = 0
        for item in field.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let first = parts.first, parts.count <= 2 else { throw invalid(item, text) }
            var step = 1
            if parts.count == 2 {
                guard let number = Int(parts[1]), (1...60).contains(number) else { throw invalid(item, text) }
                step = number
            }
            let numbers = try numbers(first, hasStep: parts.count == 2, of: text)
            for number in stride(from: numbers.lowerBound, through: numbers.upperBound, by: step) { bits |= 1 << number }
        }
        return bits
    }

    private func numbers(_ item: Substring, hasStep: Bool, of text: String) throws(Problem) -> ClosedRange<Int> {
        if item == "*" { return range }
        let ends = item.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let low = ends.first.flatMap({ number($0) }) else { throw invalid(item, text) }
        guard ends.count == 2 else { return low...(hasStep ? range.upperBound : low) }
        guard let high = number(ends[1], isEnd: true), low <= high else { throw invalid(item, text) }
        return low...high
    }

    private func number(_ text: Substring, isEnd: Bool = false) -> Int? {
        let name = text.lowercased()
        // A range may end with Sunday.
        let index = isEnd ? names.lastIndex(of: name) : names.firstIndex(of: name)
        if let index { return index + range.lowerBound }
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text) else { return nil }
        return range.contains(number) ? number : nil
    }

    private func invalid(_ item: Substring, _ text: String) -> Problem {
        CronExpression.invalid(text, "‘\(item)’ is no \(name) from \(range.lowerBound) to \(range.upperBound)")
    }
}
