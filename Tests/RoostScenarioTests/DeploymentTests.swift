import Foundation
import RoostClient
import RoostModel
import RoostServer
import RoostTesting
import RoostWire
import Testing

@Suite("Deployments through server and agents", .serialized, .timeLimit(.minutes(4)))
struct DeploymentTests {
    // MARK: The whole

    private static let whole = """
        resources:
          repositories:
          - repository: shared
            type: git
            name: Team/shared
            ref: refs/tags/v1
        parameters:
        - name: flavours
          type: object
          default: [plain]
        - name: region
          type: string
          default: us
          values: [us, eu]
        lockBehavior: sequential
        variables:
        - group: release
        stages:
        - stage: Build
          jobs:
          - job: Compile
            strategy:
              matrix:
                ${{ each flavour in parameters.flavours }}:
                  ${{ flavour }}:
                    flavour: ${{ flavour }}
            steps:
            - template: steps/make.yml@shared
              parameters: { what: $(flavour) }
        - stage: Test
          variables:
            made: $[ stageDependencies.Build.Compile.outputs['debug.make.version'] ]
          jobs:
          - job: Unit
            steps:
            - checkout: none
            - bash: |
                echo "tested $(made) with $(CHANNEL) and $(TOKEN)"
                echo "##vso[task.setvariable variable=verdict;isOutput=true]good"
              name: check
        - stage: Deploy
          condition: and(succeeded(), eq(dependencies.Test.outputs['Unit.check.verdict'], 'good'))
          jobs:
          - template: jobs/notes.yml@shared
            parameters: { region: '${{ parameters.region }}' }
          - deployment: Web
            environment: production-${{ parameters.region }}
            strategy:
              runOnce:
                preDeploy:
                  steps:
                  - bash: echo "##vso[task.setvariable variable=slot;isOutput=true]blue"
                    name: choose
                deploy:
                  steps:
                  - bash: |
                      echo "deploying to $(Environment.Name) with $(Strategy.Name)"
                      while [ ! -e "$(GO)" ]; do sleep 0.05; done
                on:
                  success:
                    steps:
                    - bash: echo celebrating
                  failure:
                    steps:
                    - bash: echo rolling back
          - job: Report
            dependsOn: Web
            variables:
              slot: $[ dependencies.Web.outputs['preDeploy.choose.slot'] ]
            steps:
            - checkout: none
            - bash: echo "it is in the $(slot) slot"
        """
    private static let notes = """
        parameters:
        - name: region
          type: string
        jobs:
        - job: Notes
          steps:
          - checkout: none
          - template: ../steps/say.yml
            parameters: { text: 'notes for ${{ parameters.region }}' }
        """
    private static let say = """
        parameters: { text: '' }
        steps:
        - bash: echo "${{ parameters.text }}"
        """
    private static let make = """
        parameters:
        - name: what
          type: string
        steps:
        - bash: echo "##vso[task.setvariable variable=version;isOutput=true]${{ parameters.what }}-1.2"
          name: make
        """

    @Test(
        "matrix, outputs across stages, templates of a second repository, parameters, a group, an approval and a lock make one delivery"
    )
    func whole() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.whole])
        let shared = try ScratchRepository([
            "steps/make.yml": Self.make, "steps/say.yml": Self.say, "jobs/notes.yml": Self.notes,
        ])
        defer { for scratch in [repository, shared] { scratch.remove() } }
        try shared.git("tag", "v1")
        try shared.commit(["steps/make.yml": "steps: [bash: exit 1]"], "not what v1 is")
        try shared.folder.write("Team/shared = \(shared.path)\n", to: "repository-map")
        let pinned = try shared.git("rev-parse", "v1")
        try await TestCluster.with(configure: { $0.repositoryMap = "\(shared.path)/repository-map" }) { cluster in
            try await cluster.withRealAgent { try await deliver(repository, pinned, cluster) }
        }
    }

    private func deliver(_ repository: ScratchRepository, _ pinned: String, _ cluster: TestCluster) async throws {
        let project = try #require(cluster.plane.projects().first)
        let go = "\(cluster.folder.path)/go"
        try await cluster.plane.createVariableGroup(
            name: "Release",
            variables: [
                "CHANNEL": PipelineVariable(value: "stable"),
                "TOKEN": PipelineVariable(value: "open-sesame-1", isSecret: true),
                "GO": PipelineVariable(value: go),
            ],
            project: project.id,
            by: .system
        )
        let production = try await cluster.plane.createEnvironment(
            name: "Production-eu",
            project: project.id,
            by: .system
        )
        let policy = ApprovalPolicy(approvers: ["ann"], instructions: "Look twice", requesterMayApprove: false)
        try await cluster.plane.createCheck(.approval(policy), on: production.id, by: .system)
        try await cluster.plane.createCheck(.exclusiveLock, on: production.id, by: .system)
        let pipeline = try await cluster.pipeline(repository)
        let request = RunRequest(
            pipeline: pipeline.id,
            parameters: ["flavours": "[debug, release]", "region": "eu"]
        )
        let first = try await cluster.plane.queueRun(request, by: .system)
        #expect(first.sources.repositories.map(\.version) == [pinned])
        #expect(
            first.sources.files == [
                "azure-pipelines.yml", "steps/make.yml@shared", "jobs/notes.yml@shared", "steps/say.yml@shared",
            ]
        )
        let second = try await cluster.plane.queueRun(request, by: .system)
        for run in [first, second] { try await waitForApproval(run.id, cluster) }

        try await refuseStranger(first.id, cluster)
        let ann = try await cluster.user("ann")
        let environment = ["ROOST_URL": cluster.address, "ROOST_TOKEN": ann.token.exposed, "HOME": cluster.folder.path]
        let list = try await ChildProgram(
            "roost",
            ["approval", "list"],
            environment: environment,
            folder: cluster.folder.path
        ).finished()
        #expect(list.0 == 0 && list.1.contains("Production-eu") && list.1.contains("ann"), "\(list.1)")
        let approve = try await ChildProgram(
            "roost",
            ["approval", "approve", "\(first.id)", "--comment", "looked twice"],
            environment: environment,
            folder: cluster.folder.path
        ).finished()
        #expect(approve.0 == 0, "\(approve.1)")
        #expect(approve.1.contains("Approved stage 'Deploy' of run \(first.id) for 'Production-eu'."))

        try await cluster.until(first.id) { view in
            view.jobs.contains { $0.hook?.hook == .deploy && $0.state.lease != nil }
        }
        let other = try #require(cluster.plane.approvals(in: nil, isOpen: true, run: second.id).first)
        _ = try await ann.client.decide(approval: other.check.id.rawValue, isApproved: true, comment: "")
        let wait = try #require(cluster.plane.checkWaits(of: second.id).first)
        #expect(
            wait.wait.sentence
                == "Stage 'Deploy': Waits for the exclusive lock of the environment 'Production-eu', held by stage 'Deploy' of run \(first.id)."
        )
        #expect(wait.wait.code == "exclusive-lock")
        try Data().write(to: URL(filePath: go))
        let views = [try await cluster.finished(first.id), try await cluster.finished(second.id)]
        for view in views { try await check(view, cluster) }
        let ends = views.map { view in view.jobs.filter { $0.stage == "Deploy" }.compactMap(\.finishedAt).max() }
        let begin = views[1].jobs.filter { $0.stage == "Deploy" }.compactMap(\.queuedAt).min()
        #expect(try #require(begin) >= #require(ends[0] ?? nil), "two stages held the lock together")
        let history = try await cluster.plane.deployments(to: production.id, limit: 9)
        #expect(history.map(\.run) == [second.id, first.id])
        #expect(history.allSatisfy { $0.result == .succeeded && $0.finishedAt != nil && $0.job == "Web" })
        await ann.client.close()
    }

    private func waitForApproval(_ run: RunID, _ cluster: TestCluster) async throws {
        try await cluster.until(run) { _ in !cluster.plane.approvals(in: nil, isOpen: true, run: run).isEmpty }
        let reason = try #require(try await cluster.client.build(run.rawValue).waitReason)
        let begin = "Stage 'Deploy': Waits for the approval of ann for the environment 'Production-eu' since "
        #expect(reason.hasPrefix(begin), "\(reason)")
        let records = try #require(try await cluster.client.buildTimeline(run.rawValue).records)
        let approval = try #require(records.first { $0.type == "Checkpoint.Approval" })
        let checkpoint = try #require(records.first { $0.id == approval.parentId })
        #expect(checkpoint.type == "Checkpoint" && checkpoint.state?.lowercased() == "inprogress")
        #expect(records.contains { $0.type == "Checkpoint.ExclusiveLock" && $0.parentId == checkpoint.id })
        #expect(try await cluster.client.approvals(run: run.rawValue).map(\.id) == [approval.id])
        #expect(try await cluster.plane.run(run).jobs.allSatisfy { $0.stage != "Deploy" })
    }

    private func refuseStranger(_ run: RunID, _ cluster: TestCluster) async throws {
        let eve = try await cluster.user("eve")
        let known = try #require(try await eve.client.approvals(run: run.rawValue).first)
        #expect(known.refusal == "Only ann may decide about it.")
        let error = await #expect(throws: ClientError.self) {
            _ = try await eve.client.decide(approval: try #require(known.id), isApproved: true, comment: "")
        }
        #expect("\(try #require(error))".contains("Only ann may decide about it."))
        await eve.client.close()
    }

    private func check(_ view: RunView, _ cluster: TestCluster) async throws {
        let states = view.jobs.map { "\($0.displayName) \($0.state)" }
        #expect(view.run.state == .completed(.succeeded), "\(states) \(view.records.flatMap(\.issues).map(\.message))")
        let output = try await cluster.output(of: view.run.id)
        #expect(output.contains("tested debug-1.2 with stable and ***"))
        #expect(!output.contains("open-sesame-1"))
        #expect(output.contains("deploying to production-eu with runOnce"))
        #expect(output.contains("celebrating") && !output.contains("rolling back"))
        #expect(output.contains("it is in the blue slot") && output.contains("notes for eu"))
        #expect(view.jobs.filter { $0.name == "Compile" }.map(\.leg) == ["debug", "release"])
        let web = view.jobs.filter { $0.name == "Web" }
        #expect(web.map(\.leg) == ["preDeploy", "Web", "success", "failure"])
        #expect(web.last?.state == .finished(.skipped))
        let tasks = view.records.filter { $0.parent?.rawValue == web[1].id.rawValue }.map(\.name)
        #expect(!tasks.contains { $0.hasPrefix("Checkout") }, "a deployment checks out nothing by itself")
    }

    // MARK: Rolling

    @Test("a rolling deployment works on the machines of its environment, each by its own agent")
    func rolling() async throws {
        let yaml = """
            jobs:
            - deployment: Roll
              environment: { name: farm, resourceType: virtualMachine, tags: web }
              strategy:
                rolling:
                  maxParallel: 1
                  deploy:
                    steps:
                    - bash: |
                        echo "on $(Agent.Name) for $(Environment.ResourceName)"
                        echo "##vso[task.setvariable variable=who;isOutput=true]$(Agent.Name)"
                      name: say
            - job: Report
              dependsOn: Roll
              variables:
                one: $[ dependencies.Roll.outputs['deploy_m1.say.who'] ]
                two: $[ dependencies.Roll.outputs['deploy_m2.say.who'] ]
              steps:
              - bash: echo "deployed by $(one) and $(two)"
            """
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let project = try #require(cluster.plane.projects().first)
            let pipeline = try await cluster.pipeline(repository)
            try await cluster.withRealAgent(name: "m1") {
                try await cluster.withRealAgent(name: "m2") {
                    let lonely = try await cluster.finished(try await cluster.queue(pipeline).id)
                    let message = lonely.records.flatMap(\.issues).map(\.message).joined()
                    #expect(message.contains("the environment 'farm' has no machines with the tags web"), "\(message)")
                    let farm = try cluster.plane.environment("farm", in: project.id)
                    for agent in try cluster.plane.agents(in: cluster.defaultPool.id) {
                        try await cluster.plane.addMachine(agent.agent.id, to: farm.id, tags: ["web"], by: .system)
                    }
                    let view = try await cluster.finished(try await cluster.queue(pipeline).id)
                    #expect(view.run.state == .completed(.succeeded))
                    let output = try await cluster.output(of: view.run.id)
                    #expect(output.contains("on m1 for m1") && output.contains("on m2 for m2"))
                    #expect(output.contains("deployed by m1 and m2"))
                    let rolls = view.jobs.filter { $0.name == "Roll" }
                    #expect(try #require(rolls[1].startedAt) >= #require(rolls[0].finishedAt))
                }
            }
        }
    }
}
