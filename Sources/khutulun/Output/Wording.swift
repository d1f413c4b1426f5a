// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support

extension Value {
    /// The value for people: texts as they are, all else as JSON, in which custom values are as they were written.
    var words: String {
        let readable = self.readable
        return readable.text ?? JSON.encode(readable)
    }

    private var readable: Value {
        if let secret = SecretReference(self) { return .text("(\(secret))") }
        return switch self {
        case .custom(_, let inner): inner["text"] ?? inner.readable
        case .list(let items): .list(items.map(\.readable))
        case .map(let map): .map(ValueMap(map.map { ($0.key.readable, $0.value.readable) }))
        default: self
        }
    }

    /// The text at a key, or the value there as JSON; nothing if there is none.
    func words(_ key: String) -> String {
        guard let value = self[key], !value.isNull else { return "" }
        return value.words
    }

    /// The texts in the list at a key.
    func texts(_ key: String) -> [String] { (self[key]?.list ?? []).map(\.words) }

    /// The entries of the map at a key, by the words of their keys.
    func entries(_ key: String) -> [(name: String, value: Value)] {
        (self[key]?.map ?? ValueMap()).map { ($0.key.words, $0.value) }
    }

    /// The moment at a key, in milliseconds since 1970 UTC, for people; nothing if there is none.
    func moment(_ key: String) -> String { self[key]?.integer.map(Wording.moment) ?? "" }

    /// The duration at a key, in milliseconds, for people; nothing if there is none.
    func duration(_ key: String) -> String { self[key]?.integer.map(Wording.duration) ?? "" }
}

/// How times are written for people.
enum Wording {
    /// A moment in milliseconds since 1970: `2026-03-01 12:00:05Z`.
    static func moment(_ milliseconds: Int) -> String {
        let seconds = milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86400)
        let date = civil(days: rest < 0 ? days - 1 : days)
        let time = rest < 0 ? rest + 86400 : rest
        let clock = [time / 3600, time / 60 % 60, time % 60].map(two).joined(separator: ":")
        return "\(date.year)-\(two(date.month))-\(two(date.day)) \(clock)Z"
    }

    /// A duration in milliseconds, in its largest unit or two: `3 s`, `2 min 5 s`, `1 h 10 min`, `4 d 2 h`.
    static func duration(_ milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds) ms" }
        let units = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        let seconds = milliseconds / 1000
        let first = units.firstIndex { seconds >= $0.0 } ?? 3
        let parts = units[first..<min(first + 2, units.count)].enumerated().compactMap { offset, unit in
            let count = offset == 0 ? seconds / unit.0 : seconds % units[first].0 / unit.0
            return count > 0 ? "\(count) \(unit.1)" : nil
        }
        return parts.joined(separator: " ")
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

    /// The date in the Gregorian calendar of a number of days since 1970. Years are counted from March, so that the day
    /// that comes only sometimes is the last of one.
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}
