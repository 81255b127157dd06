import FoundationEssentials
import RoostModel
import RoostPipeline
import Testing

@Suite("Whatever the strategy, the hooks and their results")
struct DeploymentPropertyTests {
    @Test(
        "hooks keep their order and their limit, the right end runs, and a restart changes nothing",
        arguments: 0..<300
    )
    func random(_ seed: UInt64) throws {
        var random = Numbers(state: seed &* 0x9E37_79B9 &+ 5)
        let deployment = randomDeployment(&random)
        var run = sample(deployment)
        for _ in 0..<500 {
            let before = run.snapshot
            let decisions = run.plan()
            // What is stored is all that the next planning reads: one after a crash decides the same.
            #expect(planProgress(before, at: run.now) == decisions)
            #expect(planProgress(run.snapshot, at: run.now).isEmpty, "planning twice decides twice")
            try check(run.snapshot, deployment)
            if run.snapshot.run.state.isCompleted { break }
            let active = run.snapshot.jobs.indices.filter { run.snapshot.jobs[$0].state == .queued }
            guard let place = active.randomElement(using: &random) else { break }
            let results: [TaskResult] = [.succeeded, .succeeded, .succeeded, .succeededWithIssues, .failed, .canceled]
            run.snapshot.jobs[place].state = .finished(results.randomElement(using: &random) ?? .succeeded)
            run.snapshot.jobs[place].finishedAt = run.now
        }
        #expect(run.snapshot.run.state.isCompleted, "the deployment is stuck: \(run.states)")
        checkEnds(run.snapshot)
    }

    // MARK: What must hold

    private func check(_ snapshot: RunSnapshot, _ deployment: PlannedDeployment) throws {
        let lanes = lanes(of: snapshot)
        var working = 0
        for lane in lanes {
            let active = lane.filter { $0.state == .queued }
            #expect(active.count <= 1, "two hooks of a lane run together")
            if !active.isEmpty { working += 1 }
            guard let first = active.first, let place = lane.firstIndex(where: { $0.id == first.id }) else { continue }
            for earlier in lane[..<place] {
                #expect(earlier.state.isFinished, "a hook begins before one in front of it")
            }
            if first.hook?.hook.isEnd == false {
                let good: Set<TaskResult> = [.succeeded, .succeededWithIssues]
                #expect(lane[..<place].allSatisfy { $0.state.result.map(good.contains) ?? false })
            }
        }
        #expect(working <= limit(of: deployment, lanes.count))
    }

    /// After the end: of each lane that began, only the hook that fits its result ran.
    private func checkEnds(_ snapshot: RunSnapshot) {
        for lane in lanes(of: snapshot) {
            let main = lane.filter { $0.hook?.hook.isEnd != true }.compactMap(\.state.result)
            let ran = main.filter { $0 != .skipped }
            for end in lane where end.hook?.hook.isEnd == true {
                let isForSuccess = end.hook?.hook == .onSuccess
                let fits = isForSuccess ? !ran.contains { $0 == .failed || $0 == .canceled } : ran.contains(.failed)
                // A lane that never began, for another failed, ran none of its hooks.
                let hasBegun = main.isEmpty || !ran.isEmpty
                #expect(
                    (end.state.result != .skipped) == (fits && hasBegun),
                    "\(lane.map { "\($0.leg ?? "") \($0.state)" })"
                )
            }
        }
    }

    private func lanes(of snapshot: RunSnapshot) -> [[Job]] {
        let jobs = snapshot.jobs.filter { $0.name == "D" }.sorted { $0.position < $1.position }
        return Dictionary(grouping: jobs) { $0.hook?.resource ?? "" }.values.map { $0 }
    }

    private func limit(of deployment: PlannedDeployment, _ machines: Int) -> Int {
        guard case .rolling(let text) = deployment.strategy else { return 1 }
        return text.flatMap { Int($0.text) } ?? machines
    }

    // MARK: Chance

    private func randomDeployment(_ random: inout Numbers) -> PlannedDeployment {
        var hooks = PlannedHook.Kind.allCases.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
        // Without a hook in the middle there is nothing to deploy.
        if hooks.allSatisfy(\.isEnd) { hooks.insert(.deploy, at: 0) }
        let strategies: [DeploymentStrategy] = [
            .runOnce, .canary(increments: [10, 50]), .rolling(maxParallel: nil),
            .rolling(maxParallel: PlannedText("1")), .rolling(maxParallel: PlannedText("2")),
        ]
        return PlannedDeployment(
            environment: PlannedEnvironment(name: PlannedText("farm")),
            strategy: strategies.randomElement(using: &random) ?? .runOnce,
            hooks: hooks.map { PlannedHook(kind: $0, steps: []) }
        )
    }

    private func sample(_ deployment: PlannedDeployment) -> SampleRun {
        var run = SampleRun([stage("S", job("D") { $0.deployment = deployment })])
        run.snapshot.gates = ["S": .passed]
        run.snapshot.environments = [
            EnvironmentFacts(
                id: EnvironmentID(1),
                name: "farm",
                resources: (1...4).map { .init(id: $0, name: "m\($0)", pool: "p", agent: "a\($0)") }
            )
        ]
        return run
    }
}

/// Numbers that depend on the seed alone (SplitMix64).
private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
