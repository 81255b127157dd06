import Foundation
import RoostClient
import RoostLanguage
import RoostModel
import RoostStore
import RoostTesting
import RoostWire
import Testing

@testable import RoostServer

@Suite("Checks of environments on the server", .serialized, .timeLimit(.minutes(6)))
struct CheckServiceTests {
    private static func yaml(lock: String? = nil, condition: String = "succeeded()") -> String {
        """
        \(lock.map { "lockBehavior: \($0)" } ?? "# no lock behavior")
        stages:
        - stage: Ship
          condition: \(condition)
          jobs:
          - deployment: Web
            environment: production
            strategy: { runOnce: { deploy: { steps: [ { bash: echo } ] } } }
        - stage: Later
          jobs:
          - job: Tell
            steps: [ { bash: echo } ]
        """
    }

    /// A server whose environment `production` has these checks, and a pipeline that deploys to it; an agent that does nothing is there.
    private func with(
        _ kinds: [CheckKind],
        timeout: Int = Check.defaultTimeout,
        yaml: String = yaml(),
        _ body: @Sendable @escaping (TestCluster, Pipeline, DeploymentEnvironment) async throws -> Void
    ) async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let project = try #require(cluster.plane.projects().first)
            let production = try await cluster.plane.createEnvironment(
                name: "production",
                project: project.id,
                by: .system
            )
            for kind in kinds {
                try await cluster.plane.createCheck(kind, on: production.id, timeoutInMinutes: timeout, by: .system)
            }
            let agent = try await SimulatedAgent(
                cluster: cluster.address,
                registrar: cluster.client,
                pool: try cluster.defaultPool.id.rawValue,
                name: "idle"
            )
            try await body(cluster, try await cluster.pipeline(repository), production)
            await agent.close()
        }
    }

    private func caller(_ name: String) -> Caller { Caller(.user(name: name, scopes: [.full])) }

    private func approval(_ names: String...) -> CheckKind { .approval(ApprovalPolicy(approvers: names)) }

    private func open(_ run: Run, _ cluster: TestCluster) throws -> ApprovalView {
        try #require(cluster.plane.approvals(in: nil, isOpen: true, run: run.id).first)
    }

    @Test("a rejection fails the stage, says who and why, and skips what follows")
    func rejection() async throws {
        try await with([approval("Ann", "Bob")]) { cluster, pipeline, _ in
            let run = try await cluster.queue(pipeline)
            let id = try self.open(run, cluster).check.id
            let half = try await cluster.plane.decide(
                approval: id,
                isApproved: true,
                comment: "",
                by: self.caller("ann")
            )
            #expect(half.check.outcome == nil)
            let whole = try await cluster.plane.decide(
                approval: id,
                isApproved: false,
                comment: "not today",
                by: self.caller("bob")
            )
            #expect(whole.check.outcome != nil)
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.failed))
            #expect(view.jobs.map(\.state) == [.finished(.failed), .finished(.skipped)])
            let messages = view.records.flatMap(\.issues).map(\.message)
            #expect(messages == ["bob rejected the deployment to the environment 'production': not today"])
            let stop = try #require(view.records.first { $0.kind.rawValue == "Checkpoint" })
            #expect(stop.result == .failed)
            let error = await #expect(throws: ControlError.self) {
                try await cluster.plane.decide(approval: id, isApproved: true, comment: "", by: self.caller("ann"))
            }
            #expect(error?.summary.contains("It has been decided.") == true)
            #expect(
                try await cluster.plane.auditEvents(limit: 50, before: nil).contains { $0.action == "approval.reject" }
            )
        }
    }

    @Test("an approval that comes lets the stage begin, and an unknown one is refused")
    func approved() async throws {
        try await with([approval("ann")]) { cluster, pipeline, production in
            let run = try await cluster.queue(pipeline)
            await #expect(throws: ControlError.self) {
                try await cluster.plane.deleteEnvironment(production.id, by: .system)
            }
            let id = try self.open(run, cluster).check.id
            try await cluster.plane.decide(approval: id, isApproved: true, comment: "", by: self.caller("ann"))
            let view = try await cluster.plane.run(run.id)
            #expect(view.jobs.map(\.state) == [.queued])
            #expect(cluster.plane.checkWaits(of: run.id).isEmpty)
            await #expect(throws: ControlError.self) {
                try await cluster.plane.decide(
                    approval: CheckRunID(UUID()),
                    isApproved: true,
                    comment: "",
                    by: self.caller("ann")
                )
            }
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
            _ = try await cluster.finished(run.id)
            // Nothing holds the environment any more.
            try await cluster.plane.deleteEnvironment(production.id, by: .system)
        }
    }

    @Test("a canceled run waits for nothing any more")
    func canceled() async throws {
        try await with([approval("ann"), .exclusiveLock]) { cluster, pipeline, _ in
            let run = try await cluster.queue(pipeline)
            let id = try self.open(run, cluster).check.id
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
            let view = try await cluster.finished(run.id)
            #expect(view.run.state == .completed(.canceled))
            #expect(cluster.plane.approvals(in: nil, isOpen: true).isEmpty)
            #expect(
                view.records.filter { $0.kind.rawValue.hasPrefix("Checkpoint") }.allSatisfy { $0.state == .completed }
            )
            await #expect(throws: ControlError.self) {
                try await cluster.plane.decide(approval: id, isApproved: true, comment: "", by: self.caller("ann"))
            }
        }
    }

    @Test("an approval that does not come in time ends its stage by itself, and what follows by its condition")
    func timeOut() async throws {
        let yaml = Self.yaml().replacing("- stage: Later", with: "- stage: Later\n  condition: always()")
        try await with([approval("ann")], timeout: 1, yaml: yaml) { cluster, pipeline, _ in
            let run = try await cluster.queue(pipeline)
            // As if it had been asked for almost a minute ago: the rest is up to the timer.
            try await cluster.plane.change { state, change in
                guard var stop = state.environments.checkpoint(of: run.id, stage: "Ship") else { return }
                stop.checks[0].beganAt = change.now - 59.8
                state.put(stop, &change)
            }
            try await self.until(run.id, cluster) { view in view.jobs.contains { $0.state == .queued } }
            let view = try await cluster.plane.run(run.id)
            #expect(view.jobs.map(\.state) == [.finished(.skipped), .queued])
            #expect(
                view.records.flatMap(\.issues).map(\.message) == [
                    "The check 'Approval' of the environment 'production' had no outcome within 1 minute."
                ]
            )
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
        }
    }

    /// Waits until something holds of a run, looking at each of its changes.
    private func until(_ run: RunID, _ cluster: TestCluster, _ holds: (RunView) -> Bool) async throws {
        for await _ in try await cluster.plane.events(run: run) {
            if holds(try await cluster.plane.run(run)) { return }
        }
    }

    @Test("a project that is deleted takes its environments and variable groups with it")
    func project() async throws {
        try await TestCluster.with { cluster in
            let project = try await cluster.plane.createProject(name: "Short", description: "", by: .system)
            let environment = try await cluster.plane.createEnvironment(name: "e", project: project.id, by: .system)
            let check = try await cluster.plane.createCheck(.exclusiveLock, on: environment.id, by: .system)
            try await cluster.plane.createVariableGroup(name: "g", variables: [:], project: project.id, by: .system)
            try await cluster.plane.deleteProject(project.id, by: .system)
            #expect(cluster.plane.variableGroups(in: nil).isEmpty)
            #expect(throws: ControlError.self) { try cluster.plane.environment(environment.id) }
            #expect(throws: ControlError.self) { try cluster.plane.check(check.id) }
            let stored = try await cluster.store.load()
            #expect(stored.environments.isEmpty && stored.checks.isEmpty && stored.variableGroups.isEmpty)
        }
    }

    @Test("a branch that is not allowed fails at once, before anybody is asked")
    func branch() async throws {
        let control = CheckKind.branchControl(BranchControl(allowedBranches: ["refs/heads/release/*"]))
        try await with([control, approval("ann")]) { cluster, pipeline, _ in
            let view = try await cluster.finished(try await cluster.queue(pipeline).id)
            #expect(view.run.state == .completed(.failed))
            #expect(
                view.records.flatMap(\.issues).map(\.message) == [
                    "The branch 'refs/heads/main' may not deploy to the environment 'production'; allowed are refs/heads/release/*."
                ]
            )
        }
    }

    @Test("sequential runs get the lock one after the other, also over a restart")
    func sequential() async throws {
        try await with([.exclusiveLock], yaml: Self.yaml(lock: "sequential")) { cluster, pipeline, _ in
            let runs = [
                try await cluster.queue(pipeline), try await cluster.queue(pipeline), try await cluster.queue(pipeline),
            ]
            func codes() -> [[String]] { runs.map { cluster.plane.checkWaits(of: $0.id).map(\.wait.code) } }
            #expect(codes() == [[], ["exclusive-lock"], ["exclusive-lock"]])
            let why = try await cluster.client.why(run: runs[2].id.rawValue)
            #expect(why.map(\.stage) == ["Ship", "Later"])
            #expect(why.map(\.code) == ["exclusive-lock", "dependency"])
            #expect(why.last?.sentence == "Stage 'Later': It waits for the stage 'Ship', which has not begun.")
            #expect(why.first?.sentence?.contains("held by stage 'Ship' of run \(runs[0].id)") == true)
            try await cluster.plane.load()
            #expect(codes() == [[], ["exclusive-lock"], ["exclusive-lock"]])
            for place in 0..<2 {
                _ = try await cluster.plane.cancelRun(runs[place].id, by: .system)
                _ = try await cluster.finished(runs[place].id)
                #expect(try await cluster.plane.run(runs[place + 1].id).jobs.map(\.state) == [.queued])
            }
            #expect(codes() == [[], [], []])
            _ = try await cluster.plane.cancelRun(runs[2].id, by: .system)
        }
    }

    @Test("with runLatest the newest waits on, those before it are canceled, and the holder goes on")
    func latest() async throws {
        try await with([.exclusiveLock]) { cluster, pipeline, _ in
            let holder = try await cluster.queue(pipeline)
            let older = try await cluster.queue(pipeline)
            let newest = try await cluster.queue(pipeline)
            let view = try await cluster.finished(older.id)
            #expect(view.run.state == .completed(.canceled))
            #expect(
                view.records.flatMap(\.issues).map(\.message).first?.contains("The newer run \(newest.id) waits")
                    == true
            )
            #expect(try await cluster.plane.run(holder.id).jobs.map(\.state) == [.queued])
            #expect(cluster.plane.checkWaits(of: newest.id).map(\.wait.code) == ["exclusive-lock"])
            for run in [holder, newest] { _ = try await cluster.plane.cancelRun(run.id, by: .system) }
        }
    }

    @Test("an environment takes no more stages at once than its limit says, and more when it is raised")
    func limit() async throws {
        try await with([]) { cluster, pipeline, production in
            try await cluster.plane.updateEnvironment(production.id, concurrencyLimit: .some(1), by: .system)
            let runs = [try await cluster.queue(pipeline), try await cluster.queue(pipeline)]
            let wait = try #require(cluster.plane.checkWaits(of: runs[1].id).first)
            #expect(wait.wait.code == "environment-limit")
            #expect(
                wait.reasons.map(\.sentence) == ["The environment 'production' takes at most 1 deployment at once."]
            )
            try await cluster.plane.updateEnvironment(production.id, concurrencyLimit: .some(2), by: .system)
            #expect(try await cluster.plane.run(runs[1].id).jobs.map(\.state) == [.queued])
            for run in runs { _ = try await cluster.plane.cancelRun(run.id, by: .system) }
        }
    }

    @Test("a required template is one the pipeline extends")
    func template() async throws {
        let required = CheckKind.requiredTemplate([RequiredTemplate(path: "safe.yml")])
        try await with([required]) { cluster, pipeline, _ in
            let view = try await cluster.finished(try await cluster.queue(pipeline).id)
            #expect(
                view.records.flatMap(\.issues).map(\.message) == [
                    "The environment 'production' requires that the pipeline extends safe.yml."
                ]
            )
            let safe = try ScratchRepository([
                "safe.yml": Self.yaml(), "azure-pipelines.yml": "extends:\n  template: safe.yml\n",
            ])
            defer { safe.remove() }
            let other = try await cluster.pipeline(safe, name: "safe")
            let run = try await cluster.queue(other)
            #expect(try await cluster.plane.run(run.id).jobs.map(\.state) == [.queued])
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
        }
    }

    @Test("an environment is made on its first use, in the project of the run")
    func firstUse() async throws {
        let repository = try ScratchRepository(["azure-pipelines.yml": Self.yaml()])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let project = try #require(cluster.plane.projects().first)
            #expect(cluster.plane.environments(in: project.id).isEmpty)
            let run = try await cluster.queue(try await cluster.pipeline(repository))
            _ = try await cluster.plane.cancelRun(run.id, by: .system)
            _ = try await cluster.finished(run.id)
            #expect(cluster.plane.environments(in: project.id).map(\.name) == ["production"])
            let error = await #expect(throws: ControlError.self) {
                try await cluster.plane.createEnvironment(name: "PRODUCTION", project: project.id, by: .system)
            }
            #expect(error?.summary == "There is already an environment named 'PRODUCTION'.")
        }
    }

    @Test("a variable group that is missing keeps a run from being queued, with its place and a near name")
    func groups() async throws {
        let yaml = "variables:\n- group: relase\nsteps:\n- bash: echo\n"
        let repository = try ScratchRepository(["azure-pipelines.yml": yaml])
        defer { repository.remove() }
        try await TestCluster.with { cluster in
            let project = try #require(cluster.plane.projects().first)
            let pipeline = try await cluster.pipeline(repository)
            try await cluster.plane.createVariableGroup(
                name: "Release",
                variables: ["a": PipelineVariable(value: "1")],
                project: project.id,
                by: .system
            )
            let error = await #expect(throws: ControlError.self) { try await cluster.queue(pipeline) }
            let text = error?.summary ?? ""
            #expect(text.contains("azure-pipelines.yml:2:10: Variable group 'relase' could not be found"), "\(text)")
            guard case .pipelineInvalid(let problems) = error else { return }
            #expect(problems.first?.advice == "Did you mean 'Release'?")
        }
    }
}
