import RoostModel
import RoostPipeline

/// Who lets a pull request begin its run, and what of it they have seen.
struct RequestApproval: Sendable {
    /// As the decisions of the pipeline show it.
    var who: String
    var caller: Caller
    /// The newest commit that they know of; nil is whichever waits.
    var commit: String?
    /// When they did so, by the clock of the host; nil is now.
    var moment: String?

    /// Whether it is of an older commit than the one that waits.
    fileprivate func isOlder(than event: PullRequestEvent) -> Bool {
        if let commit, !event.request.sourceCommit.hasPrefix(commit.lowercased()) { return true }
        // Texts of one form, by one clock: they are ordered as their moments are.
        if let moment, let told = event.moment { return moment < told }
        return false
    }
}

extension TriggerService {
    /// What somebody wrote under a pull request; nil when it asks for nothing of this pipeline.
    func comment(_ comment: RequestComment, to pipeline: Pipeline) async -> TriggerRecord? {
        guard comment.asksToRun(pipeline.name) else { return nil }
        let text = "#\(comment.number) comment of \(comment.author)"
        guard comment.isByMember == true else {
            return await keep(record("comment", text, .skipped, .notOfTheTeam(comment.author)), of: pipeline.id)
        }
        let approval = RequestApproval(
            who: "a comment of \(comment.author)",
            caller: .system,
            moment: comment.moment
        )
        return await approve(comment.number, of: pipeline.id, approval)
    }

    /// Lets a pull request that waits begin its run; nil when the pipeline is gone.
    func approve(_ number: Int, of id: PipelineID, _ approval: RequestApproval) async -> TriggerRecord? {
        await work.perform(id) {
            guard let (pipeline, _) = self.pipeline(id) else { return nil }
            let text = "#\(number) approved by \(approval.who)"
            guard let waiting = self.plane.read({ $0.triggers.waiting[id]?[number] }) else {
                return await self.keep(self.record("approval", text, .skipped, .nothingWaits), of: id)
            }
            guard !approval.isOlder(than: waiting.event) else {
                return await self.keep(self.record("approval", text, .skipped, .approvedTooEarly), of: id)
            }
            return await self.decide(waiting.event, pipeline, approval: approval)
        }
    }

    /// Ends the wait of a pull request; its next commit waits anew.
    func decline(_ number: Int, of id: PipelineID, by caller: Caller) async -> TriggerRecord? {
        await work.perform(id) {
            guard self.pipeline(id) != nil else { return nil }
            guard self.plane.read({ $0.triggers.waiting[id]?[number] }) != nil else {
                return await self.keep(self.record("approval", "#\(number)", .skipped, .nothingWaits), of: id)
            }
            let declined = self.record("approval", "#\(number)", .skipped, .declined(by: caller.displayName))
            return await self.keep(declined, of: id) { state, change in
                state.triggers.release(number, of: id, &change)
                change.audit(caller, "pull-request.decline", "pipeline:\(id)", "#\(number)")
            }
        }
    }
}
