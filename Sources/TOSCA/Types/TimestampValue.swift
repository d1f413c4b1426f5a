// SPDX-License-Identifier: Apache-2.0 OR MIT
import Support

/// Versions as values.
enum VersionValue {
    static let kind = "tosca:version"
}

/// Timestamps as values: RFC 3339, with leap seconds, or a date alone. An unknown offset, `-00:00`, is UTC.
struct TimestampValue: Comparable {
    static let kind = "tosca:timestamp"

    /// Minutes since 1970 UTC.
    private let minutes: Int
    /// Up to 60, which is a leap second.
    private let second: Int
    /// The digits of the fraction, without zeros at the end.
    private let fraction: String

    /// Parses a timestamp; nil if the text is none.
    init?(_ text: String) {
        let text = text.utf8.count == 10 ? text + "T00:00:00Z" : text
        let pattern =
            /([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})/
        guard let match = text.wholeMatch(of: pattern)?.output,
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3), let hour = Int(match.4),
            let minute = Int(match.5), let second = Int(match.6), let offset = Self.offset(match.8),
            (1...12).contains(month), (1...Self.days(month, year)).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        minutes = (Self.dayNumber(year, month, day) * 24 + hour) * 60 + minute - offset
        // A leap second is the last one of a day.
        if second == 60, (minutes % 1440 + 1440) % 1440 != 1439 { return nil }
        self.second = second
        var digits = match.7.map { String($0.dropFirst()) } ?? ""
        while digits.hasSuffix("0") { digits.removeLast() }
        fraction = digits
    }

    static func < (left: TimestampValue, right: TimestampValue) -> Bool {
        (left.minutes, left.second, left.fraction) < (right.minutes, right.second, right.fraction)
    }

    /// The offset in minutes east of UTC.
    private static func offset(_ text: Substring) -> Int? {
        if text == "Z" || text == "z" { return 0 }
        let parts = text.dropFirst().split(separator: ":").compactMap { Int($0) }
        guard parts.count == 2, parts[0] < 24, parts[1] < 60 else { return nil }
        return (text.first == "-" ? -1 : 1) * (parts[0] * 60 + parts[1])
    }

    private static func days(_ month: Int, _ year: Int) -> Int {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// The days since 1970-01-01, counted in years that begin in March.
    private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
