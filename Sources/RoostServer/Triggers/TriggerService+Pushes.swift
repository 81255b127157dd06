import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

extension TriggerService {
    /// A push to a pipeline's own repository; nil when nothing is to be said of it.
    ///
    /// - Parameters:
    ///   - push: what happened.
    ///   - id: the pipeline.
    ///   - kind: `push` for what a host told, `poll` for what was seen.
    /// - Returns: what came of it.
    func push(_ push: PushEvent, to id: PipelineID, _ kind: String) async -> TriggerRecord? {
        await work.perform(id) { await self.judge(push, id, kind) }
    }

    private func judge(_ push: PushEvent, _ id: PipelineID, _ kind: String) async -> TriggerRecord? {
        guard let (pipeline, _) = pipeline(id) else { return nil }
        let event = "\(push.ref) \(push.after.map { "at \($0.prefix(10))" } ?? "deleted")"
        guard let after = push.after else {
            return await keep(record(kind, event, .skipped, .refDeleted), of: id) { state, change in
                state.triggers.setTip(push.ref, nil, of: id, &change)
                state.triggers.update(id, &change) { $0.held[push.ref] = nil }
            }
        }
        do {
            if try await isKnown(push, after, pipeline) {
                return await keep(record(kind, event, .skipped, .alreadyKnown), of: id)
            }
            let commit = try await plane.repositories.resolve(pipeline.repository, branch: push.ref, version: after)
            return await judge(push, commit, pipeline, kind, event)
        } catch {
            return await keep(record(kind, event, .failed, .queueFailed(error.summary)), of: id)
        }
    }

    /// A message that came twice, or late: the branch was seen at this commit or at one after it.
    private func isKnown(_ push: PushEvent, _ after: String, _ pipeline: Pipeline) async throws(ControlError) -> Bool {
        guard let tip = plane.read({ $0.triggers.tips[pipeline.id]?[push.ref] }) else { return false }
        if tip == after { return true }
        return await plane.repositories.isAncestor(pipeline.repository.url, after, of: tip)
    }

    private func judge(
        _ push: PushEvent,
        _ commit: ResolvedCommit,
        _ pipeline: Pipeline,
        _ kind: String,
        _ event: String
    ) async -> TriggerRecord {
        let id = pipeline.id
        let tip: @Sendable (inout ControlState, inout ControlChange) -> Void = { state, change in
            state.triggers.setTip(push.ref, commit.id, of: id, &change)
        }
        do {
            let triggers: PipelineTriggers
            switch try await self.triggers(of: pipeline, at: commit) {
            case .success(let read): triggers = read
            case .failure(let problem):
                return await keep(record(kind, event, .failed, .fileUnreadable(problem.text)), of: id, tip)
            }
            await note(triggers, at: commit, push.ref, pipeline)
            let snapshot = snapshot(pipeline, triggers)
            var facts = PushFacts(message: commit.wholeMessage)
            if snapshot.readsPathsOfPush, let before = push.before ?? plane.read({ $0.triggers.tips[id]?[push.ref] }) {
                facts.changedPaths = try await plane.repositories.changedPaths(
                    pipeline.repository.url,
                    from: before,
                    to: commit.id
                )
            }
            return await carryOut(push, commit, facts, snapshot, id, kind, event)
        } catch {
            return await keep(record(kind, event, .failed, .queueFailed(error.summary)), of: id)
        }
    }

    private func carryOut(
        _ push: PushEvent,
        _ commit: ResolvedCommit,
        _ facts: PushFacts,
        _ snapshot: TriggerSnapshot,
        _ id: PipelineID,
        _ kind: String,
        _ event: String
    ) async -> TriggerRecord {
        let pusher = push.pusher.isEmpty ? commit.author : push.pusher
        while true {
            var facts = facts
            facts.activeRun = plane.read { $0.activePushRun(of: id, push.ref)?.number }
            switch planPush(push, facts, snapshot) {
            case .queue(let reason):
                var request = RunRequest(pipeline: id, branch: push.ref, version: commit.id)
                request.reason = snapshot.batches ? .batchedCI : .individualCI
                request.cause = RunCause(requestedFor: pusher)
                return await queue(request, kind, event, reason) { state, change in
                    state.triggers.setTip(push.ref, commit.id, of: id, &change)
                    state.triggers.update(id, &change) { $0.held[push.ref] = nil }
                }
            case .hold(let reason):
                let kept = await hold(push, HeldPush(commit: commit.id, pusher: pusher), id, kind, event, reason)
                // The run ended in between: then the push is judged again, for nobody would come for it.
                if let kept { return kept }
            case .skip(let reason):
                return await keep(record(kind, event, .skipped, reason), of: id) { state, change in
                    state.triggers.setTip(push.ref, commit.id, of: id, &change)
                }
            }
        }
    }

    private func hold(
        _ push: PushEvent,
        _ held: HeldPush,
        _ id: PipelineID,
        _ kind: String,
        _ event: String,
        _ reason: TriggerReason
    ) async -> TriggerRecord? {
        let record = record(kind, event, .held, reason)
        do {
            let isHeld = try await plane.change { state, change in
                guard state.activePushRun(of: id, push.ref) != nil else { return false }
                state.triggers.setTip(push.ref, held.commit, of: id, &change)
                state.triggers.update(id, &change) { $0.held[push.ref] = held }
                state.triggers.append(record, of: id, &change)
                return true
            }
            return isHeld ? record : nil
        } catch {
            return await keep(self.record(kind, event, .failed, .queueFailed(error.summary)), of: id)
        }
    }

    // MARK: After the run before

    /// Begins what waited for the end of runs, after a restart.
    func queueHeldPushesOfAll() async {
        for id in plane.read({ $0.triggers.pipelines.filter { !$0.value.held.isEmpty }.map(\.key) }).sorted() {
            await queueHeldPushes(of: id)
        }
    }

    /// Begins a run of the newest commit that waited, for each branch that has none now.
    func queueHeldPushes(of id: PipelineID) async {
        await work.perform(id) {
            let held = self.plane.read { state in
                (state.triggers.pipelines[id]?.held ?? [:]).filter { state.activePushRun(of: id, $0.key) == nil }
            }
            for (ref, push) in held.sorted(by: { $0.key < $1.key }) {
                var request = RunRequest(pipeline: id, branch: ref, version: push.commit)
                request.reason = .batchedCI
                request.cause = RunCause(requestedFor: push.pusher)
                let event = "\(ref) at \(push.commit.prefix(10))"
                _ = await self.queue(request, "push", event, .batchOver) { state, change in
                    state.triggers.update(id, &change) { if $0.held[ref] == push { $0.held[ref] = nil } }
                }
            }
        }
    }
}

extension ControlState {
    /// A run of a branch that a push began and that has not ended.
    func activePushRun(of pipeline: PipelineID, _ ref: String) -> Run? {
        runs.values.lazy.map(\.run).first { run in
            run.pipeline == pipeline && run.sourceBranch == ref && !run.state.isCompleted
                && (run.reason == .individualCI || run.reason == .batchedCI)
        }
    }
}

extension TriggerSnapshot {
    fileprivate var batches: Bool { if case .on(let filter) = triggers.push { filter.batch } else { false } }
}
