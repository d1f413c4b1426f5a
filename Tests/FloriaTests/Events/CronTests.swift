// SPDX-License-Identifier: Apache-2.0 OR MIT
import Floria
import Support
import Testing

@Suite struct ScheduleTests {
    /// Milliseconds since 1970 UTC.
    private static func moment(_ text: String) throws -> Int64 {
        let numbers = text.split(whereSeparator: { "-T: ".contains($0) }).compactMap { Int64($0) }
        var days: Int64 = 0
        for year in 1970..<numbers[0] { days += Self.isLeap(year) ? 366 : 365 }
        let lengths: [Int64] = [31, Self.isLeap(numbers[0]) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        days += lengths.prefix(Int(numbers[1]) - 1).reduce(0, +) + numbers[2] - 1
        return ((days * 24 + numbers[3]) * 60 + numbers[4]) * 60_000
    }

    private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private func next(_ cron: String, _ zone: String = "UTC", after moment: String) throws -> Int64? {
        let schedule = TimerSchedule.cron(try CronExpression(parsing: cron), try TimerZone(parsing: zone))
        return schedule.next(after: try Self.moment(moment))
    }

    @Test(
        arguments: [
            ("* * * * *", "2026-11-25 09:30", "2026-11-25 09:31"),
            ("0 * * * *", "2026-11-25 09:30", "2026-11-25 10:00"),
            ("*/15 * * * *", "2026-11-25 09:30", "2026-11-25 09:45"),
            ("10-20/5 9 * * *", "2026-11-25 09:15", "2026-11-25 09:20"),
            ("10-20/5 9 * * *", "2026-11-25 09:20", "2026-11-26 09:10"),
            ("50/5 * * * *", "2026-11-25 09:51", "2026-11-25 09:55"),
            ("30 3 * * mon-fri", "2026-11-27 04:00", "2026-11-30 03:30"),
            ("0 0 * * 7", "2026-11-25 00:00", "2026-11-29 00:00"),
            ("0 0 * * Fri-Sun", "2026-11-29 00:00", "2026-12-04 00:00"),
            ("0 0 1 jan,JUL *", "2026-02-01 00:00", "2026-07-01 00:00"),
            ("0 0 29 2 *", "2096-02-29 00:00", "2104-02-29 00:00"),
            ("0 0 31 * *", "2026-04-01 00:00", "2026-05-31 00:00"),
            // If both days are given either is enough; with a star both count.
            ("0 0 13 * fri", "2026-11-25 00:00", "2026-11-27 00:00"),
            ("0 0 */2 * fri", "2026-11-25 00:00", "2026-11-27 00:00"),
            ("59 23 31 12 *", "2026-12-31 23:59", "2027-12-31 23:59"),
        ])
    func `a cron expression gives the next time`(cron: String, after: String, expected: String) throws {
        #expect(try next(cron, after: after) == (try Self.moment(expected)))
    }

    @Test(
        arguments: [
            "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
            "a * * * *", "1-0 * * * *", "*/0 * * * *", "*/x * * * *", "1,,2 * * * *", "1- * * * *", "-1 * * * *",
            "1/2/3 * * * *",
            "* * * feb-jan *", "0 0 31 2 *", "0 0 30 feb *", "٣ * * * *", "99999999999999999999 * * * *",
        ])
    func `what is no cron expression is refused`(cron: String) async throws {
        let found = try await problem { _ = try CronExpression(parsing: cron) }
        #expect(found.code == "timer.invalid-cron")
    }

    @Test(
        arguments: [
            ("30 3 * * *", "+05:30", "2026-11-25 00:00", "2026-11-25 22:00"),
            ("30 3 * * *", "-08:00", "2026-11-25 00:00", "2026-11-25 11:30"),
            ("0 12 * * *", "Europe/Berlin", "2026-07-01 00:00", "2026-07-01 10:00"),
            ("0 12 * * *", "Europe/Berlin", "2026-12-01 00:00", "2026-12-01 11:00"),
            // Clocks are set forward: the hour from 2 to 3 is left out.
            ("30 2 * * *", "Europe/Berlin", "2026-03-29 00:00", "2026-03-29 01:30"),
            // Clocks are set back: what comes twice counts once.
            ("30 2 * * *", "Europe/Berlin", "2026-10-25 00:00", "2026-10-25 00:30"),
            ("30 2 * * *", "Europe/Berlin", "2026-10-25 00:30", "2026-10-26 01:30"),
            // Beyond the last change that the database lists, the rule counts; in the south summer spans the new year.
            ("0 12 * * *", "America/New_York", "2090-07-01 00:00", "2090-07-01 16:00"),
            ("0 12 * * *", "America/New_York", "2090-12-01 00:00", "2090-12-01 17:00"),
            ("0 12 * * *", "Australia/Sydney", "2090-01-01 03:00", "2090-01-02 01:00"),
            ("0 12 * * *", "Australia/Sydney", "2090-07-01 03:00", "2090-07-02 02:00"),
            ("0 12 * * *", "Asia/Kathmandu", "2026-01-01 00:00", "2026-01-01 06:15"),
        ])
    func `a zone says what clocks show`(cron: String, zone: String, after: String, expected: String) throws {
        #expect(try next(cron, zone, after: after) == (try Self.moment(expected)))
    }

    @Test(arguments: [
        "", "Nowhere/Land", "../../../etc/passwd", "Europe/../UTC", "/etc/passwd", "+2:00", "+19:00", "tzdata.zi", "Europe",
    ])
    func `what is no zone is refused`(zone: String) async throws {
        let found = try await problem { _ = try TimerZone(parsing: zone) }
        #expect(found.code == "timer.unknown-zone")
    }

    @Test func `an interval goes on from its beginning, whenever it is looked at`() throws {
        let schedule = TimerSchedule.every(5000, from: 1000)
        #expect(schedule.next(after: 0) == 6000)
        #expect(schedule.next(after: 5999) == 6000)
        #expect(schedule.next(after: 6000) == 11_000)
        #expect(schedule.next(after: 1_000_000_000) == 1_000_001_000)
    }
}
