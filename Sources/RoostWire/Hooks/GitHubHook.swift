import FoundationEssentials
import RoostModel

/// Messages of GitHub and GitHub Enterprise: `push`, `pull_request`, `issue_comment`, and of packages.
enum GitHubHook {
    static func event(_ body: Data, named name: String, _ delivery: String?) throws -> HostEvent {
        switch name {
        case "push":
            let push = try WireJSON.decode(GitHubShape.Push.self, from: body)
            let event = PushEvent(
                ref: push.ref,
                before: push.before.commit,
                after: push.deleted == true ? nil : push.after.commit,
                pusher: push.pusher?.name ?? push.pusher?.login ?? ""
            )
            return GitHubShape.pushes(event, to: push.repository, delivery)
        case "pull_request":
            let message = try WireJSON.decode(GitHubShape.RequestMessage.self, from: body)
            let isDraft = message.pull_request.draft ?? false
            return GitHubShape.pullRequest(message, action(message), isDraft: isDraft, delivery)
        case "issue_comment":
            return GitHubShape.comment(try WireJSON.decode(GitHubShape.CommentMessage.self, from: body), delivery)
        case "package", "registry_package": return try GitHubPackageHook.event(body, named: name, delivery)
        default: return try GitHubShape.other(body, named: name, header: "X-GitHub-Event", delivery)
        }
    }

    private static func action(_ message: GitHubShape.RequestMessage) -> PullRequestEvent.Action? {
        switch message.action {
        case "opened", "reopened", "ready_for_review": .opened
        case "synchronize": .updated
        // Only another target branch matters, not another title.
        case "edited": message.changes?.base == nil ? nil : .opened
        case "closed": .closed
        default: nil
        }
    }
}
