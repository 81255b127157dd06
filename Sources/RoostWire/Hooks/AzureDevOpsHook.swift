import FoundationEssentials
import RoostModel

/// Messages of Azure DevOps' service hooks: `git.push`, `git.pullrequest.created`, `git.pullrequest.updated`.
enum AzureDevOpsHook {
    private struct Project: Decodable { var name: String? }

    private struct Repository: Decodable {
        var name: String?
        var remoteUrl: String?
        var sshUrl: String?
        var url: String?
        var project: Project?

        var urls: [String] { [remoteUrl, sshUrl, url].compactMap(\.self) }
        var fullName: String { [project?.name, name].compactMap(\.self).joined(separator: "/") }
    }

    private struct Person: Decodable {
        var displayName: String?
        var uniqueName: String?
    }

    private struct RefUpdate: Decodable {
        var name: String
        var oldObjectId: String?
        var newObjectId: String?
    }

    private struct Commit: Decodable { var commitId: String? }

    private struct Fork: Decodable { var repository: Repository? }

    private struct Resource: Decodable {
        var repository: Repository?
        // Pushes
        var refUpdates: [RefUpdate]?
        var pushedBy: Person?
        // Pull requests
        var pullRequestId: Int?
        var status: String?
        var isDraft: Bool?
        var createdBy: Person?
        var sourceRefName: String?
        var targetRefName: String?
        var lastMergeSourceCommit: Commit?
        var forkSource: Fork?
    }

    private struct Message: Decodable {
        struct Text: Decodable { var text: String? }

        var id: String?
        var eventType: String?
        var message: Text?
        var resource: Resource?
    }

    private struct Kind: Decodable {
        var id: String?
        var eventType: String?
    }

    static func event(_ body: Data) throws -> HostEvent {
        let kind = try WireJSON.decode(Kind.self, from: body)
        guard ["git.push", "git.pullrequest.created", "git.pullrequest.updated"].contains(kind.eventType) else {
            let content = HostEvent.Content.other(kind.eventType ?? "a message without eventType")
            return HostEvent(urls: [], repositoryName: "", content: content, delivery: kind.id)
        }
        let message = try WireJSON.decode(Message.self, from: body)
        let repository = message.resource?.repository
        return HostEvent(
            urls: repository?.urls ?? [],
            repositoryName: repository?.fullName ?? "",
            content: content(message),
            delivery: message.id
        )
    }

    private static func content(_ message: Message) -> HostEvent.Content {
        guard let resource = message.resource else { return .other(message.eventType ?? "") }
        if message.eventType == "git.push" {
            return .pushes(
                (resource.refUpdates ?? []).map { update in
                    PushEvent(
                        ref: update.name,
                        before: update.oldObjectId.commit,
                        after: update.newObjectId.commit,
                        pusher: resource.pushedBy?.uniqueName ?? resource.pushedBy?.displayName ?? ""
                    )
                }
            )
        }
        guard let number = resource.pullRequestId else { return .other(message.eventType ?? "") }
        let facts = RunPullRequest(
            number: number,
            id: String(number),
            sourceBranch: branchRef(resource.sourceRefName),
            targetBranch: branchRef(resource.targetRefName),
            sourceCommit: resource.lastMergeSourceCommit?.commitId ?? "",
            sourceRepositoryURL: resource.forkSource?.repository?.remoteUrl ?? resource.repository?.remoteUrl ?? "",
            isFork: resource.forkSource != nil
        )
        return .pullRequest(
            PullRequestEvent(
                action: action(message, resource),
                request: facts,
                isDraft: resource.isDraft ?? false,
                refs: ["refs/pull/\(number)/merge"],
                author: resource.createdBy?.uniqueName ?? resource.createdBy?.displayName ?? ""
            )
        )
    }

    private static func action(_ message: Message, _ resource: Resource) -> PullRequestEvent.Action {
        if let status = resource.status?.lowercased(), status != "active" { return .closed }
        return message.eventType == "git.pullrequest.created" ? .opened : .updated
    }
}
