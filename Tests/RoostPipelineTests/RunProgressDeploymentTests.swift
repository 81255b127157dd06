import FoundationEssentials
import RoostModel
import RoostPipeline
import Testing

/// A deployment in few words; a hook's one step bears the hook's name.
private func deployment(
    _ name: String,
    to environment: String? = "production",
    _ strategy: DeploymentStrategy = .runOnce,
    hooks: [PlannedHook.Kind] = [.deploy],
    after: [String] = [],
    tags: [String] = [],
    variables: [PlannedVariable] = []
) -> PlannedJob {
    job(name, after: after, variables: variables) { job in
        job.deployment = PlannedDeployment(
            environment: environment.map {
                PlannedEnvironment(name: PlannedText($0, place: "a.yml:9:9"), tags: tags)
            },
            strategy: strategy,
            hooks: hooks.map { hook in
                let task = TaskReference.bash
                return PlannedHook(kind: hook, steps: [PlannedStep(name: hook.rawValue, displayName: "s", task: task)])
            }
        )
    }
}

extension SampleRun {
    /// With environments as a server knows them; gates are open.
    fileprivate static func withServer(_ stages: [PlannedStage], _ environments: [EnvironmentFacts] = []) -> SampleRun {
        var run = SampleRun(stages)
        run.snapshot.gates = [:]
        run.snapshot.environments = environments
        for stage in stages { run.snapshot.gates?[stage.name] = .passed }
        return run
    }

    /// Names of the jobs that wait for an agent.
    fileprivate var queued: [String] {
        snapshot.jobs.filter { $0.state == .queued }.map { $0.leg ?? $0.name }
    }

    /// Ends what is queued until nothing is left; says what ran in which order, what ran together in one text.
    fileprivate mutating func drive(failing: Set<String> = []) -> [String] {
        var order: [String] = []
        plan()
        while !snapshot.run.state.isCompleted, order.count < 100 {
            let legs = queued
            guard !legs.isEmpty else { break }
            order.append(legs.joined(separator: " "))
            for leg in legs {
                guard let job = snapshot.jobs.first(where: { ($0.leg ?? $0.name) == leg && $0.state == .queued }) else {
                    continue
                }
                finish(job.name, leg: job.leg, failing.contains(leg) ? .failed : .succeeded)
            }
            plan()
        }
        return order
    }
}

@Suite("A deployment")
struct RunProgressDeploymentTests {
    private static let all = PlannedHook.Kind.allCases
    private let machines = EnvironmentFacts(
        id: EnvironmentID(4),
        name: "Production",
        resources: (1...4).map { number in
            let tags = number < 4 ? ["web"] : ["db"]
            return .init(id: number, name: "m\(number)", pool: "Machines", agent: "agent-\(number)", tags: tags)
        }
    )

    @Test("runs its hooks one after the other, each as a job of its own")
    func runOnce() {
        var run = SampleRun.withServer([stage("S", deployment("D", hooks: Self.all))])
        #expect(run.drive() == ["preDeploy", "D", "routeTraffic", "postRouteTraffic", "success"])
        #expect(run.job("D", leg: "failure")?.state == .finished(.skipped))
        #expect(run.snapshot.run.state == .completed(.succeeded))
        #expect(run.snapshot.jobs.map(\.position) == [1, 2, 3, 4, 5, 6])
        #expect(run.job("D", leg: "D")?.displayName == "D")
        #expect(run.job("D", leg: "preDeploy")?.displayName == "D preDeploy")
    }

    @Test("leaves out what follows a failed hook, but for the hook that is for it")
    func failure() {
        var run = SampleRun.withServer([stage("S", deployment("D", hooks: Self.all), job("after", after: ["D"]))])
        #expect(run.drive(failing: ["D"]) == ["preDeploy", "D", "failure"])
        for leg in ["routeTraffic", "postRouteTraffic", "success"] {
            #expect(run.job("D", leg: leg)?.state == .finished(.skipped))
        }
        #expect(run.job("after")?.state == .finished(.skipped))
        #expect(run.snapshot.run.state == .completed(.failed))
    }

    @Test("each job carries the steps of its hook, and none but the file's")
    func steps() {
        let planned = deployment("D", hooks: Self.all)
        #expect(planned.carryingOut(HookRun(.routeTraffic)).steps.map(\.name) == ["routeTraffic"])
        #expect(planned.carryingOut(nil).steps.isEmpty)
    }

    @Test("of a canary repeats the middle hooks for each share and for all of it")
    func canary() {
        var run = SampleRun.withServer([stage("S", deployment("D", .canary(increments: [10, 20]), hooks: Self.all))])
        let order = run.drive()
        #expect(
            order == [
                "preDeploy", "deploy_10", "routeTraffic_10", "postRouteTraffic_10", "deploy_20", "routeTraffic_20",
                "postRouteTraffic_20", "deploy_100", "routeTraffic_100", "postRouteTraffic_100", "success",
            ]
        )
        let variables = run.job("D", leg: "deploy_20")?.variables.mapValues(\.value)
        #expect(variables?["Strategy.Name"] == "canary")
        #expect(variables?["Strategy.Increment"] == "20")
        #expect(variables?["Strategy.CycleName"] == "Iteration")
        #expect(variables?["Strategy.Action"] == "deploy")
        #expect(variables?["Environment.Name"] == "production")
        #expect(run.job("D", leg: "preDeploy")?.variables["Strategy.CycleName"]?.value == "PreIteration")
        #expect(run.job("D", leg: "deploy_100")?.variables["Strategy.Action"]?.value == "promote")
        #expect(run.job("D", leg: "success")?.variables["Strategy.CycleName"]?.value == "PostIteration")
    }

    @Test("of a rolling kind works on so many machines at once, each by its own agent")
    func rolling() {
        let planned = deployment(
            "D",
            .rolling(maxParallel: PlannedText("2")),
            hooks: [.preDeploy, .deploy],
            tags: ["WEB"]
        )
        var run = SampleRun.withServer([stage("S", planned)], [machines])
        let order = run.drive()
        #expect(order == ["preDeploy_m1 preDeploy_m2", "deploy_m1 deploy_m2", "preDeploy_m3", "deploy_m3"])
        let draft = run.job("D", leg: "deploy_m3")
        #expect(draft?.demands.map(\.description) == ["Agent.Name -equals agent-3"])
        #expect(draft?.variables["Environment.ResourceName"]?.value == "m3")
        #expect(draft?.variables["Environment.ResourceId"]?.value == "3")
        #expect(draft?.variables["Environment.Id"]?.value == "4")
    }

    @Test("of a rolling kind touches no further machine after a failure")
    func rollingFailure() {
        let planned = deployment(
            "D",
            .rolling(maxParallel: PlannedText("$(share)%")),
            hooks: [.deploy, .onSuccess, .onFailure],
            variables: [variable("share", "25")]
        )
        var run = SampleRun.withServer([stage("S", planned)], [machines])
        #expect(run.drive(failing: ["deploy_m2"]) == ["deploy_m1", "success_m1", "deploy_m2", "failure_m2"])
        #expect(run.job("D", leg: "deploy_m3")?.state == .finished(.skipped))
        #expect(run.snapshot.run.state == .completed(.failed))
    }

    @Test("says what is missing when there is no machine")
    func noMachines() throws {
        let planned = deployment("D", .rolling(maxParallel: PlannedText("1")), tags: ["gpu"])
        var run = SampleRun.withServer([stage("S", planned)], [machines])
        let message = run.plan().first?.sentence ?? ""
        #expect(message.contains("a.yml:9:9: Job D: the environment 'production' has no machines with the tags gpu"))
        #expect(message.contains("roost environment add-machine production AGENT --tags TAG"))
        #expect(run.snapshot.run.state == .completed(.failed))
    }

    @Test("finds the machine it names, or the one meant")
    func resource() {
        var run = SampleRun.withServer([stage("S", deployment("D", to: "production.m2"))], [machines])
        #expect(run.drive() == ["Deploy_m2"])
        #expect(run.job("D")?.demands.map(\.description) == ["Agent.Name -equals agent-2"])
        var other = SampleRun.withServer([stage("S", deployment("D", to: "production.m22"))], [machines])
        let message = other.plan().first?.sentence ?? ""
        #expect(message.contains("the resource 'm22' does not exist in the environment 'production'"))
        #expect(message.contains("Did you mean 'm2'?"))
    }

    @Test("without hooks is one job without steps")
    func empty() {
        var run = SampleRun.withServer([stage("S", deployment("D", hooks: []))])
        #expect(run.drive() == ["D"])
        #expect(run.snapshot.run.state == .completed(.succeeded))
    }

    @Test("that is canceled runs no hook any more")
    func canceled() {
        var run = SampleRun.withServer([stage("S", deployment("D", hooks: Self.all))])
        run.plan()
        run.cancel()
        run.finish("D", leg: "preDeploy", .canceled)
        run.plan()
        #expect(run.snapshot.run.state == .completed(.canceled))
        #expect(!run.snapshot.jobs.contains { $0.state == .finished(.succeeded) })
    }

    @Test("explains which hook is waited for")
    func explained() {
        var run = SampleRun.withServer([stage("S", deployment("D", hooks: [.preDeploy, .deploy]))])
        run.plan()
        let text = explainWaiting(stage: "S", job: "D", in: run.snapshot)?.sentence
        #expect(text == "It waits for the hook 'preDeploy', which waits for an agent.")
    }

    // MARK: Outputs

    /// What a job behind the deployment reads.
    private func read(
        _ expression: String,
        of strategy: DeploymentStrategy,
        to environment: String = "production",
        hooks: [PlannedHook.Kind] = [.deploy],
        from leg: String
    ) -> String? {
        let reader = job("reader", after: ["D"], variables: [variable("v", "$[ \(expression) ]")])
        var run = SampleRun.withServer(
            [stage("S", deployment("D", to: environment, strategy, hooks: hooks), reader)],
            [machines]
        )
        run.plan()
        while !run.queued.contains("reader"), let next = run.queued.first {
            guard let job = run.snapshot.jobs.first(where: { $0.leg == next && $0.state == .queued }) else { break }
            let outputs = next == leg ? ["step.var": OutputVariable(value: "made by \(next)")] : [:]
            run.finishAndPlan("D", leg: job.leg, outputs: outputs)
        }
        return run.job("reader")?.variables["v"]?.value
    }

    @Test("gives outputs under the names people know")
    func outputs() {
        #expect(read("dependencies.D.outputs['D.step.var']", of: .runOnce, from: "D") == "made by D")
        #expect(read("dependencies.D.outputs['deploy.step.var']", of: .runOnce, from: "D") == "made by D")
        let hooks: [PlannedHook.Kind] = [.preDeploy, .deploy]
        #expect(
            read("dependencies.D.outputs['preDeploy.step.var']", of: .runOnce, hooks: hooks, from: "preDeploy")
                == "made by preDeploy"
        )
        #expect(
            read("dependencies.D.outputs['Deploy_m2.step.var']", of: .runOnce, to: "production.m2", from: "Deploy_m2")
                == "made by Deploy_m2"
        )
        #expect(
            read("dependencies.D.outputs['deploy_m3.step.var']", of: .rolling(maxParallel: nil), from: "deploy_m3")
                == "made by deploy_m3"
        )
        #expect(
            read("dependencies.D.outputs['deploy_10.step.var']", of: .canary(increments: [10]), from: "deploy_10")
                == "made by deploy_10"
        )
        #expect(read("dependencies.D.outputs['D.step.other']", of: .runOnce, from: "D") == "")
        #expect(read("dependencies.D.result", of: .runOnce, from: "D") == "Succeeded")
    }

    @Test("gives outputs to later stages: in their conditions, their variables and their jobs")
    func stageOutputs() {
        let reader = job(
            "reader",
            when: "eq(stageDependencies.A.D.outputs['D.step.var'], 'x')",
            variables: [variable("j", "$[ stageDependencies.A.D.outputs['D.step.var'] ]")]
        )
        let stages = [
            stage("A", deployment("D")),
            stage(
                "B",
                after: ["A"],
                when: "eq(dependencies.A.outputs['D.D.step.var'], 'x')",
                variables: [variable("s", "$[ stageDependencies.A.D.outputs['D.step.var'] ]")],
                reader
            ),
        ]
        var run = SampleRun.withServer(stages)
        run.plan()
        run.finishAndPlan("D", leg: "D", outputs: ["step.var": OutputVariable(value: "x")])
        #expect(run.job("reader")?.variables["j"]?.value == "x")
        #expect(run.job("reader")?.variables["s"]?.value == "x")
        #expect(run.job("reader")?.state == .queued)
    }
}

@Suite("Checks before a stage")
struct RunProgressGateTests {
    @Test("are asked for once, and the stage waits for them")
    func waits() {
        var run = SampleRun([stage("A", job("build")), stage("B", after: ["A"], deployment("D"))])
        run.snapshot.gates = [:]
        #expect(run.plan().map(\.brief) == ["create A.build"])
        #expect(run.finishAndPlan("build").map(\.brief) == ["gate B production"])
        #expect(run.plan().isEmpty)
        #expect(explainWaiting(stage: "B", in: run.snapshot) == .checks)
        #expect(explainWaiting(stage: "B", job: "D", in: run.snapshot) == .checks)
        run.snapshot.gates?["B"] = .passed
        #expect(run.plan().map(\.brief) == ["create B.D.D"])
    }

    @Test(
        "that do not pass end the stage as they say, and what depends on it is skipped",
        arguments: [
            (TaskResult.failed, TaskResult.failed), (.skipped, .succeeded), (.canceled, .canceled),
        ]
    )
    func refused(_ result: TaskResult, _ whole: TaskResult) {
        let stages = [stage("B", deployment("D"), job("beside")), stage("C", after: ["B"], job("later"))]
        var run = SampleRun(stages)
        run.snapshot.gates = ["B": .refused(result, Issue(.error, "Bob rejected it."))]
        let decisions = run.plan()
        #expect(
            decisions.map(\.brief) == [
                "refuse B.D \(result.rawValue)", "skip B.beside", "skip C.later", "finish \(whole.rawValue)",
            ]
        )
        #expect(decisions[1].sentence == "The stage 'B' did not begin. Bob rejected it.")
    }

    @Test("are not asked for a stage whose condition does not hold, nor after a cancel")
    func notAsked() {
        var run = SampleRun([stage("B", when: "false", deployment("D"))])
        run.snapshot.gates = [:]
        #expect(run.plan().map(\.brief) == ["skip B.D", "finish succeeded"])
        var other = SampleRun([stage("B", deployment("D"))])
        other.snapshot.gates = [:]
        other.plan()
        other.cancel()
        #expect(other.plan().map(\.brief) == ["skip B.D", "finish canceled"])
    }

    @Test("see the environment's name with the variables of run, stage and job")
    func names() {
        let jobs = [
            deployment("one", to: "$(root)-$(inner)"),
            deployment("two", to: "$(own)", variables: [variable("own", "x.y")]),
            deployment("three", to: "PROD-eu"),
        ]
        var stage = stage("B", variables: [variable("inner", "eu")])
        stage.jobs = jobs
        var run = SampleRun([stage], variables: [variable("root", "prod")])
        run.snapshot.gates = [:]
        #expect(run.plan().map(\.brief) == ["gate B prod-eu x"])
    }

    @Test("of an environment whose name is not known yet fail the stage with advice")
    func unknownName() {
        var run = SampleRun([stage("B", deployment("D", to: "$(late)"))])
        run.snapshot.gates = [:]
        let sentence = run.plan().first?.sentence ?? ""
        #expect(
            sentence.hasPrefix("a.yml:9:9: The environment '$(late)' uses the variable 'late', which is not defined")
        )
    }
}
