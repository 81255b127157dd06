import Foundation
import RoostModel
import Testing

@Suite("Which machines take jobs, and when a pool looks again")
struct ScalingJobTests {
    private func machine(_ phase: ElasticPhase, age: Int = 0) -> InstanceFacts {
        InstanceFacts(
            1,
            phase,
            age: .seconds(age),
            image: ScalingExample.version("v1"),
            providerID: "p1",
            jobs: phase == .busy ? [RequestID(9)] : []
        )
    }

    private func snapshot(_ machine: InstanceFacts?, waiting: Int = 0) -> ScalingSnapshot {
        ScalingSnapshot(
            pool: PoolID(1),
            policy: ScalingPolicy(max: 1),
            images: [ScalingExample.image("v1", standby: 0)],
            waiting: (0..<waiting).map { WaitingJob(RequestID(100 + $0)) },
            instances: machine.map { [$0] } ?? [],
            nextNumber: 2
        )
    }

    private func takesJobs(
        _ machine: InstanceFacts,
        in state: ElasticPool.State = .active,
        isWithdrawn: Bool = false,
        timeToLive: Duration? = nil
    ) -> Bool {
        machine.takesJobs(in: state, isWithdrawn: isWithdrawn, timeToLive: timeToLive)
    }

    @Test("a machine that goes, or is kept as it is, takes no job; a pool that is paused goes on with what it has")
    func taking() {
        let phases = ElasticPhase.allCases.filter { takesJobs(machine($0)) }
        #expect(phases == [.planned, .creating, .booting, .idle, .busy, .recycling])
        for phase in phases {
            #expect(takesJobs(machine(phase), in: .paused))
            #expect(!takesJobs(machine(phase), in: .draining) && !takesJobs(machine(phase), in: .deleting))
            #expect(!takesJobs(machine(phase), isWithdrawn: true))
            var wanted = machine(phase)
            wanted.wish = ElasticInstance.Wish(.reimage, by: "ann")
            #expect(!takesJobs(wanted))
        }
    }

    @Test("one that is too old finishes its jobs and takes no other; an idle one does until it is replaced")
    func old() {
        let limit = Duration.seconds(100)
        #expect(takesJobs(machine(.busy, age: 99), timeToLive: limit))
        #expect(!takesJobs(machine(.busy, age: 100), timeToLive: limit))
        #expect(takesJobs(machine(.idle, age: 100), timeToLive: limit))
    }

    @Test("no job counts on a free slot of a machine that takes none")
    func slots() {
        var busy = machine(.busy, age: 100)
        (busy.slots, busy.freeSlots) = (2, 1)
        var plan = planScaling(snapshot(busy, waiting: 1))
        #expect(plan.prospects == [RequestID(100): .idle(machine: 1)])
        var old = snapshot(busy, waiting: 1)
        old.policy.timeToLive = .seconds(100)
        plan = planScaling(old)
        #expect(plan.prospects == [RequestID(100): .short(.atMax(1, .settings))])
    }

    @Test("a busy machine is looked at when its time is over, so that it gets no further job from then on")
    func timeToLive() {
        var snapshot = snapshot(machine(.busy, age: 30))
        #expect(planScaling(snapshot).wakeIn == nil)
        snapshot.policy.timeToLive = .seconds(100)
        #expect(planScaling(snapshot).wakeIn == .seconds(70))
    }

    @Test("a pool without room looks again when that is believed no longer, and says so")
    func quota() {
        var snapshot = snapshot(nil, waiting: 1)
        snapshot.provider = ProviderFacts(quotaRoom: 0, quotaEndsIn: .seconds(40), words: "the disk is full")
        let plan = planScaling(snapshot)
        #expect(plan.actions.text == "explain 1 (jobs: quota)")
        #expect(plan.wakeIn == .seconds(40))
        let told = reportElasticPool(snapshot, plan).differences
        #expect(told.map(\.nextIn) == [.seconds(40)])
    }

    @Test("while one machine is tried, others are tried again when it is up or given up")
    func probing() {
        var snapshot = snapshot(machine(.booting, age: 20), waiting: 2)
        snapshot.policy.max = 4
        snapshot.provider = ProviderFacts(failures: 3, words: "no network")
        let plan = planScaling(snapshot)
        #expect(plan.actions.text == "explain 1 (jobs: probing)")
        #expect(reportElasticPool(snapshot, plan).differences.map(\.nextIn) == [.seconds(580), .seconds(580)])
    }

    @Test("a machine without a row that could not be removed rests, and takes up room meanwhile")
    func resting() {
        var snapshot = snapshot(nil, waiting: 1)
        let tag = MachineTag(server: UUID(), pool: PoolID(1), instance: 7)
        snapshot.listing = [ListedMachine(id: "p7", tag: tag, state: .running)]
        #expect(planScaling(snapshot).actions.text == "destroy p7 (orphan) · explain 1 (jobs: at max)")
        snapshot.resting = ["p7"]
        #expect(planScaling(snapshot).actions.text == "explain 1 (jobs: at max)")
    }

    @Test("a machine that is being made has its own time, in which its image is fetched")
    func creation() {
        var snapshot = snapshot(machine(.creating, age: 25))
        snapshot.policy.bootDeadline = .seconds(10)
        snapshot.waiting = [WaitingJob(RequestID(7))]
        let plan = planScaling(snapshot)
        #expect(plan.actions.text == "none")
        #expect(plan.wakeIn == .seconds(575))
        #expect(reportElasticPool(snapshot, plan).differences.map(\.nextIn) == [.seconds(575)])
    }
}
