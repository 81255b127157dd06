import RoostModel
import RoostPipeline

extension TriggerService {
    /// A pull request of a pipeline's repository; nil when the pipeline is gone.
    func pullRequest(_ event: PullRequestEvent, to id: PipelineID) async -> TriggerRecord? {
        await work.perform(id) { await self.judge(event, id) }
    }

    private static func tipName(_ number: Int) -> String { "pull/\(number)" }

    private func judge(_ event: PullRequestEvent, _ id: PipelineID) async -> TriggerRecord? {
        guard let (pipeline, _) = pipeline(id) else { return nil }
        let request = event.request
        let text = Self.text(event)
        let name = Self.tipName(request.number)
        if event.action == .closed {
            return await keep(record("pull request", text, .skipped, .requestClosed), of: id) { state, change in
                state.triggers.setTip(name, nil, of: id, &change)
                state.triggers.release(request.number, of: id, &change)
            }
        }
        if plane.read({ $0.triggers.tips[id]?[name] }) == Self.tip(request) {
            return await keep(record("pull request", text, .skipped, .alreadyKnown), of: id)
        }
        return await decide(event, pipeline, approval: nil)
    }

    private static func text(_ event: PullRequestEvent) -> String {
        "#\(event.request.number) \(event.action.rawValue) at \(event.request.sourceCommit.prefix(10))"
    }

    /// A request that wants to go elsewhere now is another one.
    private static func tip(_ request: RunPullRequest) -> String { "\(request.sourceCommit) \(request.targetBranch)" }

    /// Judges a pull request by the file of its commit, and queues its run or has it wait for an approval.
    func decide(
        _ event: PullRequestEvent,
        _ pipeline: Pipeline,
        approval: RequestApproval?
    ) async -> TriggerRecord {
        let (id, request, text) = (pipeline.id, event.request, Self.text(event))
        let (name, tip) = (Self.tipName(request.number), Self.tip(request))
        if request.isFork, !pipeline.triggers.forks.areBuilt {
            return await keep(record("pull request", text, .skipped, .forksNotBuilt), of: id) { state, change in
                state.triggers.release(request.number, of: id, &change)
            }
        }
        do {
            let (ref, commit) = try await find(event, pipeline)
            let triggers: PipelineTriggers
            switch try await self.triggers(of: pipeline, at: commit) {
            case .success(let read): triggers = read
            case .failure(let problem):
                return await keep(record("pull request", text, .failed, .fileUnreadable(problem.text)), of: id) {
                    // What somebody approved now would be an older commit.
                    $0.triggers.release(request.number, of: id, &$1)
                }
            }
            let snapshot = snapshot(pipeline, triggers)
            let paths = snapshot.readsPathsOfRequest ? try await paths(request, pipeline) : nil
            let verdict = planPullRequest(event, changedPaths: paths, snapshot)
            guard case .queue(let reason) = verdict else {
                return await keep(record("pull request", text, .skipped, verdict.reason), of: id) { state, change in
                    state.triggers.release(request.number, of: id, &change)
                    // A draft is looked at again when it is ready.
                    if verdict.reason != .draft { state.triggers.setTip(name, tip, of: id, &change) }
                }
            }
            if approval == nil, pipeline.triggers.forks.holds(event) { return await hold(event, reason, id) }
            if snapshot.cancelsOlderRequests { await cancelRuns(of: request.number, id) }
            var wanted = RunRequest(pipeline: id, branch: ref, version: commit.id)
            wanted.reason = .pullRequest
            wanted.cause = RunCause(requestedFor: event.author, pullRequest: request)
            let because = approval.map { TriggerReason.approved(by: $0.who) } ?? reason
            return await queue(wanted, "pull request", text, because) { state, change in
                state.triggers.setTip(name, tip, of: id, &change)
                state.triggers.release(request.number, of: id, &change)
                guard let approval else { return }
                let detail = "#\(request.number) at \(request.sourceCommit), by \(approval.who)"
                change.audit(approval.caller, "pull-request.approve", "pipeline:\(id)", detail)
            }
        } catch {
            return await keep(record("pull request", text, .failed, .queueFailed(error.summary)), of: id)
        }
    }

    private func hold(_ event: PullRequestEvent, _ reason: TriggerReason, _ id: PipelineID) async -> TriggerRecord {
        let held = record("pull request", Self.text(event), .held, .awaitsApproval(author: event.author))
        return await keep(held, of: id) { state, change in
            state.triggers.setTip(Self.tipName(event.request.number), Self.tip(event.request), of: id, &change)
            let waiting = WaitingRequest(event: event, since: change.now, reason: reason)
            guard let dropped = state.triggers.hold(waiting, of: id, &change) else { return }
            // It is looked at again when its host tells of it again.
            state.triggers.setTip(Self.tipName(dropped), nil, of: id, &change)
            let record = self.record("pull request", "#\(dropped)", .skipped, .tooManyWait)
            state.triggers.append(record, of: id, &change)
        }
    }

    /// The merge that the host made of the request's newest commit; without one the commit itself.
    private func find(
        _ event: PullRequestEvent,
        _ pipeline: Pipeline
    ) async throws(ControlError) -> (ref: String, commit: ResolvedCommit) {
        let source = event.request.sourceCommit
        for ref in event.refs {
            guard let found = try? await plane.repositories.resolve(pipeline.repository, branch: ref, version: nil)
            else { continue }
            // Hosts make merges with some delay: one of an older commit does not count.
            if found.id == source || found.parents.contains(source) || source.isEmpty { return (ref, found) }
        }
        let ref = event.refs.last ?? event.request.sourceBranch
        let found = try await plane.repositories.resolve(pipeline.repository, branch: ref, version: source)
        return (ref, found)
    }

    private func paths(_ request: RunPullRequest, _ pipeline: Pipeline) async throws(ControlError) -> [String]? {
        let target = try await plane.repositories.resolve(
            pipeline.repository,
            branch: request.targetBranch,
            version: nil
        )
        return try await plane.repositories.pathsOfMerge(
            pipeline.repository.url,
            target: target.id,
            head: request.sourceCommit
        )
    }

    private func cancelRuns(of number: Int, _ id: PipelineID) async {
        let older = plane.read { state in
            state.runs.values.map(\.run).filter { run in
                run.pipeline == id && !run.state.isCompleted && run.reason == .pullRequest
                    && run.cause.pullRequest?.number == number
            }.map(\.id)
        }
        for run in older { _ = try? await plane.cancelRun(run, by: .system) }
    }
}
