// SPDX-License-Identifier: Apache-2.0 OR MIT
public import Support

/// What clocks on the wall show: UTC, a fixed distance from it, or the rules of a place.
///
/// The rules of places are those of the system's time zone database.
public struct TimerZone: Sendable, Hashable, CustomStringConvertible {
    /// Coordinated Universal Time.
    public static let utc = TimerZone(description: "UTC", rules: ZoneRules(offset: 0))

    /// `UTC`, `+02:00`, or the name of a place such as `Europe/Berlin`.
    public let description: String
    private let rules: ZoneRules

    private init(description: String, rules: ZoneRules) {
        self.description = description
        self.rules = rules
    }

    /// Parses a zone.
    ///
    /// - Throws: `timer.unknown-zone` if it is none, or if the system has no rules for the place.
    public init(parsing text: String) throws(Problem) {
        if text == "UTC" || text == "Z" {
            self = .utc
        } else if let seconds = Self.offset(text) {
            self.init(description: text, rules: ZoneRules(offset: seconds))
        } else {
            guard let rules = ZoneRules.load(text) else {
                throw Problem(
                    "timer.unknown-zone", "‘\(text)’ is no time zone that this system knows",
                    hint: "write UTC, a distance from it such as +02:00, or a name such as Europe/Berlin; the names are those "
                        + "below \(ZoneRules.folder), which the package tzdata brings")
            }
            self.init(description: text, rules: rules)
        }
    }

    /// The seconds that `±HH:MM` is ahead of UTC.
    private static func offset(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-"), bytes[3] == UInt8(ascii: ":")
        else { return nil }
        let digits = [bytes[1], bytes[2], bytes[4], bytes[5]].map { Int64($0) - 0x30 }
        guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let (hours, minutes) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        guard hours <= 18, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (bytes[0] == UInt8(ascii: "-") ? -1 : 1)
    }

    /// What the clock on the wall shows at a moment; both in seconds since the beginning of 1970.
    func local(_ moment: Int64) -> Int64 { moment + rules.offset(at: moment) }

    /// The moment at which the clock on the wall shows a time. Of a time that comes twice it is the first; a time that is left
    /// out comes later by what was left out.
    func moment(local: Int64) -> Int64 {
        let day: Int64 = 86_400
        let before = rules.offset(at: local - day)
        let candidates = [before, rules.offset(at: local + day)].map { local - $0 }.filter { self.local($0) == local }
        return candidates.min() ?? local - before
    }

    /// The moment at which clocks show a date and a time, `2026-12-24 18:00` or `2026-12-24T18:00:30`, in milliseconds since
    /// 1970 UTC.
    ///
    /// - Throws: `timer.invalid-time`.
    public func moment(parsing text: String) throws(Problem) -> Int64 {
        let invalid = Problem("timer.invalid-time", "‘\(text)’ is no date and time", hint: "write it as 2026-12-24 18:00")
        let halves = text.split(omittingEmptySubsequences: false) { $0 == " " || $0 == "T" }
        guard halves.count == 2 else { throw invalid }
        let date = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
        var time = halves[1].split(separator: ":", omittingEmptySubsequences: false).map(Self.number)
        if time.count == 2 { time.append(0) }
        guard date.count == 3, time.count == 3, let year = date[0], let month = date[1], let day = date[2], let hour = time[0],
            let minute = time[1], let second = time[2], (1970...9999).contains(year), hour < 24, minute < 60, second < 60
        else { throw invalid }
        let civil = CivilDate(year: year, month: month, day: day)
        guard (1...12).contains(month), CivilDate(day: civil.number) == civil else { throw invalid }
        return moment(local: civil.number * 86_400 + Int64((hour * 60 + minute) * 60 + second)) * 1000
    }

    private static func number(_ digits: Substring) -> Int? {
        digits.count <= 4 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
    }

    /// Whether both have the same name.
    public static func == (left: TimerZone, right: TimerZone) -> Bool { left.description == right.description }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
