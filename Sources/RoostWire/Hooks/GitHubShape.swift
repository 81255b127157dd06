import FoundationEssentials
import RoostModel

/// The messages that GitHub invented and Gitea and Forgejo keep, as far as both have them alike.
enum GitHubShape {
    struct Repository: Decodable {
        var full_name: String?
        var clone_url: String?
        var ssh_url: String?
        var git_url: String?
        var html_url: String?

        var urls: [String] { [clone_url, ssh_url, git_url, html_url].compactMap(\.self) }
    }

    struct Person: Decodable {
        var name: String?
        var login: String?
        var username: String?
    }

    struct Push: Decodable {
        var ref: String
        var before: String?
        var after: String?
        var deleted: Bool?
        var repository: Repository
        var pusher: Person?
    }

    struct Side: Decodable {
        var ref: String?
        var sha: String?
        var repo: Repository?
    }

    struct Request: Decodable {
        var id: Int?
        var number: Int
        var title: String?
        var draft: Bool?
        var user: Person?
        var author_association: String?
        var updated_at: String?
        var head: Side
        var base: Side

        /// What a run of it has to know.
        var facts: RunPullRequest {
            RunPullRequest(
                number: number,
                id: id.map(String.init) ?? String(number),
                sourceBranch: branchRef(head.ref),
                targetBranch: branchRef(base.ref),
                sourceCommit: head.sha ?? "",
                sourceRepositoryURL: head.repo?.clone_url ?? head.repo?.html_url ?? "",
                isFork: head.repo?.full_name?.lowercased() != base.repo?.full_name?.lowercased()
            )
        }
    }

    struct RequestMessage: Decodable {
        /// The target branch is `base` with GitHub, `ref` with Gitea.
        struct Changes: Decodable {
            var base: Marker?
            var ref: Marker?
        }
        struct Marker: Decodable {}

        var action: String
        var pull_request: Request
        var repository: Repository
        var changes: Changes?
    }

    private struct AnyMessage: Decodable { var repository: Repository? }

    // MARK: Events

    static func pushes(_ push: PushEvent, to repository: Repository, _ delivery: String?) -> HostEvent {
        event(repository, .pushes([push]), delivery)
    }

    /// - Parameters:
    ///   - message: what the host sent.
    ///   - action: what it means; nil when it concerns no run.
    ///   - isDraft: whether the request is not ready yet.
    ///   - delivery: the host's id of the message.
    /// - Returns: the event; the merge comes first among the refs, because a run builds it where the host makes one.
    static func pullRequest(
        _ message: RequestMessage,
        _ action: PullRequestEvent.Action?,
        isDraft: Bool,
        _ delivery: String?
    ) -> HostEvent {
        let request = message.pull_request
        guard let action else { return event(message.repository, .other("pull_request \(message.action)"), delivery) }
        let content = PullRequestEvent(
            action: action,
            request: request.facts,
            isDraft: isDraft,
            refs: ["refs/pull/\(request.number)/merge", "refs/pull/\(request.number)/head"],
            author: request.user?.login ?? "",
            isByMember: isMember(request.author_association),
            moment: request.updated_at
        )
        return event(message.repository, .pullRequest(content), delivery)
    }

    /// Whether GitHub says that somebody belongs to the team of a repository; nil when nothing is said.
    private static func isMember(_ association: String?) -> Bool? {
        association.map { ["OWNER", "MEMBER", "COLLABORATOR"].contains($0.uppercased()) }
    }

    struct CommentMessage: Decodable {
        struct Issue: Decodable {
            struct Mark: Decodable {}
            var number: Int
            /// Only of pull requests.
            var pull_request: Mark?
        }
        struct Comment: Decodable {
            var body: String?
            var user: Person?
            var author_association: String?
            var created_at: String?
        }

        var action: String
        var issue: Issue
        var comment: Comment
        var repository: Repository
    }

    /// What somebody wrote just now under a pull request.
    static func comment(_ message: CommentMessage, _ delivery: String?) -> HostEvent {
        guard message.action == "created", message.issue.pull_request != nil else {
            return event(message.repository, .other("issue_comment \(message.action)"), delivery)
        }
        let content = RequestComment(
            number: message.issue.number,
            author: message.comment.user?.login ?? "",
            isByMember: isMember(message.comment.author_association),
            moment: message.comment.created_at,
            text: message.comment.body ?? ""
        )
        return event(message.repository, .comment(content), delivery)
    }

    /// A message that says nothing of runs.
    static func other(_ body: Data, named name: String, header: String, _ delivery: String?) throws -> HostEvent {
        let repository = try WireJSON.decode(AnyMessage.self, from: body).repository
        return event(repository, .other(name.isEmpty ? "a message without \(header)" : name), delivery)
    }

    private static func event(
        _ repository: Repository?,
        _ content: HostEvent.Content,
        _ delivery: String?
    ) -> HostEvent {
        HostEvent(
            urls: repository?.urls ?? [],
            repositoryName: repository?.full_name ?? "",
            content: content,
            delivery: delivery
        )
    }
}
