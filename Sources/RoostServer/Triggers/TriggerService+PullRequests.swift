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
        let text = "#\(request.number) \(event.action.rawValue) at \(request.sourceCommit.prefix(10))"
        let name = Self.tipName(request.number)
        if event.action == .closed {
            return await keep(record("pull request", text, .skipped, .requestClosed), of: id) { state, change in
                state.triggers.setTip(name, nil, of: id, &change)
            }
        }
        // A request that wants to go elsewhere now is another one.
        let tip = "\(request.sourceCommit) \(request.targetBranch)"
        if plane.read({ $0.triggers.tips[id]?[name] }) == tip {
            return await keep(record("pull request", text, .skipped, .alreadyKnown), of: id)
        }
        do {
            let (ref, commit) = try await find(event, pipeline)
            let triggers: PipelineTriggers
            switch try await self.triggers(of: pipeline, at: commit) {
            case .success(let read): triggers = read
            case .failure(let problem):
                return await keep(record("pull request", text, .failed, .fileUnreadable(problem.text)), of: id)
            }
            let snapshot = snapshot(pipeline, triggers)
            let paths = snapshot.readsPathsOfRequest ? try await paths(request, pipeline) : nil
            let verdict = planPullRequest(event, changedPaths: paths, snapshot)
            guard case .queue(let reason) = verdict else {
                return await keep(record("pull request", text, .skipped, verdict.reason), of: id) { state, change in
                    // A draft is looked at again when it is ready.
                    if verdict.reason != .draft { state.triggers.setTip(name, tip, of: id, &change) }
                }
            }
            if snapshot.cancelsOlderRequests { await cancelRuns(of: request.number, id) }
            var wanted = RunRequest(pipeline: id, branch: ref, version: commit.id)
            wanted.reason = .pullRequest
            wanted.cause = RunCause(requestedFor: event.author, pullRequest: request)
            return await queue(wanted, "pull request", text, reason) { state, change in
                state.triggers.setTip(name, tip, of: id, &change)
            }
        } catch {
            return await keep(record("pull request", text, .failed, .queueFailed(error.summary)), of: id)
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
