import FoundationEssentials
import RoostModel

/// Messages of GitLab: push, tag push and merge request.
enum GitLabHook {
    private struct Project: Decodable {
        var path_with_namespace: String?
        var git_http_url: String?
        var git_ssh_url: String?
        var http_url: String?
        var ssh_url: String?
        var web_url: String?

        var urls: [String] { [git_http_url, git_ssh_url, http_url, ssh_url, web_url].compactMap(\.self) }
    }

    private struct Person: Decodable {
        var name: String?
        var username: String?
    }

    private struct Commit: Decodable { var id: String? }

    private struct Changes: Decodable {
        struct Draft: Decodable { var current: Bool? }
        struct Marker: Decodable {}

        var draft: Draft?
        var work_in_progress: Draft?
        var target_branch: Marker?
    }

    private struct Request: Decodable {
        var id: Int?
        var iid: Int
        var action: String?
        var oldrev: String?
        var source_branch: String?
        var target_branch: String?
        var source_project_id: Int?
        var target_project_id: Int?
        var draft: Bool?
        var work_in_progress: Bool?
        var last_commit: Commit?
        var source: Project?
        var target: Project?
    }

    private struct Message: Decodable {
        var object_kind: String?
        var ref: String?
        var before: String?
        var after: String?
        var user_username: String?
        var user_name: String?
        var user: Person?
        var project: Project?
        var object_attributes: Request?
        var changes: Changes?
    }

    static func event(_ body: Data, _ delivery: String?) throws -> HostEvent {
        let kind = try WireJSON.decode(Kind.self, from: body).object_kind ?? ""
        guard ["push", "tag_push", "merge_request"].contains(kind) else {
            let content = HostEvent.Content.other(kind.isEmpty ? "a message without object_kind" : kind)
            return HostEvent(urls: [], repositoryName: "", content: content, delivery: delivery)
        }
        let message = try WireJSON.decode(Message.self, from: body)
        return HostEvent(
            urls: message.project?.urls ?? [],
            repositoryName: message.project?.path_with_namespace ?? "",
            content: content(message, kind),
            delivery: delivery
        )
    }

    private struct Kind: Decodable { var object_kind: String? }

    private static func content(_ message: Message, _ kind: String) -> HostEvent.Content {
        if let ref = message.ref, kind != "merge_request" {
            let pusher = message.user_username ?? message.user_name ?? ""
            return .pushes([
                PushEvent(ref: ref, before: message.before.commit, after: message.after.commit, pusher: pusher)
            ])
        }
        guard let request = message.object_attributes, let action = action(request, message.changes) else {
            return .other("\(kind) \(message.object_attributes?.action ?? "")")
        }
        let facts = RunPullRequest(
            number: request.iid,
            id: request.id.map(String.init) ?? String(request.iid),
            sourceBranch: branchRef(request.source_branch),
            targetBranch: branchRef(request.target_branch),
            sourceCommit: request.last_commit?.id ?? "",
            sourceRepositoryURL: request.source?.git_http_url ?? request.source?.http_url ?? "",
            isFork: request.source_project_id != request.target_project_id
        )
        return .pullRequest(
            PullRequestEvent(
                action: action,
                request: facts,
                isDraft: request.draft ?? request.work_in_progress ?? false,
                refs: ["refs/merge-requests/\(request.iid)/merge", "refs/merge-requests/\(request.iid)/head"],
                author: message.user?.username ?? message.user?.name ?? ""
            )
        )
    }

    private static func action(_ request: Request, _ changes: Changes?) -> PullRequestEvent.Action? {
        switch request.action {
        case "open", "reopen": return .opened
        case "close", "merge": return .closed
        case "update":
            // An update without an old commit is a change of title, labels and such.
            if request.oldrev.commit != nil { return .updated }
            let becameReady = (changes?.draft ?? changes?.work_in_progress)?.current == false
            return becameReady || changes?.target_branch != nil ? .opened : nil
        default: return nil
        }
    }
}
