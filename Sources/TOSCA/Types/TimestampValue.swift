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
        var reader = TimestampReader(text)
        guard let year = reader.number(4), reader.skip("-"), let month = reader.number(2), reader.skip("-"),
            let day = reader.number(2), (1...12).contains(month), (1...Self.days(month, year)).contains(day)
        else { return nil }
        var time = (hour: 0, minute: 0, second: 0, fraction: "", offset: 0)
        if !reader.isAtEnd {
            guard reader.skip("Tt"), let hour = reader.number(2), reader.skip(":"), let minute = reader.number(2),
                reader.skip(":"), let second = reader.number(2), let fraction = reader.fraction(), let offset = reader.offset(),
                reader.isAtEnd, hour < 24, minute < 60, second <= 60
            else { return nil }
            time = (hour, minute, second, fraction, offset)
        }
        minutes = (Self.dayNumber(year, month, day) * 24 + time.hour) * 60 + time.minute - time.offset
        // A leap second is the last one of a day.
        if time.second == 60, (minutes % 1440 + 1440) % 1440 != 1439 { return nil }
        second = time.second
        fraction = time.fraction
    }

    static func < (left: TimestampValue, right: TimestampValue) -> Bool {
        (left.minutes, left.second, left.fraction) < (right.minutes, right.second, right.fraction)
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

/// Reads the parts of a timestamp one after the other.
private struct TimestampReader {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    /// The number that so many digits make.
    mutating func number(_ count: Int) -> Int? {
        var number = 0
        for _ in 0..<count {
            guard let digit = digit() else { return nil }
            number = number * 10 + Int(digit)
        }
        return number
    }

    /// Passes one of some characters.
    mutating func skip(_ characters: String) -> Bool {
        guard let next = rest.first, characters.utf8.contains(next) else { return false }
        rest.removeFirst()
        return true
    }

    /// The digits of the fraction without zeros at the end; none if there is no fraction.
    mutating func fraction() -> String? {
        guard skip(".") else { return "" }
        var digits: [UInt8] = []
        while let digit = digit() { digits.append(digit) }
        if digits.isEmpty { return nil }
        while digits.last == 0 { digits.removeLast() }
        return digits.map(String.init).joined()
    }

    /// The offset in minutes east of UTC.
    mutating func offset() -> Int? {
        if skip("Zz") { return 0 }
        let isWest = skip("-")
        guard isWest || skip("+"), let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else {
            return nil
        }
        return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }

    private mutating func digit() -> UInt8? {
        guard let next = rest.first, (0x30...0x39).contains(next) else { return nil }
        rest.removeFirst()
        return next - 0x30
    }
}
