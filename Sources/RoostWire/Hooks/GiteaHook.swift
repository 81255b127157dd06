import FoundationEssentials
import RoostModel

/// Messages of Gitea and Forgejo: push, delete and pull request.
enum GiteaHook {
    private struct Repository: Decodable {
        var id: Int?
        var full_name: String?
        var clone_url: String?
        var ssh_url: String?
        var html_url: String?

        var urls: [String] { [clone_url, ssh_url, html_url].compactMap(\.self) }
    }

    private struct Person: Decodable {
        var login: String?
        var username: String?
    }

    private struct Push: Decodable {
        var ref: String
        var before: String?
        var after: String?
        var repository: Repository
        var pusher: Person?
    }

    /// Deletions come with the short name of what was deleted.
    private struct Deletion: Decodable {
        var ref: String
        var ref_type: String?
        var repository: Repository
        var sender: Person?
    }

    private struct Side: Decodable {
        var ref: String?
        var sha: String?
        var repo: Repository?
    }

    private struct Request: Decodable {
        var id: Int?
        var number: Int
        var title: String?
        var draft: Bool?
        var user: Person?
        var head: Side
        var base: Side
    }

    private struct RequestMessage: Decodable {
        struct Changes: Decodable { var ref: Marker? }
        struct Marker: Decodable {}

        var action: String
        var pull_request: Request
        var repository: Repository
        var changes: Changes?
    }

    private struct AnyMessage: Decodable { var repository: Repository? }

    static func event(_ body: Data, named name: String, _ delivery: String?) throws -> HostEvent {
        switch name {
        case "push":
            let push = try WireJSON.decode(Push.self, from: body)
            return event(
                push.repository,
                PushEvent(
                    ref: push.ref,
                    before: push.before.commit,
                    after: push.after.commit,
                    pusher: push.pusher?.login ?? push.pusher?.username ?? ""
                ),
                delivery
            )
        case "delete":
            let deletion = try WireJSON.decode(Deletion.self, from: body)
            let ref = deletion.ref_type == "tag" ? "refs/tags/\(deletion.ref)" : branchRef(deletion.ref)
            return event(
                deletion.repository,
                PushEvent(ref: ref, before: nil, after: nil, pusher: deletion.sender?.login ?? ""),
                delivery
            )
        case "pull_request", "pull_request_sync":
            return request(try WireJSON.decode(RequestMessage.self, from: body), delivery)
        default:
            let repository = try WireJSON.decode(AnyMessage.self, from: body).repository
            return HostEvent(
                urls: repository?.urls ?? [],
                repositoryName: repository?.full_name ?? "",
                content: .other(name.isEmpty ? "a message without X-Gitea-Event" : name),
                delivery: delivery
            )
        }
    }

    private static func event(_ repository: Repository, _ push: PushEvent, _ delivery: String?) -> HostEvent {
        HostEvent(
            urls: repository.urls,
            repositoryName: repository.full_name ?? "",
            content: .pushes([push]),
            delivery: delivery
        )
    }

    private static func request(_ message: RequestMessage, _ delivery: String?) -> HostEvent {
        let request = message.pull_request
        let facts = RunPullRequest(
            number: request.number,
            id: request.id.map(String.init) ?? String(request.number),
            sourceBranch: branchRef(request.head.ref),
            targetBranch: branchRef(request.base.ref),
            sourceCommit: request.head.sha ?? "",
            sourceRepositoryURL: request.head.repo?.clone_url ?? "",
            isFork: request.head.repo?.full_name?.lowercased() != request.base.repo?.full_name?.lowercased()
        )
        let content = action(message).map { action in
            HostEvent.Content.pullRequest(
                PullRequestEvent(
                    action: action,
                    request: facts,
                    isDraft: request.draft ?? isMarkedDraft(request.title ?? ""),
                    // The host keeps the request's own ref; some versions make one of the merge too.
                    refs: ["refs/pull/\(request.number)/merge", "refs/pull/\(request.number)/head"],
                    author: request.user?.login ?? ""
                )
            )
        }
        return HostEvent(
            urls: message.repository.urls,
            repositoryName: message.repository.full_name ?? "",
            content: content ?? .other("pull_request \(message.action)"),
            delivery: delivery
        )
    }

    /// Older versions know drafts by the title alone.
    private static func isMarkedDraft(_ title: String) -> Bool {
        ["wip:", "[wip]"].contains(where: title.lowercased().hasPrefix)
    }

    private static func action(_ message: RequestMessage) -> PullRequestEvent.Action? {
        switch message.action {
        case "opened", "reopened": .opened
        case "synchronized": .updated
        case "edited": message.changes?.ref == nil ? nil : .opened
        case "closed": .closed
        default: nil
        }
    }
}
