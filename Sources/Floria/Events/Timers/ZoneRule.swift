// SPDX-License-Identifier: Apache-2.0 OR MIT

/// A rule that holds for all years, in the form of POSIX: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule: Sendable {
    /// A moment of each year by the clock on the wall.
    private struct Change {
        var month: Int
        /// From 1; 5 is the last one of the month.
        var week: Int
        var weekday: Int
        var seconds: Int64

        /// The time of the clock on the wall in a year.
        func local(in year: Int) -> Int64 {
            let first = CivilDate(year: year, month: month, day: 1)
            let next = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
            var day = first.number + Int64((weekday - first.weekday + 7) % 7 + (week - 1) * 7)
            while day >= next.number { day -= 7 }
            return day * 86_400 + seconds
        }
    }

    /// Seconds ahead of UTC.
    private var standard: Int64
    private var summer: (offset: Int64, start: Change, end: Change)?

    /// Reads a rule; nil if it has another form than those which are in use.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard reader.skipName(), let west = reader.time() else { return nil }
        standard = -west
        guard reader.skipName() else {
            summer = nil
            if !reader.isAtEnd { return nil }
            return
        }
        var offset = standard + 3600
        if !reader.skip(","), let west = reader.time() {
            offset = -west
            guard reader.skip(",") else { return nil }
        }
        guard let start = Self.change(&reader), reader.skip(","), let end = Self.change(&reader), reader.isAtEnd else {
            return nil
        }
        summer = (offset, start, end)
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        guard reader.skip("M"), let month = reader.number(), (1...12).contains(month), reader.skip("."),
            let week = reader.number(), (1...5).contains(week), reader.skip("."), let weekday = reader.number(),
            (0...6).contains(weekday)
        else { return nil }
        var seconds: Int64 = 7200
        if reader.skip("/") {
            guard let time = reader.time() else { return nil }
            seconds = time
        }
        return Change(month: Int(month), week: Int(week), weekday: Int(weekday), seconds: seconds)
    }

    /// How many seconds the clocks are ahead of UTC at a moment.
    func offset(at moment: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = CivilDate(day: (moment + standard).flooredQuotient(86_400)).year
        let start = summer.start.local(in: year) - standard
        let end = summer.end.local(in: year) - summer.offset
        let isSummer = start < end ? (start..<end).contains(moment) : !(end..<start).contains(moment)
        return isSummer ? summer.offset : standard
    }
}

/// Reads the parts of a rule.
private struct RuleReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = Substring(text).utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skip(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    /// Skips the name of a time: letters, or anything within angle brackets.
    mutating func skipName() -> Bool {
        if skip("<") {
            rest = rest.drop { $0 != UInt8(ascii: ">") }
            return skip(">")
        }
        let name = rest.prefix { (0x41...0x5a).contains($0 & 0xdf) }
        rest = rest.dropFirst(name.count)
        return !name.isEmpty
    }

    mutating func number() -> Int64? {
        let digits = rest.prefix { (0x30...0x39).contains($0) }
        guard !digits.isEmpty, digits.count < 6 else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int64($1) - 0x30 }
    }

    /// Seconds, from `[±]H[:M[:S]]`.
    mutating func time() -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard var seconds = number().map({ $0 * 3600 }) else { return nil }
        for unit in [60, 1] as [Int64] where skip(":") {
            guard let number = number() else { return nil }
            seconds += number * unit
        }
        return isNegative ? -seconds : seconds
    }
}
