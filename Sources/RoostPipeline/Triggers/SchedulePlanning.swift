public import FoundationEssentials
import RoostLanguage
import RoostModel

extension CronExpression {
    /// The first minute after a moment that it names; nil when there is none within eight years, as for 30 February.
    public func next(after moment: Date) -> Date? {
        let start = (moment.timeIntervalSince1970 / 60).rounded(.down) * 60 + 60
        var day = Int(start) / 86_400
        let last = day + 366 * 8
        var fromMinute = (Int(start) % 86_400) / 60
        while day <= last {
            let date = DateTime(seconds: day * 86_400)
            // 1970-01-01 was a Thursday.
            if includesDay(date.day, date.month, (day + 4) % 7), let minute = firstMinute(from: fromMinute) {
                return Date(timeIntervalSince1970: Double(day * 86_400 + minute * 60))
            }
            day += 1
            fromMinute = 0
        }
        return nil
    }

    /// The last minute up to a moment, that moment's minute included, that it names; not before a bound.
    public func last(upTo moment: Date, after bound: Date) -> Date? {
        var found: Date?
        var from = bound
        // Skips whole days where there are many moments.
        if let far = next(after: moment - 2 * 86_400), far <= moment, far > bound { from = max(bound, far - 60) }
        while let next = next(after: from), next <= moment {
            found = next
            from = next
        }
        return found
    }

    private func includesDay(_ day: Int, _ month: Int, _ weekday: Int) -> Bool {
        guard months.contains(month) else { return false }
        let inMonth = daysOfMonth.contains(day)
        let inWeek = daysOfWeek.contains(weekday)
        return isEitherDay ? inMonth || inWeek : inMonth && inWeek
    }

    private func firstMinute(from: Int) -> Int? {
        var best: Int?
        for hour in hours where hour >= from / 60 {
            for minute in minutes where hour * 60 + minute >= from {
                best = min(best ?? .max, hour * 60 + minute)
            }
        }
        return best
    }
}

/// One schedule of one branch of a pipeline, and how far it has been followed.
public struct ScheduleEntry: Hashable, Sendable {
    public var schedule: ScheduleTrigger
    /// The moment up to which everything due has been dealt with.
    public var handledUpTo: Date

    public init(schedule: ScheduleTrigger, handledUpTo: Date) {
        self.schedule = schedule
        self.handledUpTo = handledUpTo
    }
}

/// What is due of a schedule.
public struct ScheduleStanding: Hashable, Sendable {
    /// The newest moment that is due; older ones that were missed are not made up for one by one.
    public var due: Date?
    /// It is so late that it is left out.
    public var isMissed: Bool
    public var next: Date?
}

/// Where a schedule stands at a moment.
///
/// - Parameters:
///   - entry: the schedule, and up to when it was dealt with.
///   - now: the present.
///   - catchUp: how late a moment may be made up for.
/// - Returns: what is due, and when to look again.
public func planSchedule(_ entry: ScheduleEntry, at now: Date, catchUp: Double) -> ScheduleStanding {
    let cron = entry.schedule.cron
    let due = cron.last(upTo: now, after: entry.handledUpTo)
    return ScheduleStanding(
        due: due,
        isMissed: due.map { now.timeIntervalSince($0) > catchUp } ?? false,
        next: cron.next(after: now)
    )
}

/// What is known when a schedule is due.
public struct ScheduleFacts: Hashable, Sendable {
    /// The commit the branch stands at.
    public var commit: String
    /// Revision of the pipeline's settings.
    public var revision: Int
    /// The last run of this schedule and branch that succeeded.
    public var lastSuccess: Success?
    /// The number of a run of this schedule and branch that has not ended.
    public var activeRun: String?

    public struct Success: Hashable, Sendable {
        public var number: String
        public var commit: String
        public var revision: Int

        public init(number: String, commit: String, revision: Int) {
            self.number = number
            self.commit = commit
            self.revision = revision
        }
    }

    public init(commit: String, revision: Int, lastSuccess: Success? = nil, activeRun: String? = nil) {
        self.commit = commit
        self.revision = revision
        self.lastSuccess = lastSuccess
        self.activeRun = activeRun
    }
}

/// Judges a schedule that is due.
///
/// `always` begins a run at every moment, also beside one that goes on; else a change is needed, and with `batch` no run of it may
/// go on.
public func planDueSchedule(
    _ schedule: ScheduleTrigger,
    _ facts: ScheduleFacts,
    _ reason: TriggerReason,
    _ pipeline: TriggerSnapshot
) -> TriggerVerdict {
    if !pipeline.isEnabled { return .skip(.pipelineDisabled) }
    if !pipeline.settings.schedules { return .skip(.disabledBySettings("schedules")) }
    if schedule.always { return .queue(reason) }
    if let last = facts.lastSuccess, last.commit == facts.commit, last.revision == facts.revision {
        return .skip(.nothingChanged(since: last.number))
    }
    if schedule.batch, let run = facts.activeRun { return .skip(.runActive(run: run)) }
    return .queue(reason)
}
