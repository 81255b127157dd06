import Foundation
import RoostClient
import RoostModel
import RoostPipeline
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("What somebody made goes on without them", .timeLimit(.minutes(6)))
struct OwnerLeavesTests {
    private static let files = [
        "azure-pipelines.yml": "trigger: none\nsteps:\n- script: echo\n",
        "theirs.yml": """
        trigger: [main]
        schedules:
        - cron: "0 3 * * *"
          branches: { include: [main] }
          always: true
        variables:
        - group: shop
        resources:
          webhooks:
          - webhook: told
            connection: outside
        steps:
        - script: echo $(word)
        """,
        "after.yml": """
        trigger: none
        resources:
          pipelines:
          - pipeline: first
            source: theirs
            trigger: true
        steps:
        - script: echo
        """,
    ]

    /// Everything here was made by dana, with her own token; then she is disabled.
    private struct Left: Sendable {
        let ground: TriggerGround
        let agent: SimulatedAgent
        let theirs: Pipeline
        let after: Pipeline

        init(_ ground: TriggerGround) async throws {
            self.ground = ground
            let plane = ground.plane
            let made = try await plane.createToken(
                user: "dana",
                name: "hers",
                scopes: [.full],
                lifetime: .seconds(3600),
                by: .system
            )
            _ = try await plane.assignRole(.administrator, to: .user("dana"), on: .organization, by: .system)
            let client = try RoostClient(
                url: ground.cluster.address,
                credential: .personalToken(made.value),
                options: ClientOptions(userAgent: "test")
            )
            agent = try await SimulatedAgent(
                cluster: ground.cluster.address,
                registrar: client,
                pool: try ground.cluster.defaultPool.id.rawValue,
                name: "hers"
            )
            await client.close()
            let dana = Caller(.user(name: "dana", scopes: [.full]), signIn: .personalToken)
            let project = ground.pipeline.project
            _ = try await plane.createVariableGroup(
                name: "shop",
                variables: ["word": PipelineVariable(value: "still here", isSecret: true)],
                project: project,
                by: dana
            )
            _ = try await plane.createServiceConnection(
                name: "outside",
                webhook: IncomingWebhook(name: "told"),
                project: project,
                by: dana
            )
            func pipeline(_ name: String) async throws -> Pipeline {
                try await plane.createPipeline(
                    name: name,
                    project: project,
                    repository: PipelineRepository(
                        url: ground.repository.path,
                        name: "team/app",
                        defaultBranch: "refs/heads/main"
                    ),
                    yamlPath: "\(name).yml",
                    by: dana
                )
            }
            theirs = try await plane.updatePipeline(try await pipeline("theirs").id, by: dana) {
                $0.triggers.webhookSecret = ground.secret
            }
            after = try await pipeline("after")
            for made in [theirs, after] { await ground.triggers.readTriggers(of: made.id) }
            try await plane.disableUser("dana", by: Caller(.user(name: "admin", scopes: [.full])))
        }

        /// The agent takes the pipeline's next job and ends it; what its group's secret was.
        func carryOut(_ session: SimulatedAgent.Session) async throws -> String? {
            let job = try await agent.takeJob(session)
            try await agent.begin(job)
            try await agent.complete(job)
            return job.variables?["word"]?.value
        }
    }

    @Test(
        "an agent enrolled by a person who is disabled opens sessions and takes jobs; pushes, schedules, ends of runs and messages begin runs"
    )
    func all() async throws {
        try await TriggerGround.with(Self.files) { ground in
            let left = try await Left(ground)
            // Its session is opened now: the token for it is got with the agent's own key.
            let session = try await left.agent.openSession()
            let before = try ground.repository.git("rev-parse", "HEAD")
            try ground.repository.commit(["a": "1"], "Change")
            #expect(try await ground.push(before).outcomes.contains("queued branchIncluded"))
            let pushed = try #require(try await ground.runs(1, of: left.theirs).first)
            #expect(pushed.reason == .individualCI)
            #expect(try await left.carryOut(session) == "still here")
            _ = try await ground.cluster.finished(pushed.id)
            await ground.triggers.completionsOf(pushed.id)
            let followed = try #require(try await ground.runs(1, of: left.after).first)
            _ = try await left.carryOut(session)
            #expect(try await ground.cluster.finished(followed.id).run.state == .completed(.succeeded))
            let moment = try #require(try CronExpression("0 3 * * *").next(after: Date() + 60)) + 1
            for item in ground.triggers.due(at: moment).work { await ground.triggers.carryOut(item, at: moment) }
            let scheduled = try #require(try await ground.runs(2, of: left.theirs).last)
            #expect(scheduled.reason == .schedule)
            #expect(try await left.carryOut(session) == "still here")
            _ = try await ground.cluster.finished(scheduled.id)
            let address = "\(ground.cluster.address)_apis/public/distributedtask/webhooks/told"
            #expect(try await ground.send(address, "{}", []).outcomes == ["queued payloadFits"])
            let messaged = try #require(try await ground.runs(3, of: left.theirs).last)
            #expect(messaged.reason == .resourceTrigger)
            // The end of the scheduled run has begun another one, whose job may be first.
            while try await left.carryOut(session) == nil {}
            #expect(try await ground.cluster.finished(messaged.id).run.state == .completed(.succeeded))
            let told = try await ground.cluster.client.user("dana")
            #expect(told.isEnabled == false && told.made?["agents"] == 1 && told.made?["pipelines"] == 2)
            #expect(told.made?["service connections"] == 1 && told.made?["variable groups"] == 1)
            await left.agent.close()
        }
    }
}
