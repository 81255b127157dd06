import Foundation
import RoostModel
import Testing

@Suite("Versions of images on trial")
struct RollTests {
    private static let now = Date(timeIntervalSince1970: 1_000_000)
    private static let old = ElasticInstance.Image(name: "main", version: "team/agents/1.4.2", digest: "old")
    private static let new = ElasticInstance.Image(name: "main", version: "team/agents/1.5.0", digest: "new")
    private let canary = CanarySettings()

    /// Runs a trial until it is decided.
    private func trial(
        failing rate: Double,
        record: JobRecord,
        limit: Int = 400,
        seed: UInt64
    ) -> (verdict: RollVerdict, jobs: Int) {
        var random = SeededGenerator(seed: seed)
        var trial = ImageTrial()
        for jobs in 1...limit {
            trial.jobs += 1
            if Double.random(in: 0..<1, using: &random) < rate { trial.failed += 1 }
            let verdict = planRoll(trial, against: record, canary)
            if verdict != .goesOn { return (verdict, jobs) }
        }
        return (.goesOn, limit)
    }

    @Test("a version that fails three jobs of ten is withdrawn within 20 jobs")
    func failing() {
        var trial = ImageTrial()
        for job in 1...20 {
            trial.jobs += 1
            if [3, 6, 9, 13, 16, 19].contains(job) { trial.failed += 1 }
            if case .withdrawn(.failsMore) = planRoll(trial, against: JobRecord(jobs: 100), canary) { return }
        }
        Issue.record("it was not withdrawn")
    }

    @Test(
        "of versions that fail 30 of 100 jobs, 95 of 100 are withdrawn within 20 jobs and fewer than one in 200 is promoted"
    )
    func power() {
        let runs = (1...2_000).map { trial(failing: 0.3, record: JobRecord(jobs: 200, failed: 2), seed: UInt64($0)) }
        let soon = runs.count { run in if case .withdrawn = run.verdict { run.jobs <= 20 } else { false } }
        let promoted = runs.count { run in if case .promoted = run.verdict { true } else { false } }
        #expect(soon >= 1_900)
        #expect(promoted <= 10)
    }

    @Test(
        "of versions that are as good as the one before, at most one in 19 is withdrawn, and all are decided",
        arguments: [0.0, 0.01, 0.05, 0.2]
    )
    func falseAlarms(rate: Double) {
        let record = JobRecord(jobs: 400, failed: Int(400 * rate))
        let runs = (1...2_000).map { trial(failing: rate, record: record, seed: UInt64($0)) }
        let withdrawn = runs.count { run in if case .withdrawn = run.verdict { true } else { false } }
        #expect(withdrawn <= 2_000 / 19)
        #expect(runs.allSatisfy { $0.verdict != .goesOn })
    }

    @Test("a version that never fails is promoted after the jobs that it must run, not before")
    func good() {
        for jobs in 0..<canary.jobs {
            #expect(planRoll(ImageTrial(jobs: jobs), against: JobRecord(jobs: 100), canary) == .goesOn)
        }
        let finding = RollFinding.asGood(failed: 0, of: 20, before: 10)
        #expect(planRoll(ImageTrial(jobs: 20), against: JobRecord(jobs: 100), canary) == .promoted(finding))
    }

    @Test("a version whose jobs take twice as long is withdrawn though none fails")
    func slow() throws {
        var roll = try onTrial()
        for _ in 1...5 {
            #expect(roll.finished("build", on: "old", failed: false, took: .seconds(60), canary, at: Self.now) == nil)
        }
        var changes: [RollChange] = []
        for _ in 1...5 {
            let change = roll.finished("build", on: "new", failed: false, took: .seconds(120), canary, at: Self.now)
            if let change { changes.append(change) }
        }
        #expect(changes == [.withdrawn(Self.new, .slower(slow: 3, of: 3))])
        #expect(roll.wanted == Self.old)
    }

    @Test("two machines that never come online are enough")
    func starts() throws {
        var roll = try onTrial()
        #expect(roll.started("new", failed: true, canary, at: Self.now) == nil)
        let change = roll.started("new", failed: true, canary, at: Self.now)
        #expect(change == .withdrawn(Self.new, .neverStarts(failed: 2, of: 2)))
        #expect(roll.quarantined == ["new"])
        #expect(roll.follow(Self.new, canary, at: Self.now) == nil)
        #expect(roll.candidate == nil)
        #expect(roll.withdrawal(of: nil)?.image.digest == "new")
        #expect(roll.readmit("new")?.sentence.hasSuffix("is withdrawn no longer.") == true)
        #expect(roll.withdrawal(of: nil) == nil && roll.readmit("new") == nil)
        #expect(roll.follow(Self.new, canary, at: Self.now) == .onTrial(Self.new, besides: Self.old))
    }

    @Test("a promoted version is the one that others are compared with, and is kept by a store")
    func promotion() throws {
        var roll = try onTrial()
        for _ in 1..<canary.jobs {
            #expect(roll.finished("b", on: "new", failed: false, took: .seconds(1), canary, at: Self.now) == nil)
        }
        let change = roll.finished("b", on: "new", failed: false, took: .seconds(1), canary, at: Self.now)
        guard case .promoted(Self.new, _)? = change else {
            Issue.record("\(String(describing: change))")
            return
        }
        #expect(roll.wanted == Self.new)
        #expect(roll.record == JobRecord(jobs: 20))
        let kept = try JSONDecoder().decode(ElasticRoll.self, from: JSONEncoder().encode(roll))
        #expect(kept == roll)
    }

    @Test("without a canary a version is taken at once; a selector that finds none leaves none")
    func atOnce() {
        var roll = ElasticRoll(image: "main")
        #expect(roll.follow(Self.old, canary, at: Self.now) == .wanted(Self.old, before: nil))
        #expect(roll.follow(Self.new, nil, at: Self.now) == .wanted(Self.new, before: Self.old))
        #expect(roll.follow(nil, nil, at: Self.now) == .lost(Self.new))
        #expect(roll.wanted == nil)
    }

    @Test("of many jobs the share meets a candidate, and each always or never")
    func share() {
        let chosen = (1...10_000).filter { mayMeetCandidate(RequestID($0), digest: "new", share: 10) }
        #expect((900...1_100).contains(chosen.count))
        #expect(chosen == (1...10_000).filter { mayMeetCandidate(RequestID($0), digest: "new", share: 10) })
        #expect(!(1...1_000).contains { mayMeetCandidate(RequestID($0), digest: "new", share: 0) })
    }

    @Test("a demand can ask for a version, refuse one, and refuse trials")
    func demands() throws {
        let image = ElasticImage(name: "Ubuntu", gallery: "g", definition: "d", capabilities: ["docker": "29"])
        let offer = ElasticOffer.capabilities(of: image, version: Self.new, isOnTrial: true)
        func isMet(_ text: String) throws -> Bool { try Demand(parsing: text).isMet(by: [:], offer) }
        #expect(try isMet("ImageOverride -equals ubuntu"))
        #expect(try isMet("docker"))
        #expect(try isMet("Roost.ImageVersion -equals 1.5.0"))
        #expect(try !isMet("Roost.ImageVersion -equals 1.4.2"))
        #expect(try isMet("Roost.NotImageVersion -equals 1.4.2"))
        #expect(try !isMet("Roost.NotImageVersion -equals 1.5.0"))
        #expect(try !isMet("Roost.ImageTrial -equals no"))
    }

    private func onTrial() throws -> ElasticRoll {
        var roll = ElasticRoll(image: "main")
        #expect(roll.follow(Self.old, canary, at: Self.now) == .wanted(Self.old, before: nil))
        #expect(roll.follow(Self.new, canary, at: Self.now) == .onTrial(Self.new, besides: Self.old))
        return roll
    }
}
