import Foundation
import RoostModel
import Testing

@Suite("Checks of stages")
struct CheckPlanTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)
    private let production = EnvironmentID(1)

    private func check(_ kind: CheckKind, id: UInt8 = 1, timeout: Int = 60) -> CheckRun {
        CheckRun(
            id: CheckRunID(uuid(1, id)),
            check: CheckID(Int(id)),
            environment: production,
            environmentName: "production",
            kind: kind,
            timeoutInMinutes: timeout,
            beganAt: now
        )
    }

    private func stop(
        _ run: Int,
        _ checks: [CheckRun] = [],
        stage: String = "Deploy",
        branch: String = "refs/heads/main",
        lock: LockBehavior = .sequential,
        in environments: [EnvironmentID] = [EnvironmentID(1)],
        state: CheckpointState = .checking
    ) -> Checkpoint {
        Checkpoint(
            id: CheckpointID(uuid(2, UInt8(run))),
            run: RunID(run),
            pipeline: PipelineID(1),
            stage: stage,
            requestedBy: "ann",
            branch: branch,
            lockBehavior: lock,
            environments: environments,
            createdAt: now,
            checks: checks,
            state: state
        )
    }

    private func uuid(_ kind: UInt8, _ number: UInt8) -> UUID {
        UUID(uuid: (kind, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number))
    }

    private func snapshot(_ stops: [Checkpoint], capacity: Int? = nil, locked: Bool = false) -> CheckSnapshot {
        CheckSnapshot(
            checkpoints: stops,
            environments: [production: .init(name: "production", capacity: locked ? 1 : capacity, isLocked: locked)]
        )
    }

    /// Plans and applies; planning again must give nothing.
    private func settle(_ snapshot: inout CheckSnapshot, at moment: Date) -> [CheckDecision] {
        let plan = planChecks(snapshot, at: moment)
        for decision in plan.decisions {
            for place in snapshot.checkpoints.indices where snapshot.checkpoints[place].id == decision.about {
                snapshot.checkpoints[place].apply(decision, at: moment)
            }
        }
        #expect(planChecks(snapshot, at: moment).decisions.isEmpty)
        return plan.decisions
    }

    private func approval(_ names: [String], minimum: Int = 0, inOrder: Bool = false, own: Bool = true) -> CheckKind {
        .approval(
            ApprovalPolicy(approvers: names, minimumCount: minimum, isInOrder: inOrder, requesterMayApprove: own)
        )
    }

    @Test("a stage without checks passes at once")
    func nothing() {
        var all = snapshot([stop(1)])
        _ = settle(&all, at: now)
        #expect(all.checkpoints[0].state == .passed(at: now))
    }

    @Test("an approval passes with the last voice it needs, whoever gives it")
    func approvals() {
        var all = snapshot([stop(1, [check(approval(["Ann", "Bob", "Cid"], minimum: 2))])])
        #expect(settle(&all, at: now).isEmpty)
        #expect(planChecks(all, at: now).nextDeadline == now + 3_600)
        for (place, name) in ["cid", "ann"].enumerated() {
            all.checkpoints[0].checks[0].decisions.append(ApprovalDecision(by: name, at: now, isApproved: true))
            #expect(settle(&all, at: now).isEmpty == (place == 0))
        }
        #expect(all.checkpoints[0].state == .passed(at: now))
        #expect(all.checkpoints[0].checks[0].outcome == .passed(at: now))
    }

    @Test("one rejection ends the stage as failed, and says who and why")
    func rejection() {
        var all = snapshot([stop(1, [check(approval(["Ann", "Bob"]))])])
        let no = ApprovalDecision(by: "Bob", at: now, isApproved: false, comment: "not on Friday")
        all.checkpoints[0].checks[0].decisions = [ApprovalDecision(by: "Ann", at: now, isApproved: true), no]
        let refusal = CheckRefusal.rejected(by: "Bob", environment: "production", comment: "not on Friday")
        #expect(settle(&all, at: now).last == .refuse(all.checkpoints[0].id, refusal))
        #expect(refusal.result == .failed)
        #expect(
            refusal.sentence == "Bob rejected the deployment to the environment 'production': not on Friday"
        )
    }

    @Test("without an outcome in time a check ends the stage as skipped")
    func timeOut() {
        var all = snapshot([stop(1, [check(approval(["Ann"]), timeout: 120)])])
        #expect(settle(&all, at: now + 7_199).isEmpty)
        let last = settle(&all, at: now + 7_200).last
        let refusal = CheckRefusal.timedOut(check: "Approval", environment: "production", minutes: 120)
        #expect(last == .refuse(all.checkpoints[0].id, refusal))
        #expect(refusal.result == .skipped)
        #expect(refusal.sentence.hasSuffix("had no outcome within 2 hours."))
    }

    @Test("only approvers whose turn it is may decide")
    func whoMay() {
        var ordered = check(approval(["Ann", "Bob"], inOrder: true))
        #expect(ordered.refusal(of: "bob", requester: "x") == .notYet(first: "Ann"))
        #expect(ordered.refusal(of: "ANN", requester: "x") == nil)
        #expect(ordered.refusal(of: "eve", requester: "x") == .notAnApprover(among: ["Ann", "Bob"]))
        ordered.decisions.append(ApprovalDecision(by: "Ann", at: now, isApproved: true))
        #expect(ordered.refusal(of: "Ann", requester: "x") == .decidedAlready)
        #expect(ordered.refusal(of: "Bob", requester: "x") == nil)
        ordered.outcome = .passed(at: now)
        #expect(ordered.refusal(of: "Bob", requester: "x") == .ended)
        let others = check(approval(["Ann", "Bob"], own: false))
        #expect(others.refusal(of: "ann", requester: "Ann") == .askedForTheRun)
        #expect(others.refusal(of: "bob", requester: "Ann") == nil)
    }

    @Test(
        "a branch that is not allowed is refused before anybody is asked",
        arguments: [
            ("refs/heads/main", true), ("refs/heads/release/1.0", true), ("refs/heads/release", false),
            ("refs/tags/main", false), ("refs/heads/main2", false),
        ]
    )
    func branches(_ branch: String, _ passes: Bool) {
        let control = CheckKind.branchControl(BranchControl(allowedBranches: ["main", "refs/heads/release/*"]))
        var all = snapshot([stop(1, [check(control), check(approval(["Ann"]), id: 2)], branch: branch)])
        _ = settle(&all, at: now)
        #expect(all.checkpoints[0].isOpen == passes)
        #expect(all.checkpoints[0].checks[1].outcome == (passes ? nil : .dropped(at: now)))
    }

    @Test("business hours open by the clock of their place")
    func hours() throws {
        // 2023-11-14 22:13:20 UTC, a Tuesday; 06:13 on Wednesday eight hours ahead.
        let hours = BusinessHours(days: [.wednesday], opensAt: 7 * 60, closesAt: 9 * 60, minutesAheadOfUTC: 480)
        #expect(!hours.isOpen(at: now))
        let opening = try #require(hours.nextOpening(after: now))
        #expect(opening.timeIntervalSince(now) == 46 * 60 + 40)
        #expect(hours.text == "Wed 07:00–09:00 UTC+08:00")
        var all = snapshot([stop(1, [check(.businessHours(hours), timeout: 600)])])
        #expect(settle(&all, at: now).isEmpty)
        #expect(planChecks(all, at: now).nextDeadline == opening)
        _ = settle(&all, at: opening)
        #expect(all.checkpoints[0].state == .passed(at: opening))
        #expect(BusinessHours.offset("UTC-03:30") == -210)
        #expect(BusinessHours.offset("CET") == nil)
        #expect(BusinessHours.minutes("24:01") == nil)
    }

    @Test("a required template is found by path and repository")
    func templates() {
        let required = CheckKind.requiredTemplate([RequiredTemplate(repository: "team/templates", path: "safe.yml")])
        for (used, passes) in [
            (RequiredTemplate(repository: "Team/Templates", ref: "refs/heads/main", path: "/safe.yml"), true),
            (RequiredTemplate(repository: "team/app", path: "safe.yml"), false),
        ] {
            var all = snapshot([stop(1, [check(required)])])
            all.templates[RunID(1)] = [used]
            _ = settle(&all, at: now)
            #expect(all.checkpoints[0].isOpen == passes)
        }
    }

    // MARK: Locks

    private func queued(_ run: Int, _ seconds: Double, _ lock: LockBehavior) -> Checkpoint {
        stop(run, [check(.exclusiveLock, id: UInt8(run))], lock: lock, state: .queued(since: now + seconds))
    }

    @Test("a lock is held by one stage, and goes to who waited longest")
    func sequential() {
        var all = snapshot(
            [queued(3, 2, .sequential), queued(2, 1, .sequential), queued(5, 0, .sequential)],
            locked: true
        )
        var order: [Int] = []
        for _ in 0..<3 {
            _ = settle(&all, at: now + 10)
            let holders = all.checkpoints.filter { $0.state == .passed(at: now + 10) }
            #expect(holders.count == 1)
            order += holders.map(\.run.rawValue)
            for place in all.checkpoints.indices where all.checkpoints[place].id == holders.first?.id {
                all.checkpoints[place].release(at: now)
            }
        }
        #expect(order == [5, 2, 3])
    }

    @Test("with runLatest older runs that wait give way, the one that holds the lock does not")
    func latest() {
        var holder = queued(1, 0, .runLatest)
        holder.state = .passed(at: now)
        var all = snapshot([holder, queued(2, 1, .runLatest), queued(3, 2, .runLatest)], locked: true)
        let decisions = settle(&all, at: now + 10)
        let reason = CheckRefusal.superseded(by: RunID(3), environment: "production")
        #expect(decisions.last == .refuse(all.checkpoints[1].id, reason))
        #expect(reason.result == .canceled)
        #expect(all.checkpoints[0].state == .passed(at: now))
        #expect(all.checkpoints[2].isOpen)
        #expect(
            explainChecks(all.checkpoints[2].id, in: all)
                == [.lock(environment: "production", heldBy: RunID(1), stage: "Deploy")]
        )
    }

    @Test("stages that need two environments take both or none")
    func both() {
        let other = EnvironmentID(2)
        var all = CheckSnapshot(
            checkpoints: [
                stop(1, in: [other], state: .passed(at: now)),
                stop(2, in: [production, other], state: .queued(since: now + 1)),
                stop(3, in: [production], state: .queued(since: now + 2)),
            ],
            environments: [
                production: .init(name: "production", capacity: 1, isLocked: true),
                other: .init(name: "other", capacity: 1, isLocked: false),
            ]
        )
        #expect(settle(&all, at: now + 3).isEmpty)
        #expect(
            explainChecks(all.checkpoints[1].id, in: all) == [.limit(environment: "other", limit: 1)]
        )
        #expect(explainChecks(all.checkpoints[2].id, in: all) == [.behind(environment: "production", run: RunID(2))])
        all.checkpoints[0].release(at: now)
        _ = settle(&all, at: now + 4)
        #expect(all.checkpoints[1].state == .passed(at: now + 4))
        #expect(all.checkpoints[2].state == .queued(since: now + 2))
    }

    @Test("whatever comes, a limit is kept, order is kept, and a restart changes nothing", arguments: 0..<200)
    func random(_ seed: UInt64) {
        var random = SeededNumbers(state: seed &* 0x9E37_79B9 &+ 3)
        let capacity = 1 + Int.random(in: 0..<2, using: &random)
        let behavior: LockBehavior = Bool.random(using: &random) ? .sequential : .runLatest
        var all = snapshot([], capacity: capacity, locked: capacity == 1)
        var granted: [Int] = []
        var moment = now
        for step in 1...120 {
            moment += 1
            if step <= 40, Bool.random(using: &random) {
                all.checkpoints.append(stop(step, [check(.exclusiveLock, id: UInt8(step))], lock: behavior))
            } else if let place = all.checkpoints.indices.filter({ holds(all.checkpoints[$0]) }).randomElement(
                using: &random
            ) {
                all.checkpoints[place].release(at: moment)
            }
            // A crash here loses nothing: what is stored is all that the next planning reads.
            let before = all
            let decisions = settle(&all, at: moment)
            #expect(planChecks(before, at: moment).decisions == decisions)
            granted += decisions.compactMap { decision in
                if case .pass(let id) = decision { all.checkpoints.first { $0.id == id }?.run.rawValue } else { nil }
            }
            #expect(all.checkpoints.count(where: holds) <= capacity)
            for (old, new) in zip(before.checkpoints, all.checkpoints) where holds(old) { #expect(holds(new)) }
        }
        #expect(granted == granted.sorted(), "who came first goes first")
        #expect(!all.checkpoints.contains { $0.isOpen }, "nobody waits for ever")
        let refused = all.checkpoints.filter { if case .refused = $0.state { true } else { false } }
        #expect(behavior == .runLatest || refused.isEmpty)
        #expect(granted.count + refused.count == all.checkpoints.count)
    }

    private func holds(_ stop: Checkpoint) -> Bool { if case .passed = stop.state { true } else { false } }
}

extension CheckDecision {
    fileprivate var about: CheckpointID {
        switch self {
        case .end(let id, _, _), .enqueue(let id), .pass(let id), .refuse(let id, _): id
        }
    }
}

/// Numbers that depend on the seed alone (SplitMix64).
private struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
