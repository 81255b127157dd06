import FoundationEssentials
import Logging
import RoostModel
import RoostPipeline
import RoostStore
import Synchronization

extension TriggerService {
    /// Sleeps to the nearest moment of any pipeline and does what is due, until the server stops.
    func keepTime() async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let now = Date()
                let (work, next) = due(at: now)
                for item in work { group.addTask { await self.carryOut(item, at: now) } }
                await timer.wait(until: next, now: now)
            }
            group.cancelAll()
        }
    }

    /// What is due and not under way already.
    func due(at now: Date) -> (work: [DueWork], next: Date?) {
        let pipelines = plane.read { state in
            state.pipelines.values.filter(\.enabled).map { pipeline in
                TimedPipeline(
                    id: pipeline.id,
                    settings: pipeline.triggers,
                    state: state.triggers.pipelines[pipeline.id] ?? PipelineTriggerState()
                )
            }
        }.sorted { $0.id < $1.id }
        return timetable.withLock { table in
            let (work, next) = planTime(
                pipelines,
                &table,
                at: now,
                catchUp: plane.settings.scheduleCatchUp,
                refresh: plane.settings.scheduleRefresh,
                spread: { Double.random(in: 0.9...1.1) }
            )
            return (work.filter { table.busy.insert($0.name).inserted }, next)
        }
    }

    func carryOut(_ item: DueWork, at now: Date) async {
        switch item {
        case .schedule(let id, let key, let standing): await fire(key, standing, id, at: now)
        case .poll(let id): await poll(id)
        case .refresh(let id): await readTriggers(of: id)
        }
        timetable.withLock { _ = $0.busy.remove(item.name) }
    }

    // MARK: Schedules

    private func fire(_ key: ScheduleKey, _ standing: ScheduleStanding, _ id: PipelineID, at now: Date) async {
        guard let due = standing.due else { return }
        await work.perform(id) {
            guard let (pipeline, _) = self.pipeline(id) else { return }
            let handled: @Sendable (inout ControlState, inout ControlChange) -> Void = { state, change in
                state.triggers.update(id, &change) { $0.handledUpTo[key.text] = due }
            }
            // Somebody dealt with it while this one waited for its turn.
            let before = self.plane.read { $0.triggers.pipelines[id]?.handledUpTo[key.text] }
            guard let before, before < due else { return }
            let event = "'\(key.schedule.cron.text)' of \(key.ref), due \(due.minuteText)"
            let late = now.timeIntervalSince(due)
            if standing.isMissed {
                let reason = TriggerReason.missed(by: "\(Int(late / 60)) minutes")
                await self.keep(self.record("schedule", event, .skipped, reason), of: id, handled)
                return
            }
            let reason = late > 90 ? TriggerReason.caughtUp(missedAt: due.minuteText) : .scheduleDue
            await self.judge(key, pipeline, event, reason, handled)
        }
        timer.signal()
    }

    private func judge(
        _ key: ScheduleKey,
        _ pipeline: Pipeline,
        _ event: String,
        _ reason: TriggerReason,
        _ handled: @escaping @Sendable (inout ControlState, inout ControlChange) -> Void
    ) async {
        let id = pipeline.id
        do {
            let commit = try await plane.repositories.resolve(pipeline.repository, branch: key.ref, version: nil)
            let triggers: PipelineTriggers
            switch try await self.triggers(of: pipeline, at: commit) {
            case .success(let read): triggers = read
            case .failure(let problem):
                await keep(record("schedule", event, .failed, .fileUnreadable(problem.text)), of: id, handled)
                return
            }
            await note(triggers, at: commit, key.ref, pipeline)
            guard triggers.schedules.contains(key.schedule) else { return }
            let facts = try await facts(key, pipeline, commit)
            let verdict = planDueSchedule(key.schedule, facts, reason, snapshot(pipeline, triggers))
            guard case .queue(let reason) = verdict else {
                await keep(record("schedule", event, .skipped, verdict.reason), of: id, handled)
                return
            }
            var request = RunRequest(pipeline: id, branch: key.ref, version: commit.id)
            request.reason = .schedule
            request.cause = RunCause(
                schedule: RunSchedule(
                    displayName: key.schedule.displayName,
                    cron: key.schedule.cron.text,
                    revision: pipeline.revision
                )
            )
            let kept = await queue(request, "schedule", event, reason, handled)
            guard kept.outcome == .failed else { return }
            await keepHandled(id, handled)
        } catch {
            await keep(record("schedule", event, .failed, .queueFailed(error.summary)), of: id, handled)
        }
    }

    /// A moment that failed is over: the next one tries again, not the next second.
    private func keepHandled(
        _ id: PipelineID,
        _ handled: @escaping @Sendable (inout ControlState, inout ControlChange) -> Void
    ) async {
        _ = try? await plane.change { state, change in handled(&state, &change) }
    }

    private func facts(
        _ key: ScheduleKey,
        _ pipeline: Pipeline,
        _ commit: ResolvedCommit
    ) async throws(ControlError) -> ScheduleFacts {
        let isOwn: (Run) -> Bool = { run in
            run.reason == .schedule && run.cause.schedule?.cron == key.schedule.cron.text
                && run.cause.schedule?.displayName == key.schedule.displayName
        }
        let query = RunQuery(
            pipelines: [pipeline.id],
            completed: true,
            results: [.succeeded, .succeededWithIssues],
            branch: key.ref,
            limit: 200
        )
        let last = try await plane.runs(query).map(\.run).first(where: isOwn)
        let active = plane.read { state in
            state.runs.values.map(\.run).first {
                $0.pipeline == pipeline.id && $0.sourceBranch == key.ref && !$0.state.isCompleted && isOwn($0)
            }
        }
        return ScheduleFacts(
            commit: commit.id,
            revision: pipeline.revision,
            lastSuccess: last.map {
                ScheduleFacts.Success(
                    number: $0.number,
                    commit: $0.sourceVersion,
                    revision: $0.cause.schedule?.revision ?? 0
                )
            },
            activeRun: active?.number
        )
    }

    // MARK: Polling

    /// Looks at the branches and tags of a pipeline's repository; what moved is judged like a push.
    ///
    /// The first look only remembers what is there.
    @discardableResult
    func poll(_ id: PipelineID) async -> [TriggerRecord] {
        guard let (pipeline, _) = pipeline(id) else { return [] }
        let refs: [String: String]
        do { refs = try await plane.repositories.remoteRefs(pipeline.repository.url) } catch {
            // One failure in a row is told; a repository that stays away would fill the log.
            let last = plane.read { $0.triggers.records[id]?.last }
            let failed = record("poll", pipeline.repository.url, .failed, .queueFailed(error.summary))
            guard last?.reason != failed.reason else { return [failed] }
            return [await keep(failed, of: id)]
        }
        guard let known = plane.read({ $0.triggers.tips[id] }) else {
            _ = try? await plane.change { state, change in state.triggers.setTips(refs, of: id, &change) }
            return []
        }
        var records: [TriggerRecord] = []
        for push in planPoll(known, refs) {
            if let record = await self.push(push, to: id, "poll") { records.append(record) }
        }
        return records
    }
}

/// What moved between two looks at the refs of a repository, deletions first.
///
/// Names that are no refs (pull requests, other repositories) are remembered among the known ones and are left alone.
func planPoll(_ known: [String: String], _ now: [String: String]) -> [PushEvent] {
    let gone = known.filter { $0.key.hasPrefix("refs/") && now[$0.key] == nil }.map { ref, old in
        PushEvent(ref: ref, before: old, after: nil)
    }
    let moved = now.filter { known[$0.key] != $0.value }.map { ref, new in
        PushEvent(ref: ref, before: known[ref], after: new)
    }
    return gone.sorted { $0.ref < $1.ref } + moved.sorted { $0.ref < $1.ref }
}

extension Date {
    /// Such as `2026-11-25 03:00 UTC`.
    var minuteText: String {
        let text = ISO8601Format()
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }
}
