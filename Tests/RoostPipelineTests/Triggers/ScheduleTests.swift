import Foundation
import RoostModel
import RoostPipeline
import Testing

@Suite("Schedules")
struct ScheduleTests {
    private static func date(_ text: String) -> Date {
        (try? Date(text, strategy: .iso8601)) ?? .distantPast
    }

    @Test(
        "the next moment of a cron expression",
        arguments: [
            ("0 3 * * *", "2026-11-25T02:59:30Z", "2026-11-25T03:00:00Z"),
            ("0 3 * * *", "2026-11-25T03:00:00Z", "2026-11-26T03:00:00Z"),
            ("*/15 * * * *", "2026-12-31T23:50:00Z", "2027-01-01T00:00:00Z"),
            ("0 0 * * Mon", "2026-11-25T00:00:00Z", "2026-11-30T00:00:00Z"),
            ("30 8 1 * *", "2026-11-25T00:00:00Z", "2026-12-01T08:30:00Z"),
            ("0 0 29 2 *", "2026-11-25T00:00:00Z", "2028-02-29T00:00:00Z"),
            ("0 0 13 * 5", "2026-11-25T00:00:00Z", "2026-11-27T00:00:00Z"),
            ("59 23 31 dec *", "2026-11-25T00:00:00Z", "2026-12-31T23:59:00Z"),
            ("0 12 * * 1-5", "2026-11-27T12:00:00Z", "2026-11-30T12:00:00Z"),
            ("0 0 31 * *", "2026-11-25T00:00:00Z", "2026-12-31T00:00:00Z"),
            ("5,10 4-6/2 * * *", "2026-11-25T04:10:00Z", "2026-11-25T06:05:00Z"),
            ("0 0 * * 7", "2026-11-25T00:00:00Z", "2026-11-29T00:00:00Z"),
        ]
    )
    func next(text: String, after: String, next: String) throws {
        #expect(try CronExpression(text).next(after: Self.date(after)) == Self.date(next))
    }

    @Test("a day that never comes has no next moment")
    func never() throws {
        #expect(try CronExpression("0 0 30 2 *").next(after: Self.date("2026-11-25T00:00:00Z")) == nil)
    }

    @Test("each moment up to any later one is found by going from one to the next", arguments: 0..<50)
    func agreement(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let texts = ["*/7 * * * *", "0 */5 * * *", "13 1,2 * * 1-5", "0 0 1,15 * *", "0 6 * * Sun"]
        let cron = try CronExpression(texts[Int.random(in: 0..<texts.count, using: &generator)])
        let start = Date(
            timeIntervalSince1970: Double(Int.random(in: 1_700_000_000...1_900_000_000, using: &generator))
        )
        let end = start + Double(Int.random(in: 1...(20 * 86_400), using: &generator))
        var moments: [Date] = []
        var from = start
        while let next = cron.next(after: from), next <= end {
            #expect(next > from)
            moments.append(next)
            from = next
        }
        #expect(cron.last(upTo: end, after: start) == moments.last)
    }

    private static func entry(_ cron: String, handled: String) throws -> ScheduleEntry {
        ScheduleEntry(schedule: ScheduleTrigger(cron: try CronExpression(cron)), handledUpTo: date(handled))
    }

    @Test("a moment is due once, a missed one is made up for once, and one too long ago is left out")
    func standing() throws {
        let entry = try Self.entry("0 3 * * *", handled: "2026-11-24T03:00:00Z")
        let early = planSchedule(entry, at: Self.date("2026-11-25T02:59:59Z"), catchUp: 3600)
        #expect(early.due == nil)
        #expect(early.next == Self.date("2026-11-25T03:00:00Z"))
        let due = planSchedule(entry, at: Self.date("2026-11-25T03:00:01Z"), catchUp: 3600)
        #expect(due.due == Self.date("2026-11-25T03:00:00Z"))
        #expect(!due.isMissed)
        let handled = try Self.entry("0 3 * * *", handled: "2026-11-25T03:00:00Z")
        #expect(planSchedule(handled, at: Self.date("2026-11-25T03:00:02Z"), catchUp: 3600).due == nil)
        // The server was away for three days: only the newest moment counts.
        let away = planSchedule(entry, at: Self.date("2026-11-27T03:20:00Z"), catchUp: 3600)
        #expect(away.due == Self.date("2026-11-27T03:00:00Z"))
        #expect(!away.isMissed)
        #expect(planSchedule(entry, at: Self.date("2026-11-27T05:00:00Z"), catchUp: 3600).isMissed)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var always: Bool
        var batch: Bool
        var changed: Bool
        var active: Bool
        var queues: Bool

        var testDescription: String { "always \(always) batch \(batch) changed \(changed) active \(active)" }
    }

    @Test(
        "always and batch decide as the table of the language says",
        arguments: [
            Row(always: false, batch: false, changed: true, active: false, queues: true),
            Row(always: false, batch: false, changed: true, active: true, queues: true),
            Row(always: false, batch: false, changed: false, active: false, queues: false),
            Row(always: false, batch: true, changed: true, active: true, queues: false),
            Row(always: false, batch: true, changed: true, active: false, queues: true),
            Row(always: true, batch: false, changed: false, active: false, queues: true),
            Row(always: true, batch: true, changed: false, active: true, queues: true),
        ]
    )
    func table(_ row: Row) throws {
        let schedule = ScheduleTrigger(cron: try CronExpression("0 3 * * *"), batch: row.batch, always: row.always)
        let facts = ScheduleFacts(
            commit: row.changed ? "b" : "a",
            revision: 1,
            lastSuccess: ScheduleFacts.Success(number: "5", commit: "a", revision: 1),
            activeRun: row.active ? "6" : nil
        )
        let snapshot = TriggerSnapshot(triggers: PipelineTriggers())
        let verdict = planDueSchedule(schedule, facts, .scheduleDue, snapshot)
        #expect((verdict == .queue(.scheduleDue)) == row.queues)
    }

    @Test("changed settings count as a change of the sources; settings and disabling turn schedules off")
    func settings() throws {
        let schedule = ScheduleTrigger(cron: try CronExpression("0 3 * * *"))
        let facts = ScheduleFacts(
            commit: "a",
            revision: 2,
            lastSuccess: ScheduleFacts.Success(number: "5", commit: "a", revision: 1)
        )
        let on = TriggerSnapshot(triggers: PipelineTriggers())
        #expect(planDueSchedule(schedule, facts, .scheduleDue, on) == .queue(.scheduleDue))
        let off = TriggerSnapshot(settings: TriggerSettings(schedules: false), triggers: PipelineTriggers())
        #expect(planDueSchedule(schedule, facts, .scheduleDue, off).reason.code == "disabledBySettings")
        let disabled = TriggerSnapshot(isEnabled: false, triggers: PipelineTriggers())
        #expect(planDueSchedule(schedule, facts, .scheduleDue, disabled) == .skip(.pipelineDisabled))
    }
}
