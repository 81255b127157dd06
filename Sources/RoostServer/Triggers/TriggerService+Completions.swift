import Logging
import RoostModel
import RoostPipeline
import RoostStore

extension TriggerService {
    /// A run has ended: what waited for it begins, and pipelines that name it as a resource are asked.
    func runEnded(_ id: RunID) async {
        if let run = try? await plane.run(id).run { await queueHeldPushes(of: run.pipeline) }
        await completionsOf(id)
        do { try await plane.change { state, change in state.forgetEnd(of: id, &change) } } catch {
            logger.warning("an ended run will be looked at again", metadata: ["run": "\(id)", "error": "\(error)"])
        }
    }

    /// Asks every pipeline whose file of the default branch waits for runs of this one's pipeline.
    func completionsOf(_ id: RunID) async {
        guard let view = try? await plane.run(id), let source = pipeline(view.run.pipeline)?.pipeline else { return }
        let run = view.run
        let facts = CompletionFacts(
            number: run.number,
            branch: run.sourceBranch,
            tags: run.tags,
            result: run.state.result,
            succeededStages: view.records.filter { $0.kind == .stage && ($0.result?.counts ?? false) }
                .compactMap(\.refName)
        )
        let listeners = plane.read { state in
            state.triggers.pipelines.compactMapValues { $0.main?.triggers.pipelines.filter { $0.trigger != nil } }
                .filter { !$0.value.isEmpty }
        }
        for (listener, resources) in listeners.sorted(by: { $0.key < $1.key }) {
            for resource in resources { await judge(facts, run, source, resource, listener) }
        }
    }

    private func judge(
        _ facts: CompletionFacts,
        _ run: Run,
        _ source: Pipeline,
        _ resource: PipelineResource,
        _ listener: PipelineID
    ) async {
        guard let (pipeline, project) = pipeline(listener), let trigger = resource.trigger,
            (try? plane.pipeline(of: resource, project).id) == source.id
        else { return }
        // Of a run that goes on only its stages matter.
        if facts.result == nil, trigger.stages.isEmpty { return }
        await work.perform(listener) {
            await self.carryOut(facts, run, resource, trigger, pipeline)
        }
    }

    private func carryOut(
        _ facts: CompletionFacts,
        _ run: Run,
        _ resource: PipelineResource,
        _ trigger: CompletionTrigger,
        _ pipeline: Pipeline
    ) async {
        let id = pipeline.id
        let state = plane.read { $0.triggers.pipelines[id] }
        guard state?.answered[resource.alias]?.contains(run.id.rawValue) != true else { return }
        let event = "run \(run.number) of '\(run.pipelineName)' as '\(resource.alias)'"
        let snapshot = snapshot(pipeline, state?.main?.triggers ?? PipelineTriggers())
        let verdict = planCompletion(facts, trigger, snapshot)
        guard case .queue(let reason) = verdict else {
            // A run that goes on may still come to it.
            if facts.result == nil { return }
            await keep(record("pipeline", event, .skipped, verdict.reason), of: id)
            return
        }
        var request = RunRequest(pipeline: id)
        if run.repository.url == pipeline.repository.url {
            request.branch = run.sourceBranch
            request.version = run.sourceVersion
        }
        request.reason = .resourceTrigger
        request.pipelineVersions[resource.alias] = String(run.id.rawValue)
        request.cause = RunCause(
            requestedFor: run.requestedFor,
            resource: TriggeringResource(alias: resource.alias, category: .pipeline)
        )
        _ = await queue(request, "pipeline", event, reason) { state, change in
            state.triggers.update(id, &change) { known in
                known.answered[resource.alias, default: []].append(run.id.rawValue)
                // Later news of a run come soon or never.
                if known.answered[resource.alias]?.count ?? 0 > 50 { known.answered[resource.alias]?.removeFirst() }
            }
        }
    }

    // MARK: Other repositories

    /// A push to a repository that a pipeline's file declares with a trigger.
    func push(
        _ push: PushEvent,
        toRepository resource: RepositoryResource,
        at url: String,
        of id: PipelineID
    ) async -> TriggerRecord? {
        await work.perform(id) {
            guard let (pipeline, _) = self.pipeline(id) else { return nil }
            let name = "\(resource.alias) \(push.ref)"
            let event = "\(name) \(push.after.map { "at \($0.prefix(10))" } ?? "deleted")"
            if let after = push.after, self.plane.read({ $0.triggers.tips[id]?[name] }) == after {
                return await self.keep(self.record("repository", event, .skipped, .alreadyKnown), of: id)
            }
            return await self.judge(push, resource, url, pipeline, name, event)
        }
    }

    private func judge(
        _ push: PushEvent,
        _ resource: RepositoryResource,
        _ url: String,
        _ pipeline: Pipeline,
        _ name: String,
        _ event: String
    ) async -> TriggerRecord {
        let id = pipeline.id
        let triggers = plane.read { $0.triggers.pipelines[id]?.main?.triggers } ?? PipelineTriggers()
        do {
            var facts = PushFacts()
            if let after = push.after {
                facts.message = try await plane.repositories.resolve(url: url, ref: push.ref, version: after)
                    .wholeMessage
                if resource.trigger?.paths != nil, let before = push.before {
                    facts.changedPaths = try await plane.repositories.changedPaths(url, from: before, to: after)
                }
            }
            let verdict = planRepositoryPush(push, facts, resource.trigger, snapshot(pipeline, triggers))
            guard case .queue(let reason) = verdict else {
                return await keep(record("repository", event, .skipped, verdict.reason), of: id) { state, change in
                    state.triggers.setTip(name, push.after, of: id, &change)
                }
            }
            var request = RunRequest(pipeline: id)
            request.reason = .resourceTrigger
            request.pins[resource.alias] = RepositoryPin(ref: push.ref, version: push.after)
            request.cause = RunCause(
                requestedFor: push.pusher,
                resource: TriggeringResource(alias: resource.alias, category: .repository)
            )
            return await queue(request, "repository", event, reason) { state, change in
                state.triggers.setTip(name, push.after, of: id, &change)
            }
        } catch {
            return await keep(record("repository", event, .failed, .queueFailed(error.summary)), of: id)
        }
    }
}

extension TaskResult {
    /// A stage that others may build on.
    fileprivate var counts: Bool { self == .succeeded || self == .succeededWithIssues }
}
