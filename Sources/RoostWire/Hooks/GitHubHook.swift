import FoundationEssentials
import RoostModel

/// Messages of GitHub and GitHub Enterprise: `push` and `pull_request`.
enum GitHubHook {
    private struct Repository: Decodable {
        var full_name: String?
        var clone_url: String?
        var ssh_url: String?
        var git_url: String?
        var html_url: String?

        var urls: [String] { [clone_url, ssh_url, git_url, html_url].compactMap(\.self) }
    }

    private struct Person: Decodable {
        var name: String?
        var login: String?
    }

    private struct Push: Decodable {
        var ref: String
        var before: String?
        var after: String?
        var deleted: Bool?
        var repository: Repository
        var pusher: Person?
    }

    private struct Side: Decodable {
        var ref: String?
        var sha: String?
        var repo: Repository?
    }

    private struct Request: Decodable {
        var id: Int?
        var number: Int
        var draft: Bool?
        var user: Person?
        var head: Side
        var base: Side
    }

    private struct RequestMessage: Decodable {
        struct Changes: Decodable { var base: Marker? }
        struct Marker: Decodable {}

        var action: String
        var pull_request: Request
        var repository: Repository
        var changes: Changes?
    }

    private struct AnyMessage: Decodable { var repository: Repository? }

    static func event(_ body: Data, named name: String, _ delivery: String?) throws -> HostEvent {
        switch name {
        case "push": return push(try WireJSON.decode(Push.self, from: body), delivery)
        case "pull_request": return request(try WireJSON.decode(RequestMessage.self, from: body), delivery)
        default:
            let repository = try WireJSON.decode(AnyMessage.self, from: body).repository
            return HostEvent(
                urls: repository?.urls ?? [],
                repositoryName: repository?.full_name ?? "",
                content: .other(name.isEmpty ? "a message without X-GitHub-Event" : name),
                delivery: delivery
            )
        }
    }

    private static func push(_ push: Push, _ delivery: String?) -> HostEvent {
        let event = PushEvent(
            ref: push.ref,
            before: push.before.commit,
            after: push.deleted == true ? nil : push.after.commit,
            pusher: push.pusher?.name ?? push.pusher?.login ?? ""
        )
        return HostEvent(
            urls: push.repository.urls,
            repositoryName: push.repository.full_name ?? "",
            content: .pushes([event]),
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
            sourceRepositoryURL: request.head.repo?.clone_url ?? request.head.repo?.html_url ?? "",
            isFork: request.head.repo?.full_name?.lowercased() != request.base.repo?.full_name?.lowercased()
        )
        let content = action(message).map { action in
            HostEvent.Content.pullRequest(
                PullRequestEvent(
                    action: action,
                    request: facts,
                    isDraft: request.draft ?? false,
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

    private static func action(_ message: RequestMessage) -> PullRequestEvent.Action? {
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
