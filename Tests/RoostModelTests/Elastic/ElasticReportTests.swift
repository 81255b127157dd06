import Foundation
import RoostModel
import Testing

@Suite("What people see of an elastic pool")
struct ElasticReportTests {
    private func report(_ change: (inout ScalingSnapshot) -> Void) -> ElasticPoolReport {
        var snapshot = ScalingSnapshot(
            pool: PoolID(1),
            policy: ScalingPolicy(max: 4),
            images: [ScalingExample.image("v1")],
            instances: [machine(1, .idle), machine(2, .idle)],
            nextNumber: 3
        )
        change(&snapshot)
        return reportElasticPool(snapshot, planScaling(snapshot))
    }

    private func machine(_ number: Int, _ phase: ElasticPhase, age: Int = 0, version: String = "v1") -> InstanceFacts {
        InstanceFacts(
            number,
            phase,
            age: .seconds(age),
            image: ScalingExample.version(version),
            providerID: "p\(number)"
        )
    }

    @Test("a pool that is what it should be has no difference")
    func settled() {
        let report = report { _ in }
        #expect(report.isSettled)
        #expect((report.health, report.desired, report.observed, report.standby) == (.online, 2, 2, 2))
        #expect(report.counts.map { "\($0.machines) \($0.phase)" } == ["2 idle"])
    }

    @Test("each difference has its reason, its age and what comes next")
    func differences() {
        let report = report {
            $0.instances = [
                machine(1, .booting, age: 20), machine(2, .deleting, age: 9), machine(3, .idle, version: "v0"),
            ]
            $0.instances[1].failure = "disk is busy"
            $0.instances[1].attempts = 3
            $0.instances[1].retryIn = .seconds(4)
            $0.provider = ProviderFacts(backoff: .milliseconds(2_500), failures: 1, words: "no network")
            $0.waiting = [WaitingJob(RequestID(7)), WaitingJob(RequestID(8)), WaitingJob(RequestID(9))]
            $0.nextNumber = 4
        }
        #expect(report.health == .unhealthy)
        #expect(
            report.differences.map(\.sentence) == [
                "No machine for 1 job. Machines did not start; the next is tried in 3 s. It said: no network",
                "No machine for 2 agents on standby. Machines did not start; the next is tried in 3 s. It said: no network",
                "Machine 1 starts, its agent is not online yet.",
                "Machine 2 is being removed. Last failure (3 attempts): disk is busy",
                "Machine 3 is idle and of an old image: it is replaced when nothing waits.",
            ]
        )
        #expect(report.differences.map(\.age) == [nil, nil, .seconds(20), .seconds(9), .zero])
        #expect(
            report.differences.map(\.nextIn).dropLast() == [
                .milliseconds(2_500), .milliseconds(2_500), .seconds(580), .seconds(4),
            ]
        )
        #expect(
            report.jobs.map(\.sentence) == [
                "Machine 3 is idle and takes it in a moment.", "Machine 1 is made for it (booting).",
                "Machines did not start; the next is tried in 3 s. It said: no network",
            ]
        )
        #expect(
            report.versions.map { "\($0.image.version) \($0.standing) \($0.machines)" } == ["v0 old 1", "v1 wanted 2"]
        )
    }

    @Test(
        "a busy machine of an old version, or past its time, goes when it says so",
        arguments: [
            (ElasticPoolSettings.Recycle.reimage, false, "of an old image: it goes after its job"),
            (.reuse, false, "of an old image: it is replaced when nothing waits"),
            (.reuse, true, "of an old image: it goes after its job"),
        ]
    )
    func stale(_ recycle: ElasticPoolSettings.Recycle, isTooOld: Bool, _ words: String) {
        let report = report {
            $0.policy.recycle = recycle
            $0.policy.timeToLive = .seconds(3_600)
            $0.instances[0] = machine(1, .busy, version: "v0")
            $0.instances[0].lifetime = .seconds(isTooOld ? 3_600 : 60)
        }
        #expect(report.differences.map(\.sentence) == ["Machine 1 is busy and \(words)."])
    }

    @Test("a new pool is new, one that is paused is offline")
    func health() {
        #expect(report { ($0.instances, $0.nextNumber) = ([], 1) }.health == .new)
        #expect(report { $0.state = .paused }.health == .offline)
        #expect(report { $0.state = .paused }.differences.map(\.sentence) == [ScalingObstacle.paused.sentence])
    }
}
