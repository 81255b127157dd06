import Crypto
import Foundation
import RoostModel
import RoostWire
import Testing

@testable import RoostServer

@Suite("Messages of hosts")
struct HookTests {
    private typealias P = HookPayloads

    private func read(_ host: HookHost, _ text: String, _ headers: [String: String] = [:]) throws -> HostEvent {
        try host.event(Data(text.utf8)) { headers[$0] }
    }

    private func push(_ event: HostEvent) -> PushEvent? {
        if case .pushes(let pushes) = event.content { pushes.first } else { nil }
    }

    private func request(_ event: HostEvent) -> PullRequestEvent? {
        if case .pullRequest(let request) = event.content { request } else { nil }
    }

    private static let gitHub = ["X-GitHub-Event": "push", "X-GitHub-Delivery": "72d3162e"]
    private static let gitHubRequest = ["X-GitHub-Event": "pull_request", "X-GitHub-Delivery": "72d3162f"]
    private static let gitea = ["X-Gitea-Event": "push", "X-Gitea-Delivery": "f6266f16"]

    @Test("a push of each host says the ref, both commits, who pushed and where")
    func pushes() throws {
        let events = [
            try read(.github, P.gitHubPush(), Self.gitHub), try read(.gitlab, P.gitLabPush()),
            try read(.gitea, P.giteaPush(), Self.gitea), try read(.azuredevops, P.azurePush()),
        ]
        for event in events {
            let push = try #require(self.push(event))
            #expect(push.ref == "refs/heads/main")
            #expect(push.before == P.old)
            #expect(push.after == P.new)
            #expect(push.pusher.hasPrefix("ada"))
            #expect(event.repositoryName == "team/app")
            #expect(event.urls.contains { $0.hasSuffix("/team/app.git") || $0.hasSuffix("/team/_git/app") })
        }
        #expect(events[0].delivery == "72d3162e")
        #expect(events[2].delivery == "f6266f16")
        #expect(events[3].delivery == "03c164c2-8912-4d5e-8009-3707d5f83734")
    }

    @Test("new and deleted branches and tags have no commit on one side")
    func ends() throws {
        let new = try read(.github, P.gitHubPush(before: P.none), Self.gitHub)
        #expect(push(new)?.before == nil)
        let gone = try read(.github, P.gitHubPush(after: P.none), Self.gitHub)
        #expect(push(gone)?.after == nil)
        let tag = try read(.gitlab, P.gitLabPush(kind: "tag_push", ref: "refs/tags/v1"))
        #expect(push(tag)?.isTag == true)
        let deleted = try read(.gitea, P.giteaDelete, ["X-Gitea-Event": "delete"])
        #expect(push(deleted) == PushEvent(ref: "refs/heads/topic", before: nil, after: nil, pusher: "ada"))
    }

    @Test("a pull request of each host says its number, branches, newest commit and the refs to build")
    func requests() throws {
        let events = [
            try read(.github, P.gitHubPullRequest(), Self.gitHubRequest), try read(.gitlab, P.gitLabMergeRequest()),
            try read(.gitea, P.giteaPullRequest(), ["X-Gitea-Event": "pull_request"]),
            try read(.azuredevops, P.azurePullRequest()),
        ]
        for event in events {
            let request = try #require(self.request(event))
            #expect(request.action == .opened)
            #expect(request.request.number == 7)
            #expect(request.request.sourceBranch == "refs/heads/topic")
            #expect(request.request.targetBranch == "refs/heads/main")
            #expect(request.request.sourceCommit == P.new)
            #expect(request.author.hasPrefix("ada"))
            #expect(!request.isDraft)
            #expect(request.refs.first?.hasSuffix("7/merge") == true)
        }
        #expect(events.map { request($0)?.request.isFork } == [false, false, true, false])
    }

    @Test("forks and drafts are known")
    func forks() throws {
        let gitHub = try read(.github, P.gitHubPullRequest(fork: true, draft: true), Self.gitHubRequest)
        #expect(request(gitHub)?.request.isFork == true)
        #expect(request(gitHub)?.isDraft == true)
        #expect(request(gitHub)?.request.sourceRepositoryURL == "https://git.example.org/grace/app.git")
        let gitLab = try read(.gitlab, P.gitLabMergeRequest(source: 16, draft: true))
        #expect(request(gitLab)?.request.isFork == true)
        #expect(request(gitLab)?.isDraft == true)
        let gitea = try read(.gitea, P.giteaPullRequest(title: "WIP: Topic"), ["X-Gitea-Event": "pull_request"])
        #expect(request(gitea)?.isDraft == true)
        let azure = try read(.azuredevops, P.azurePullRequest(fork: true))
        #expect(request(azure)?.request.isFork == true)
    }

    @Test(
        "only new commits, another target and readiness count as changes of a request",
        arguments: [
            ("opened", "", PullRequestEvent.Action.opened), ("synchronize", "", .updated), ("reopened", "", .opened),
            ("ready_for_review", "", .opened), ("closed", "", .closed), ("labeled", "", nil),
            ("edited", #""changes": {"title": {"from": "x"}},"#, nil),
            ("edited", #""changes": {"base": {"ref": {"from": "x"}}},"#, .opened),
        ] as [(String, String, PullRequestEvent.Action?)]
    )
    func gitHubActions(action: String, changes: String, expected: PullRequestEvent.Action?) throws {
        let event = try read(.github, P.gitHubPullRequest(action: action, changes: changes), Self.gitHubRequest)
        #expect(request(event)?.action == expected)
    }

    @Test(
        "the same for merge requests",
        arguments: [
            ("open", nil, "{}", .opened), ("reopen", nil, "{}", .opened), ("update", HookPayloads.old, "{}", .updated),
            ("update", nil, #"{"title": {}}"#, nil),
            ("update", nil, #"{"draft": {"previous": true, "current": false}}"#, .opened),
            ("update", nil, #"{"target_branch": {"previous": "a", "current": "b"}}"#, .opened),
            ("merge", nil, "{}", .closed), ("close", nil, "{}", .closed), ("approved", nil, "{}", nil),
        ] as [(String, String?, String, PullRequestEvent.Action?)]
    )
    func gitLabActions(action: String, oldrev: String?, changes: String, expected: PullRequestEvent.Action?) throws {
        let event = try read(.gitlab, P.gitLabMergeRequest(action: action, oldrev: oldrev, changes: changes))
        #expect(request(event)?.action == expected)
    }

    @Test("a finished pull request of Azure DevOps is closed, an updated one updated")
    func azureActions() throws {
        #expect(request(try read(.azuredevops, P.azurePullRequest(event: "updated")))?.action == .updated)
        let done = try read(.azuredevops, P.azurePullRequest(event: "updated", status: "completed"))
        #expect(request(done)?.action == .closed)
    }

    @Test("messages about other things say what they are; what is no message is refused")
    func others() throws {
        let ping = try read(.github, #"{"zen": "x", "hook_id": 1}"#, ["X-GitHub-Event": "ping"])
        #expect(ping.content == .other("ping"))
        #expect(try read(.gitlab, #"{"object_kind": "note"}"#).content == .other("note"))
        #expect(try read(.azuredevops, #"{"eventType": "build.complete"}"#).content == .other("build.complete"))
        for host in HookHost.allCases {
            #expect(throws: (any Error).self) {
                try read(host, "[]", ["X-GitHub-Event": "push", "X-Gitea-Event": "push"])
            }
            #expect(throws: (any Error).self) { try read(host, "{", Self.gitHub) }
        }
    }

    // MARK: Signatures

    private static let secret = Secret("a-secret-of-a-pipeline")
    private static let body = Data("{}".utf8)

    private static func code(_ secret: Secret, _ body: Data = body) -> String {
        HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.exposed.utf8)))
            .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    struct Signed: CustomTestStringConvertible, Sendable {
        var host: HookHost
        var headers: [String: String]
        var isMade: Bool

        var testDescription: String { "\(host) \(headers.keys.sorted())" }
    }

    @Test(
        "a message is taken only with the host's own kind of signature",
        arguments: [
            Signed(host: .github, headers: ["X-Hub-Signature-256": "sha256=\(code(secret))"], isMade: true),
            Signed(host: .github, headers: ["X-Hub-Signature-256": code(secret)], isMade: false),
            Signed(host: .github, headers: ["X-Hub-Signature-256": "sha256=\(code(Secret("other")))"], isMade: false),
            Signed(host: .github, headers: ["X-Hub-Signature-256": "sha256=zz"], isMade: false),
            Signed(host: .github, headers: ["X-Hub-Signature-256": "sha256="], isMade: false),
            Signed(host: .github, headers: [:], isMade: false),
            Signed(host: .github, headers: ["X-Gitlab-Token": secret.exposed], isMade: false),
            Signed(host: .gitea, headers: ["X-Gitea-Signature": code(secret)], isMade: true),
            Signed(host: .gitea, headers: ["X-Gitea-Signature": code(secret, Data("{} ".utf8))], isMade: false),
            Signed(host: .gitlab, headers: ["X-Gitlab-Token": secret.exposed], isMade: true),
            Signed(host: .gitlab, headers: ["X-Gitlab-Token": "a-secret-of-a-pipelinf"], isMade: false),
            Signed(host: .gitlab, headers: ["X-Gitlab-Token": ""], isMade: false),
            Signed(
                host: .azuredevops,
                headers: ["Authorization": "Basic \(Data("user:\(secret.exposed)".utf8).base64EncodedString())"],
                isMade: true
            ),
            Signed(
                host: .azuredevops,
                headers: ["Authorization": "Basic \(Data("\(secret.exposed):x".utf8).base64EncodedString())"],
                isMade: false
            ),
            Signed(host: .azuredevops, headers: ["X-Roost-Hook-Secret": secret.exposed], isMade: true),
            Signed(host: .azuredevops, headers: ["Authorization": "Bearer \(secret.exposed)"], isMade: false),
        ]
    )
    func signature(_ signed: Signed) {
        let signature = HookSignature(signed.host, body: Self.body) { signed.headers[$0] }
        #expect(signature.isMade(with: Self.secret) == signed.isMade)
    }

    @Test(
        "one repository is known by every way to reach it",
        arguments: [
            "https://git.example.org/team/app", "https://git.example.org/team/app.git/",
            "https://user:word@Git.example.org:8443/Team/App.git", "git@git.example.org:team/app.git",
            "ssh://git@git.example.org:2222/team/app", "git://git.example.org/team/app.git",
        ]
    )
    func address(url: String) {
        #expect(RepositoryAddress(url) == RepositoryAddress("http://git.example.org/team/app"))
        #expect(RepositoryAddress(url) != RepositoryAddress("http://git.example.org/team/app2"))
    }

    @Test("a folder and its file URL are the same place")
    func folders() { #expect(RepositoryAddress("file:///srv/git/a.git") == RepositoryAddress("/srv/git/a")) }
}
