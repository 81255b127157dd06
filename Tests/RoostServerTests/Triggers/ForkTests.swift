import Foundation
import RoostClient
import RoostModel
import RoostPipeline
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Pull requests of forks", .timeLimit(.minutes(6)))
struct ForkTests {
    private static let yaml = [
        "azure-pipelines.yml": """
        pr: [main]
        variables:
        - group: kept
        resources:
          containers:
          - container: tools
            image: registry.example/tools
            endpoint: registry
        jobs:
        - job: A
          container: tools
          steps:
          - task: DownloadSecureFile@1
            inputs: { secureFile: signing }
          - script: echo $(own) $(shared)
        """
    ]

    /// A new commit of the request's branch, which the host tells of.
    private static func push(
        _ ground: TriggerGround,
        association: String = "CONTRIBUTOR",
        at moment: String = "2026-11-25T08:00:00Z"
    ) async throws -> (head: String, outcomes: [String]) {
        let repository = ground.repository
        let isFirst = try repository.git("branch", "--list", "topic").isEmpty
        try repository.git(isFirst ? ["checkout", "--quiet", "-b", "topic"] : ["checkout", "--quiet", "topic"])
        let head = try repository.commit(["b": UUID().uuidString], "Topic")
        try repository.git("update-ref", "refs/pull/7/head", head)
        let text = HookPayloads.gitHubPullRequest(
            action: isFirst ? "opened" : "synchronize",
            head: head,
            fork: true,
            association: association,
            at: moment
        )
        return (head, try await ground.hook("pull_request", text).outcomes)
    }

    private static func set(
        _ ground: TriggerGround,
        _ change: @Sendable @escaping (inout ForkSettings) -> Void
    ) async throws {
        _ = try await ground.plane.updatePipeline(ground.pipeline.id, by: .system) { change(&$0.triggers.forks) }
    }

    /// Secrets of every kind that the file names.
    private static func putSecrets(_ ground: TriggerGround) async throws {
        let project = try #require(ground.plane.projects().first)
        let secret = PipelineVariable(value: "hush-own", isSecret: true)
        _ = try await ground.plane.updatePipeline(ground.pipeline.id, by: .system) {
            $0.variables = ["own": secret, "open": PipelineVariable(value: "o")]
        }
        _ = try await ground.plane.createVariableGroup(
            name: "kept",
            variables: [
                "shared": PipelineVariable(value: "hush-shared", isSecret: true), "plain": PipelineVariable(value: "p"),
            ],
            project: project.id,
            by: .system
        )
        _ = try await ground.plane.addSecureFile("signing", Array("hush-file".utf8), in: project.id, by: .system)
        let registry = try await ground.cluster.client.createServiceConnection(
            project: project.name,
            ServiceConnectionWire(
                name: "registry",
                type: "dockerregistry",
                url: "https://registry.example",
                authorization: EndpointAuthorizationWire(
                    scheme: "UsernamePassword",
                    parameters: ["registry": "https://registry.example", "username": "u", "password": "hush-registry"]
                )
            )
        )
        _ = try await ground.cluster.client.setPipelinePermissions(
            project: project.name,
            type: "endpoint",
            id: try #require(registry.id).uuidString,
            ResourcePipelinePermissionsWire(allPipelines: .init(authorized: true))
        )
    }

    /// What an agent gets with the job of the newest run, as text.
    private static func job(
        _ ground: TriggerGround,
        _ agent: SimulatedAgent
    ) async throws -> (
        text: String, message: PipelineAgentJobRequestWire
    ) {
        let message = try await agent.takeJob(try await agent.openSession())
        return (String(decoding: try WireJSON.encode(message), as: UTF8.self), message)
    }

    /// A pipeline that names secrets of every kind, and an agent that could run it.
    private static func with(
        dashboard: Bool = false,
        _ body: @Sendable @escaping (TriggerGround, SimulatedAgent) async throws -> Void
    ) async throws {
        try await TriggerGround.with(yaml, dashboard: dashboard) { ground in
            try await putSecrets(ground)
            let agent = try await SimulatedAgent(
                cluster: ground.cluster.address,
                registrar: ground.cluster.client,
                pool: try ground.cluster.defaultPool.id.rawValue,
                name: "one",
                capabilities: ["docker": "/usr/bin/docker"]
            )
            let result: Result<Void, any Error>
            do { result = .success(try await body(ground, agent)) } catch { result = .failure(error) }
            await agent.close()
            try result.get()
        }
    }

    @Test("they wait for a comment of the team, of their newest commit, and get no secret of any kind")
    func comment() async throws {
        try await Self.with { ground, agent in
            #expect(try await Self.push(ground).outcomes == ["held awaitsApproval"])
            let (head, outcomes) = try await Self.push(ground, at: "2026-11-25T08:30:00Z")
            #expect(outcomes == ["held awaitsApproval"])
            #expect(try await ground.runs().isEmpty)
            func say(_ text: String) async throws -> [String] { try await ground.hook("issue_comment", text).outcomes }
            #expect(
                try await say(HookPayloads.gitHubComment("/azp run", by: "CONTRIBUTOR")) == ["skipped notOfTheTeam"]
            )
            #expect(try await say(HookPayloads.gitHubComment("/azp run", by: "NONE")) == ["skipped notOfTheTeam"])
            #expect(try await say(HookPayloads.gitHubComment("/azp run other")) == [])
            #expect(try await say(HookPayloads.gitHubComment("please /azp run")) == [])
            #expect(try await say(HookPayloads.gitHubComment("/azp run", action: "edited")) == [])
            #expect(try await say(HookPayloads.gitHubComment("/azp run", ofRequest: false)) == [])
            let early = HookPayloads.gitHubComment("/azp run", at: "2026-11-25T08:15:00Z")
            #expect(try await say(early) == ["skipped approvedTooEarly"])
            #expect(try await ground.runs().isEmpty)
            #expect(try await say(HookPayloads.gitHubComment("Fine!\\n/AzurePipelines run app")) == ["queued approved"])
            let run = try #require(try await ground.runs().first)
            #expect(run.sourceVersion == head && run.cause.pullRequest?.isFork == true)
            #expect(run.issues.contains { $0.message.contains("builds a fork") }, "\(run.issues)")
            let (text, message) = try await Self.job(ground, agent)
            #expect(!text.contains("hush") && message.variables?["open"]?.value == "o")
            #expect(message.variables?["plain"]?.value == "p" && message.variables?["own"] == nil)
            let again = try await ground.plane.rerun(run.id, by: .system)
            #expect(again.variables["own"] == nil && again.variableGroups["kept"]?["shared"] == nil)
            #expect(try await say(HookPayloads.gitHubComment("/azp run")) == ["skipped nothingWaits"])
        }
    }

    @Test("settings let them begin at once, for members only or for all, with secrets, or not at all")
    func settings() async throws {
        try await Self.with { ground, agent in
            try await Self.set(ground) { $0.areBuilt = false }
            #expect(try await Self.push(ground).outcomes == ["skipped forksNotBuilt"])
            try await Self.set(ground) { $0 = ForkSettings(approval: .outsiders) }
            #expect(try await Self.push(ground).outcomes == ["held awaitsApproval"])
            #expect(try await Self.push(ground, association: "COLLABORATOR").outcomes == ["queued branchIncluded"])
            #expect(try await ground.runs().count == 1)
            try await Self.set(ground) { $0 = ForkSettings(approval: .none, getSecrets: true) }
            #expect(try await Self.push(ground).outcomes == ["queued branchIncluded"])
            let text = try await Self.job(ground, agent).text
            for secret in ["hush-own", "hush-shared", "hush-registry", "signing"] {
                #expect(text.contains(secret), "\(secret)")
            }
            try await Self.set(ground) { $0.approval = .all }
            let own = try ground.repository.commit(["c": "1"], "Own")
            try ground.repository.git("update-ref", "refs/pull/7/head", own)
            let request = HookPayloads.gitHubPullRequest(action: "synchronize", head: own)
            #expect(try await ground.hook("pull_request", request).outcomes == ["held awaitsApproval"])
        }
    }

    @Test("people approve and decline by command and API, over a restart, and only who may queue runs")
    func people() async throws {
        try await Self.with { ground, _ in
            let (id, project) = (ground.pipeline.id, try #require(ground.plane.projects().first).name)
            let first = try await Self.push(ground).head
            let stored = TriggerState(settings: try await ground.cluster.store.load().settings)
            #expect(stored.waiting[id]?[7]?.event.request.sourceCommit == first)
            let client = ground.cluster.client
            func decide(_ approves: Bool, commit: String? = nil) async throws -> TriggerDecisionWire {
                try await client.decideRequest(
                    project: project,
                    pipeline: id.rawValue,
                    number: 7,
                    approves: approves,
                    commit: commit
                )
            }
            #expect(try await decide(true, commit: "abcdef0").code == "approvedTooEarly")
            let shown = try await client.triggers(project: project, pipeline: id.rawValue)
            #expect(shown.waiting?.map(\.number) == [7] && shown.waiting?.first?.commit == first)
            #expect(try await decide(false).code == "declined")
            await #expect(throws: ClientError.self) { try await decide(true) }
            // The next commit waits anew.
            let (head, outcomes) = try await Self.push(ground)
            #expect(outcomes == ["held awaitsApproval"])
            let stranger = try await Self.roost(ground, user: "eve", ["approve-request", "app", "7"])
            #expect(stranger.code == 3 && stranger.output.contains("may not use"), "\(stranger.output)")
            let listed = try await Self.roost(ground, user: nil, ["triggers", "app"])
            #expect(listed.output.contains("#7") && listed.output.contains("wait for approval, without secrets"))
            let done = try await Self.roost(
                ground,
                user: nil,
                ["approve-request", "app", "7", "--commit", String(head.prefix(10))]
            )
            #expect(done.code == 0 && done.output.contains("approved by admin"), "\(done.output)")
            #expect(try await ground.runs().map(\.sourceVersion) == [head])
            let audit = try await ground.plane.auditEvents(limit: 20, before: nil)
            #expect(audit.contains { $0.action == "pull-request.approve" && $0.actor == "user:admin" })
            // A request that is closed waits no more.
            _ = try await Self.push(ground)
            _ = try await ground.hook("pull_request", HookPayloads.gitHubPullRequest(action: "closed", fork: true))
            #expect(ground.plane.read { $0.triggers.waiting[id]?.isEmpty ?? true })
        }
    }

    private static func roost(
        _ ground: TriggerGround,
        user: String?,
        _ words: [String]
    ) async throws -> (code: Int32, output: String) {
        var token = ground.cluster.token
        if let user {
            token = try await ground.plane.createToken(
                user: user,
                name: "t",
                scopes: [.full],
                lifetime: .seconds(600),
                by: .system
            ).value
        }
        let environment = ["ROOST_URL": ground.cluster.address, "ROOST_TOKEN": token.exposed, "NO_COLOR": "1"]
        return try await ChildProgram(
            "roost",
            ["pipeline"] + words,
            environment: environment,
            folder: ground.cluster.folder.path
        ).finished()
    }

    @Test("the pipeline's page shows those that wait; what is approved is the commit that it showed")
    func page() async throws {
        try await Self.with(dashboard: true) { ground, _ in
            func ask(_ path: String, _ form: String? = nil) async throws -> String {
                let plane = ground.plane
                let session = try plane.issueDashboardSession(pat: ground.cluster.token.exposed, lifetime: .seconds(60))
                let words = ["curl", "-sS", "-b", "roost_session=\(session?.exposed ?? "")", "-w", "%{redirect_url}"]
                let data = form.map { ["-d", $0] } ?? []
                let url = ground.cluster.address + path
                return String(decoding: try await ShortCommand.runAside(words + data + [url]).output, as: UTF8.self)
            }
            let page = "pipelines/\(ground.pipeline.id)"
            #expect(try await !ask(page).contains("requests/7"))
            let old = try await Self.push(ground).head
            let head = try await Self.push(ground).head
            let shown = try await ask(page)
            #expect(shown.contains("action=\"/\(page)/requests/7/approve\"") && shown.contains("value=\"\(head)\""))
            let late = try await ask("\(page)/requests/7/approve", "commit=\(old)")
            #expect(late.contains("The approval is of an older commit."), "\(late)")
            let done = try await ask("\(page)/requests/7/approve", "commit=\(head)")
            let run = try #require(try await ground.runs().first)
            #expect(done.hasSuffix("/runs/\(run.id)") && run.sourceVersion == head, "\(done)")
            _ = try await Self.push(ground)
            #expect(try await ask("\(page)/requests/7/decline", "x=").hasSuffix("/\(page)"))
            #expect(try await !ask(page).contains("requests/7"))
        }
    }

    @Test("anybody may open pull requests, and so many wait and no more")
    func bound() {
        var state = TriggerState()
        var change = ControlChange(now: Date(), tick: Date())
        let id = PipelineID(1)
        var dropped: [Int] = []
        for number in 1...(TriggerState.waitingLimit + 2) {
            let request = RunPullRequest(
                number: number,
                id: "\(number)",
                sourceBranch: "refs/heads/x",
                targetBranch: "refs/heads/main",
                sourceCommit: "c"
            )
            let event = PullRequestEvent(action: .opened, request: request, isDraft: false, refs: [])
            let waiting = WaitingRequest(
                event: event,
                since: Date(timeIntervalSince1970: Double(number)),
                reason: .impliedTrigger
            )
            if let number = state.hold(waiting, of: id, &change) { dropped.append(number) }
        }
        #expect(dropped == [1, 2] && state.waiting[id]?.count == TriggerState.waitingLimit)
    }

    @Test("a definition says what forks may, and keeps what the API has no word for")
    func definition() {
        for settings in ForkSettings.Approval.allCases.map({
            ForkSettings(areBuilt: false, approval: $0, getSecrets: true)
        }) {
            let wire = BuildTriggerWire(nil, settings)
            #expect(wire.applying(to: settings) == settings)
            #expect(wire.forks == .init(enabled: false, allowSecrets: true))
        }
        let asked = BuildTriggerWire(nil, ForkSettings(approval: .none))
        #expect(asked.applying(to: ForkSettings()).approval == .none)
        var others = BuildTriggerWire(nil, ForkSettings(approval: .all))
        #expect(others.applying(to: ForkSettings(approval: .none)).approval == .all)
        others.requireCommentsForNonTeamMembersOnly = true
        #expect(others.applying(to: ForkSettings(approval: .none)).approval == .outsiders)
    }
}
