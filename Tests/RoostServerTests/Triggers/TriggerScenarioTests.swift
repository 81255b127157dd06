import Foundation
import Logging
import RoostClient
import RoostModel
import RoostPipeline
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Runs that nobody queued", .timeLimit(.minutes(6)))
struct TriggerScenarioTests {
    private static func yaml(_ head: String) -> [String: String] {
        ["azure-pipelines.yml": "\(head)\nsteps:\n- script: echo\n"]
    }

    @Test("a push becomes a message, a run, and its end; the job knows why it runs")
    func wholeWay() async throws {
        try await TriggerGround.with(Self.yaml("trigger: [main]")) { ground in
            let agent = try await ground.agent()
            let session = try await agent.openSession()
            let before = try ground.repository.git("rev-parse", "HEAD")
            let after = try ground.repository.commit(["a": "1"], "Change")
            let answer = try await ground.push(before)
            #expect(answer.status == 200)
            #expect(answer.outcomes == ["queued branchIncluded"])
            let run = try #require(try await ground.runs().first)
            #expect(answer.body.pipelines?.first?.runId == run.id.rawValue)
            #expect(run.reason == .individualCI)
            #expect(run.sourceVersion == after)
            #expect(run.sourceBranch == "refs/heads/main")
            let job = try await agent.takeJob(session)
            #expect(job.variables?["build.reason"]?.value == "IndividualCI")
            #expect(job.variables?.first { $0.key.lowercased() == "build.requestedfor" }?.value.value == "ada")
            try await agent.begin(job)
            try await agent.complete(job)
            #expect(try await ground.cluster.finished(run.id).run.state == .completed(.succeeded))
            await agent.close()
        }
    }

    @Test("a message that comes again, or late, begins nothing more")
    func replay() async throws {
        try await TriggerGround.with(Self.yaml("trigger: [main]")) { ground in
            let first = try ground.repository.git("rev-parse", "HEAD")
            let second = try ground.repository.commit(["a": "1"], "second")
            let message = HookPayloads.gitHubPush(before: first, after: second)
            _ = try await ground.hook("push", message, delivery: "one")
            let again = try await ground.hook("push", message, delivery: "one")
            #expect(again.body.status == "repeated")
            let other = try await ground.hook("push", message, delivery: "two")
            #expect(other.outcomes == ["skipped alreadyKnown"])
            let third = try ground.repository.commit(["a": "2"], "third")
            _ = try await ground.hook("push", HookPayloads.gitHubPush(before: second, after: third))
            let late = try await ground.hook("push", message, delivery: "three")
            #expect(late.outcomes == ["skipped alreadyKnown"])
            #expect(try await ground.runs().map(\.sourceVersion) == [second, third])
        }
    }

    @Test("a message that is not signed, badly signed, or no message is refused and begins nothing")
    func refused() async throws {
        try await TriggerGround.with(Self.yaml("")) { ground in
            let before = try ground.repository.git("rev-parse", "HEAD")
            let after = try ground.repository.commit(["a": "1"], "x")
            let message = HookPayloads.gitHubPush(before: before, after: after)
            #expect(try await ground.post("github", message, [("X-GitHub-Event", "push")]).status == 401)
            #expect(try await ground.hook("push", message, secret: Secret("another-secret")).status == 401)
            #expect(try await ground.post("github", "{", []).status == 401)
            #expect(try await ground.hook("push", "{").status == 400)
            #expect(try await ground.post("nohost", message, []).status == 404)
            #expect(try await ground.hook("ping", #"{"zen": "x"}"#).body.status == "nothing")
            #expect(try await ground.runs().isEmpty)
        }
    }

    @Test("each host's own shape and signature begins a run")
    func hosts() async throws {
        try await TriggerGround.with(Self.yaml("")) { ground in
            var before = try ground.repository.git("rev-parse", "HEAD")
            for (count, host) in [HookHost.gitlab, .azuredevops].enumerated() {
                let after = try ground.repository.commit(["a": "\(count)"], "change \(count)")
                let text =
                    host == .gitlab ? HookPayloads.gitLabPush(after: after) : HookPayloads.azurePush(after: after)
                let basic = Data("u:\(ground.secret.exposed)".utf8).base64EncodedString()
                let answer = try await ground.post(
                    host.rawValue,
                    text,
                    [("X-Gitlab-Token", ground.secret.exposed), ("Authorization", "Basic \(basic)")]
                )
                #expect(answer.outcomes == ["queued impliedTrigger"], "\(answer.text)")
                before = after
            }
            #expect(try await ground.runs().last?.sourceVersion == before)
        }
    }

    @Test("paths are those that git finds between the commits; marks in messages count")
    func paths() async throws {
        let head = "trigger: { branches: [main], paths: { include: [src], exclude: [src/doc] } }"
        try await TriggerGround.with(Self.yaml(head)) { ground in
            var outcomes: [String] = []
            func push(_ files: [String: String], _ message: String) async throws {
                let before = try ground.repository.git("rev-parse", "HEAD")
                try ground.repository.commit(files, message)
                outcomes += try await ground.push(before).outcomes
            }
            try await push(["src/a": "1"], "one")
            try await push(["README": "1"], "two")
            try await push(["src/doc/a": "1"], "three")
            try await push(["src/a": "2"], "four\n\n[skip ci]")
            try await push(["src/doc/a": "2", "src/b": "1"], "five")
            #expect(
                outcomes == [
                    "queued pathIncluded", "skipped noPathIncluded", "skipped noPathIncluded", "skipped skipMark",
                    "queued pathIncluded",
                ]
            )
            let shown = try await ground.cluster.client.triggers(
                project: ground.pipeline.project.description,
                pipeline: ground.pipeline.id.rawValue
            )
            #expect(shown.decisions?.map { $0.outcome ?? "" } == ["queued", "skipped", "skipped", "skipped", "queued"])
            #expect(shown.push == "branches main; paths src but not src/doc")
        }
    }

    @Test("pushes to a batched branch wait for its run, and then the newest is built once")
    func batch() async throws {
        try await TriggerGround.with(Self.yaml("trigger: { batch: true, branches: ['*'] }")) { ground in
            let agent = try await ground.agent()
            let session = try await agent.openSession()
            var before = try ground.repository.git("rev-parse", "HEAD")
            var outcomes: [String] = []
            for count in 1...3 {
                let after = try ground.repository.commit(["a": "\(count)"], "change \(count)")
                outcomes += try await ground.push(before).outcomes
                before = after
            }
            #expect(outcomes == ["queued branchIncluded", "held runActive", "held runActive"])
            #expect(try await ground.runs().count == 1)
            let first = try await agent.takeJob(session)
            try await agent.begin(first)
            try await agent.complete(first)
            let runs = try await ground.runs(2)
            #expect(runs.map(\.reason) == [.batchedCI, .batchedCI])
            #expect(runs.last?.sourceVersion == before)
            let second = try await agent.takeJob(session)
            try await agent.begin(second)
            try await agent.complete(second)
            _ = try await ground.cluster.finished(runs[1].id)
            await ground.triggers.queueHeldPushesOfAll()
            #expect(try await ground.runs().count == 2)
            await agent.close()
        }
    }

    @Test("polling remembers first, then finds new commits, branches and tags, each once")
    func polling() async throws {
        try await TriggerGround.with(Self.yaml("trigger: { branches: ['*'], tags: ['v*'] }")) { ground in
            let id = ground.pipeline.id
            #expect(await ground.triggers.poll(id).isEmpty)
            let commit = try ground.repository.commit(["a": "1"], "x")
            try ground.repository.git("tag", "v1")
            try ground.repository.git("branch", "topic")
            let found = await ground.triggers.poll(id)
            #expect(found.map(\.outcome) == [.queued, .queued, .queued])
            #expect(await ground.triggers.poll(id).isEmpty)
            let runs = try await ground.runs()
            #expect(Set(runs.map(\.sourceBranch)) == ["refs/heads/main", "refs/heads/topic", "refs/tags/v1"])
            #expect(Set(runs.map(\.sourceVersion)) == [commit])
            // What a message told is not found again.
            let next = try ground.repository.commit(["a": "2"], "y")
            _ = try await ground.push(commit)
            #expect(await ground.triggers.poll(id).isEmpty)
            #expect(try await ground.runs().last?.sourceVersion == next)
            try ground.repository.git("branch", "-D", "topic")
            #expect(await ground.triggers.poll(id).map(\.reason) == [.refDeleted])
        }
    }

    @Test("a pipeline that asks for it is polled by itself")
    func pollsByItself() async throws {
        try await TriggerGround.with(Self.yaml("")) { ground in
            #expect(await ground.triggers.poll(ground.pipeline.id).isEmpty)
            let commit = try ground.repository.commit(["a": "1"], "x")
            _ = try await ground.plane.updatePipeline(ground.pipeline.id, by: .system) {
                $0.triggers.pollInterval = 86_400
            }
            #expect(try await ground.runs(1).first?.sourceVersion == commit)
        }
    }

    @Test("a pull request builds its merge, knows itself, and a newer push cancels the run before")
    func pullRequests() async throws {
        try await TriggerGround.with(Self.yaml("pr: [main]")) { ground in
            // Without an agent that could do it a job fails at once.
            let agent = try await ground.agent()
            let repository = ground.repository
            _ = try await ground.plane.updatePipeline(ground.pipeline.id, by: .system) {
                $0.triggers.forks.approval = .none
            }
            try repository.git("checkout", "--quiet", "-b", "topic")
            let head = try repository.commit(["b": "1"], "Topic")
            try repository.git("update-ref", "refs/pull/7/merge", head)
            let answer = try await ground.hook("pull_request", HookPayloads.gitHubPullRequest(head: head, fork: true))
            #expect(answer.outcomes == ["queued branchIncluded"], "\(answer.text)")
            let run = try #require(try await ground.runs().first)
            #expect(run.sourceBranch == "refs/pull/7/merge")
            #expect(run.reason == .pullRequest)
            #expect(run.cause.pullRequest?.isFork == true)
            let variables = run.causeVariables
            #expect(variables["System.PullRequest.PullRequestNumber"] == "7")
            #expect(variables["System.PullRequest.IsFork"] == "True")
            #expect(variables["System.PullRequest.TargetBranch"] == "refs/heads/main")
            #expect(variables["System.PullRequest.TargetBranchName"] == "main")
            #expect(variables["System.PullRequest.SourceCommitId"] == head)
            // The host has not made the new merge yet: the commit itself is built.
            let newer = try repository.commit(["b": "2"], "More")
            try repository.git("update-ref", "refs/pull/7/head", newer)
            let second = try await ground.hook(
                "pull_request",
                HookPayloads.gitHubPullRequest(action: "synchronize", head: newer)
            )
            #expect(second.outcomes == ["queued branchIncluded"], "\(second.text)")
            let runs = try await ground.runs()
            #expect(runs.map(\.sourceVersion) == [head, newer])
            #expect(try await ground.cluster.finished(run.id).run.state == .completed(.canceled))
            await agent.close()
        }
    }

    @Test("the end of another pipeline's run begins one, with the same commit and its variables")
    func completion() async throws {
        let app = """
            trigger: none
            resources:
              pipelines:
              - pipeline: lib
                source: library
                trigger:
                  branches: [main]
            steps:
            - script: echo
            """
        let files = ["azure-pipelines.yml": app, "lib.yml": "trigger: none\nsteps:\n- script: echo\n"]
        try await TriggerGround.with(files) { ground in
            await ground.triggers.readTriggers(of: ground.pipeline.id)
            let library = try await ground.pipeline("library", yamlPath: "lib.yml")
            let agent = try await ground.agent()
            let session = try await agent.openSession()
            let source = try await ground.cluster.queue(library)
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            try await agent.complete(job)
            let run = try #require(try await ground.runs(1).first)
            #expect(run.reason == .resourceTrigger)
            #expect(run.sourceVersion == source.sourceVersion)
            let variables = run.causeVariables
            #expect(variables["Resources.TriggeringAlias"] == "lib")
            #expect(variables["Resources.TriggeringCategory"] == "pipeline")
            #expect(variables["Resources.Pipeline.lib.RunID"] == source.id.description)
            #expect(variables["Resources.Pipeline.lib.RunName"] == source.number)
            #expect(variables["Build.TriggeredBy.DefinitionName"] == "library")
            // The same end, told again, begins nothing.
            await ground.triggers.completionsOf(source.id)
            #expect(try await ground.runs().count == 1)
            await agent.close()
        }
    }

    @Test("a schedule fires once, is not repeated by a restart, and needs a change after a success")
    func schedule() async throws {
        let head = """
            trigger: none
            schedules:
            - cron: "0 3 * * *"
              displayName: Nightly
            """
        try await TriggerGround.with(Self.yaml(head)) { ground in
            let agent = try await ground.agent()
            let session = try await agent.openSession()
            let id = ground.pipeline.id
            await ground.triggers.readTriggers(of: id)
            let cron = try CronExpression("0 3 * * *")
            let first = try #require(cron.next(after: Date() + 60))
            func fire(at moment: Date) async -> Int {
                // A new service knows only what is stored, as after a restart.
                let service = TriggerService(plane: ground.plane)
                let due = service.due(at: moment).work.filter { if case .schedule = $0 { true } else { false } }
                for item in due { await service.carryOut(item, at: moment) }
                return due.count
            }
            #expect(await fire(at: first - 1) == 0)
            #expect(await fire(at: first + 1) == 1)
            #expect(await fire(at: first + 2) == 0)
            let run = try #require(try await ground.runs(1).first)
            #expect(run.reason == .schedule)
            #expect(run.causeVariables["Build.CronSchedule.DisplayName"] == "Nightly")
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            try await agent.complete(job)
            _ = try await ground.cluster.finished(run.id)
            #expect(await fire(at: first + 86_401) == 1)
            #expect(try await ground.runs().count == 1)
            let last = ground.plane.read { $0.triggers.records[id]?.last }
            #expect(last?.reason == .nothingChanged(since: run.number))
            try ground.repository.commit(["a": "1"], "change")
            #expect(await fire(at: first + 2 * 86_400 + 1800) == 1)
            #expect(try await ground.runs().count == 2)
            // Two days missed: too late for one, and made up for once when it is not.
            #expect(await fire(at: first + 4 * 86_400 + 7200) == 1)
            let missed = ground.plane.read { $0.triggers.records[id]?.last }
            #expect(missed?.reason.code == "missed")
            await agent.close()
        }
    }

    @Test("triggers that are off by the pipeline's settings, and a file that cannot be read, are told")
    func off() async throws {
        try await TriggerGround.with(Self.yaml("trigger: [main]")) { ground in
            let project = ground.pipeline.project.description
            let id = ground.pipeline.id.rawValue
            let changed = try await ground.cluster.client.updateTriggers(
                project: project,
                pipeline: id,
                TriggerSettingsWire(push: false, schedules: false, makeWebhookSecret: true)
            )
            let secret = Secret(try #require(changed.settings?.webhookSecret))
            #expect(changed.settings?.schedules == false)
            let before = try ground.repository.git("rev-parse", "HEAD")
            let after = try ground.repository.commit(["azure-pipelines.yml": "steps: [\n"], "broken")
            let message = HookPayloads.gitHubPush(before: before, after: after)
            #expect(try await ground.hook("push", message).status == 401)
            let answer = try await ground.hook("push", message, secret: secret)
            #expect(answer.outcomes == ["failed fileUnreadable"])
            #expect(answer.body.pipelines?.first?.reason?.contains("azure-pipelines.yml:") == true)
            let fixed = try ground.repository.commit(Self.yaml("trigger: [main]"), "fixed")
            let off = try await ground.hook(
                "push",
                HookPayloads.gitHubPush(before: after, after: fixed),
                secret: secret
            )
            #expect(off.outcomes == ["skipped disabledBySettings"])
            let shown = try await ground.cluster.client.triggers(project: project, pipeline: id)
            #expect(shown.settings?.webhookSecret == nil)
            #expect(shown.settings?.hasWebhookSecret == true)
        }
    }

    @Test("what triggers know is the same after a restart")
    func stored() async throws {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let sealer = PlainSealer()
        func store() throws -> SQLiteStore {
            try SQLiteStore(path: "\(folder.path)/roost.db", sealer: sealer, logger: Logger(label: "test"))
        }
        let repository = try ScratchRepository(Self.yaml("trigger: [main]\nschedules: [ { cron: '0 3 * * *' } ]"))
        defer { repository.remove() }
        let id = try await TestCluster.with(store: try store(), sealer: sealer) { cluster in
            let pipeline = try await cluster.pipeline(repository)
            _ = try await cluster.plane.updatePipeline(pipeline.id, by: .system) {
                $0.triggers.pollInterval = 3600
                $0.triggers.webhookSecret = Secret("sixteen-or-more-characters")
            }
            _ = await cluster.app.triggers.poll(pipeline.id)
            await cluster.app.triggers.readTriggers(of: pipeline.id)
            return pipeline.id
        }
        try await TestCluster.with(store: try store(), sealer: sealer) { cluster in
            let (state, tips) = cluster.plane.read { ($0.triggers.pipelines[id], $0.triggers.tips[id]) }
            #expect(state?.scheduleKeys.count == 1)
            #expect(tips?["refs/heads/main"] == (try repository.git("rev-parse", "HEAD")))
            let pipeline = try cluster.plane.pipeline(id)
            #expect(pipeline.triggers.webhookSecret == Secret("sixteen-or-more-characters"))
            #expect(pipeline.triggers.pollInterval == 3600)
        }
    }
}
