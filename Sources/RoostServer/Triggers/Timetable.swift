import FoundationEssentials
import RoostModel
import RoostPipeline

/// When repositories are looked at next, and what is being looked at.
struct Timetable: Sendable {
    var nextPoll: [PipelineID: Date] = [:]
    var nextRefresh: [PipelineID: Date] = [:]
    /// Schedules and polls under way, by name.
    var busy: Set<String> = []
}

/// What the clock calls for.
enum DueWork: Hashable, Sendable {
    case schedule(PipelineID, ScheduleKey, ScheduleStanding)
    case poll(PipelineID)
    case refresh(PipelineID)

    /// One of a name is done at a time.
    var name: String {
        switch self {
        case .schedule(let id, let key, _): "schedule \(id) \(key.text)"
        case .poll(let id): "poll \(id)"
        case .refresh(let id): "refresh \(id)"
        }
    }
}

/// What a pipeline has to do with the clock.
struct TimedPipeline: Sendable {
    var id: PipelineID
    var settings: TriggerSettings
    var state: PipelineTriggerState
}

/// Finds what is due at a moment, and when to look again.
///
/// - Parameters:
///   - pipelines: all that are enabled.
///   - table: polls and refreshes; those that are due get their next moment here.
///   - now: the present.
///   - catchUp: how late a schedule may be made up for.
///   - refresh: time between two readings of a pipeline's files.
///   - spread: a random factor, so that many pipelines are not looked at together.
/// - Returns: the work, and the nearest moment after it.
func planTime(
    _ pipelines: [TimedPipeline],
    _ table: inout Timetable,
    at now: Date,
    catchUp: Duration,
    refresh: Duration,
    spread: () -> Double
) -> (work: [DueWork], next: Date?) {
    var work: [DueWork] = []
    var next: Date?
    func look(at moment: Date?) { if let moment { next = min(next ?? moment, moment) } }
    let known = Set(pipelines.map(\.id))
    table.nextPoll = table.nextPoll.filter { known.contains($0.key) }
    table.nextRefresh = table.nextRefresh.filter { known.contains($0.key) }
    for pipeline in pipelines {
        if pipeline.settings.schedules {
            for key in pipeline.state.scheduleKeys {
                let entry = ScheduleEntry(
                    schedule: key.schedule,
                    handledUpTo: pipeline.state.handledUpTo[key.text] ?? now
                )
                let standing = planSchedule(entry, at: now, catchUp: catchUp.seconds)
                if standing.due != nil { work.append(.schedule(pipeline.id, key, standing)) }
                look(at: standing.next)
            }
        }
        if let interval = pipeline.settings.pollInterval {
            let moment = table.nextPoll[pipeline.id] ?? now
            if moment <= now { work.append(.poll(pipeline.id)) }
            let after = moment <= now ? now + Double(interval) * spread() : moment
            table.nextPoll[pipeline.id] = after
            look(at: after)
        } else {
            table.nextPoll[pipeline.id] = nil
        }
        let moment = table.nextRefresh[pipeline.id] ?? now
        if moment <= now { work.append(.refresh(pipeline.id)) }
        let after = moment <= now ? now + refresh.seconds * spread() : moment
        table.nextRefresh[pipeline.id] = after
        look(at: after)
    }
    return (work, next)
}
