import FoundationEssentials
import RoostModel
import RoostPipeline
import Testing

@Suite("Whatever the plan and the results")
struct RunProgressPropertyTests {
    @Test("every job is decided once, none before its dependencies ended, and the run ends", arguments: 0..<400)
    func random(_ seed: UInt64) {
        var random = SplitMix(state: seed &* 0x9E37_79B9 &+ 1)
        var run = SampleRun(randomStages(&random))
        let cancelsAt = random.chance(4) ? random.below(12) : nil
        var decided: Set<String> = []
        var finishes = 0
        for step in 0..<2_000 {
            let before = run.snapshot
            let decisions = run.plan()
            finishes += decisions.count { if case .finishRun = $0 { true } else { false } }
            for draft in decisions.compactMap(\.draft) {
                #expect(decided.insert(draft.label).inserted, "\(draft.label) is decided twice")
                checkDependencies(of: draft, in: run.snapshot)
            }
            checkLimits(run.snapshot)
            checkCounts(before, run.snapshot)
            #expect(planProgress(run.snapshot, at: run.now + 5).isEmpty, "planning twice decides twice")
            if run.snapshot.run.state.isCompleted { break }
            let didMove = move(&run, &random)
            #expect(didMove || !decisions.isEmpty, "the run is stuck at step \(step): \(run.states)")
            if !didMove { break }
            if step == cancelsAt { run.cancel() }
        }
        #expect(run.snapshot.run.state.isCompleted)
        #expect(finishes == 1)
        #expect(!run.snapshot.jobs.contains { !$0.state.isFinished })
        let planned = run.snapshot.run.plan.stages.flatMap { stage in stage.jobs.map { "\(stage.name).\($0.name)" } }
        #expect(Set(run.snapshot.jobs.map { "\($0.stage).\($0.name)" }) == Set(planned))
        checkResult(run)
    }

    // MARK: What must hold

    private func checkDependencies(of draft: JobDraft, in snapshot: RunSnapshot) {
        guard let stage = snapshot.run.plan.stages.first(where: { $0.name == draft.stage }),
            let job = stage.jobs.first(where: { $0.name == draft.name })
        else { return }
        for dependency in stage.dependsOn { #expect(stageResult(dependency, in: snapshot) != nil) }
        // A stage that is skipped skips its jobs together, and those end in the same planning.
        for dependency in job.dependsOn {
            #expect(phaseResult(stage: stage.name, job: dependency, in: snapshot) != nil)
        }
    }

    private func checkLimits(_ snapshot: RunSnapshot) {
        for stage in snapshot.run.plan.stages {
            for job in stage.jobs {
                guard case .parallel(_, .known(let limit)) = job.strategy, limit > 0 else { continue }
                let active = snapshot.jobs.count {
                    $0.stage == stage.name && $0.name == job.name && !$0.state.isFinished && $0.state != .waiting
                }
                #expect(active <= limit)
            }
        }
    }

    private func checkCounts(_ before: RunSnapshot, _ after: RunSnapshot) {
        #expect(after.jobs.count >= before.jobs.count)
        for (old, new) in zip(before.jobs, after.jobs) where old.state.isFinished {
            #expect(old.state == new.state, "what has ended stays as it is")
        }
    }

    private func checkResult(_ run: SampleRun) {
        let results = run.snapshot.jobs.compactMap { job in
            job.state.result.map { job.continueOnError && $0 == .failed ? TaskResult.succeededWithIssues : $0 }
        }
        let result = run.snapshot.run.state.result
        if run.snapshot.run.canceledAt != nil {
            #expect(result == .canceled)
        } else if results.contains(.canceled) {
            #expect(result == .canceled)
        } else if results.contains(.failed) {
            #expect(result == .failed)
        } else {
            #expect(result == (results.contains(.succeededWithIssues) ? .succeededWithIssues : .succeeded))
        }
    }

    // MARK: Chance

    /// Starts or ends a job; false when there is none to move.
    private func move(_ run: inout SampleRun, _ random: inout SplitMix) -> Bool {
        let open = run.snapshot.jobs.indices.filter {
            !run.snapshot.jobs[$0].state.isFinished && run.snapshot.jobs[$0].state != .waiting
        }
        guard let place = random.pick(open) else { return false }
        if random.chance(3), run.snapshot.jobs[place].state == .queued {
            let lease = Lease(
                agent: AgentID(1),
                agentName: "x",
                assignedAt: run.now,
                lockedUntil: run.now,
                messageID: 1
            )
            run.snapshot.jobs[place].state = .running(lease)
            run.snapshot.jobs[place].startedAt = run.now
        } else {
            let results: [TaskResult] = [.succeeded, .succeeded, .succeeded, .failed, .succeededWithIssues, .canceled]
            run.snapshot.jobs[place].state = .finished(random.pick(results) ?? .succeeded)
            run.snapshot.jobs[place].finishedAt = run.now
        }
        return true
    }

    private func randomStages(_ random: inout SplitMix) -> [PlannedStage] {
        (0..<(1 + random.below(4))).map { index in
            let names = (0..<index).map { "S\($0)" }
            return PlannedStage(
                name: "S\(index)",
                displayName: "Stage",
                dependsOn: names.filter { _ in random.chance(2) },
                condition: randomCondition(&random),
                jobs: (0..<(1 + random.below(5))).map { randomJob($0, &random) }.shuffled(using: &random)
            )
        }
        .shuffled(using: &random)
    }

    private func randomJob(_ index: Int, _ random: inout SplitMix) -> PlannedJob {
        let names = (0..<index).map { "j\($0)" }
        return PlannedJob(
            name: "j\(index)",
            displayName: "Job",
            dependsOn: names.filter { _ in random.chance(2) },
            condition: randomCondition(&random),
            strategy: random.chance(4)
                ? .parallel(count: .known(1 + random.below(4)), maxParallel: .known(random.below(3))) : .single,
            continueOnError: random.chance(5) ? PlannedText("true") : nil,
            steps: []
        )
    }

    private func randomCondition(_ random: inout SplitMix) -> PlannedText? {
        let conditions = [
            nil, nil, nil, nil, "always()", "failed()", "succeededOrFailed()", "canceled()", "true", "false",
            "not(succeeded())", "or(failed(), canceled())",
        ]
        return (random.pick(conditions) ?? nil).map { PlannedText($0) }
    }
}

/// A small generator whose numbers depend on the seed alone.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    mutating func chance(_ oneIn: Int) -> Bool { below(oneIn) == 0 }
    mutating func pick<T>(_ values: [T]) -> T? { values.isEmpty ? nil : values[below(values.count)] }
}
