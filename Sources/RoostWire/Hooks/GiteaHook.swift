import FoundationEssentials
import RoostModel

/// Messages of Gitea and Forgejo: push, delete and pull request.
enum GiteaHook {
    /// Deletions come with the short name of what was deleted.
    private struct Deletion: Decodable {
        var ref: String
        var ref_type: String?
        var repository: GitHubShape.Repository
        var sender: GitHubShape.Person?
    }

    static func event(_ body: Data, named name: String, _ delivery: String?) throws -> HostEvent {
        switch name {
        case "push":
            let push = try WireJSON.decode(GitHubShape.Push.self, from: body)
            let event = PushEvent(
                ref: push.ref,
                before: push.before.commit,
                after: push.after.commit,
                pusher: push.pusher?.login ?? push.pusher?.username ?? ""
            )
            return GitHubShape.pushes(event, to: push.repository, delivery)
        case "delete":
            let deletion = try WireJSON.decode(Deletion.self, from: body)
            let ref = deletion.ref_type == "tag" ? "refs/tags/\(deletion.ref)" : branchRef(deletion.ref)
            let event = PushEvent(ref: ref, before: nil, after: nil, pusher: deletion.sender?.login ?? "")
            return GitHubShape.pushes(event, to: deletion.repository, delivery)
        case "pull_request", "pull_request_sync":
            let message = try WireJSON.decode(GitHubShape.RequestMessage.self, from: body)
            let request = message.pull_request
            let isDraft = request.draft ?? isMarkedDraft(request.title ?? "")
            return GitHubShape.pullRequest(message, action(message), isDraft: isDraft, delivery)
        default: return try GitHubShape.other(body, named: name, header: "X-Gitea-Event", delivery)
        }
    }

    /// Older versions know drafts by the title alone.
    private static func isMarkedDraft(_ title: String) -> Bool {
        ["wip:", "[wip]"].contains(where: title.lowercased().hasPrefix)
    }

    private static func action(_ message: GitHubShape.RequestMessage) -> PullRequestEvent.Action? {
        switch message.action {
        case "opened", "reopened": .opened
        case "synchronized": .updated
        case "edited": message.changes?.ref == nil ? nil : .opened
        case "closed": .closed
        default: nil
        }
    }
}
