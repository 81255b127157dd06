import Foundation
import RoostModel
import Testing

@Suite("Plans of made-up moments of elastic pools")
struct ScalingSnapshotTests {
    @Test(
        "no plan breaks a rule, orders count for nothing, and what was planned is not planned again",
        arguments: 0..<4
    )
    func plans(part: Int) {
        for seed in stride(from: part + 1, through: 1_600, by: 4) {
            var random = SeededGenerator(seed: UInt64(seed))
            let snapshot = ScalingSnapshot.any(using: &random)
            let plan = planScaling(snapshot)
            var faults = plan.faults(of: snapshot)
            var other = snapshot
            other.instances.shuffle(using: &random)
            other.waiting.shuffle(using: &random)
            other.listing?.shuffle(using: &random)
            if planScaling(other) != plan { faults.append("another order gives another plan") }
            do {
                let rest = planScaling(try snapshot.applying(plan.actions)).actions.filter(\.isWork)
                if !rest.isEmpty { faults.append("\(plan.actions.text), planned again: \(rest.text)") }
            } catch {
                faults.append("\(error)")
            }
            guard !faults.isEmpty else { continue }
            Issue.record("seed \(seed): \(faults.joined(separator: "\n"))\n\(snapshot)")
            return
        }
    }
}

extension ScalingSnapshot {
    /// Anything that could be, and some that could not.
    static func any(using random: inout SeededGenerator) -> ScalingSnapshot {
        let recycle = ElasticPoolSettings.Recycle.allCases.randomElement(using: &random) ?? .reimage
        let policy = ScalingPolicy(
            max: Int.random(in: 0...7, using: &random),
            idleDelay: .seconds(60),
            recycle: recycle,
            bootDeadline: .seconds(60),
            listLag: .seconds(10),
            maxSaved: Int.random(in: 0...1, using: &random),
            burst: Int.random(in: 1...5, using: &random),
            slots: Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1,
            timeToLive: Bool.random(using: &random) ? .seconds(100) : nil,
            canaryShare: 20,
            canaryMachines: Int.random(in: 1...2, using: &random)
        )
        let images = (0..<Int.random(in: 1...3, using: &random)).map { image($0, using: &random) }
        let numbers = (1...12).filter { _ in Int.random(in: 0..<10, using: &random) < 5 }
        var snapshot = ScalingSnapshot(
            pool: PoolID(1),
            state: Int.random(in: 0..<3, using: &random) > 0
                ? .active : ElasticPool.State.allCases.randomElement(using: &random) ?? .active,
            policy: policy,
            images: images,
            instances: numbers.map { instance($0, images.count, using: &random) },
            nextNumber: 13
        )
        snapshot.waiting = (0..<Int.random(in: 0...6, using: &random)).map { job($0, images.count, using: &random) }
        snapshot.listing = Bool.random(using: &random) ? listing(of: snapshot.instances, using: &random) : nil
        if Int.random(in: 0..<4, using: &random) == 0 { snapshot.resting = ["p13", "q2"] }
        snapshot.provider = provider(using: &random)
        snapshot.provider.endsAreCertain = Bool.random(using: &random)
        snapshot.settling = Int.random(in: 0..<6, using: &random) == 0 ? .seconds(9) : nil
        return snapshot
    }

    private static func image(_ index: Int, using random: inout SeededGenerator) -> ScalingImage {
        var image = ElasticWorld.image(index, version: 1, standby: Int.random(in: 0...2, using: &random))
        if Int.random(in: 0..<3, using: &random) == 0 { image.candidate = ElasticWorld.version(index, 2) }
        if Int.random(in: 0..<3, using: &random) == 0 { image.quarantined = ["\(index).3"] }
        if Int.random(in: 0..<8, using: &random) == 0 { image.wanted = nil }
        if Int.random(in: 0..<4, using: &random) == 0 { image.wanted?.failures = 3 }
        if Bool.random(using: &random) { image.lastingSurplus = Int.random(in: 0...3, using: &random) }
        return image
    }

    private static func instance(
        _ number: Int,
        _ images: Int,
        using random: inout SeededGenerator
    ) -> InstanceFacts {
        let phase = ElasticPhase.allCases.randomElement(using: &random) ?? .idle
        let version = ElasticWorld.version(
            Int.random(in: 0...images, using: &random),
            Int.random(in: 1...4, using: &random)
        )
        func rarely() -> Bool { Int.random(in: 0..<8, using: &random) == 0 }
        let hasMachine = phase != .planned && (phase != .creating || rarely())
        var facts = InstanceFacts(
            number,
            phase,
            age: .seconds(Int.random(in: 0...90, using: &random)),
            lifetime: .seconds(Int.random(in: 90...120, using: &random)),
            image: version.image,
            providerID: hasMachine ? "p\(number)" : nil,
            jobs: phase == .busy ? [RequestID(number)] : []
        )
        (facts.leaseExpired, facts.isSilent, facts.isHeard) = (rarely(), rarely(), rarely())
        (facts.isDisabled, facts.isUnderWay) = (rarely(), rarely())
        facts.unlisted = Int.random(in: 0...1, using: &random)
        if rarely() { facts.retryIn = .seconds(Int.random(in: -1...1, using: &random)) }
        if rarely(), let kind = ElasticInstance.Wish.Kind.allCases.randomElement(using: &random) {
            facts.wish = ElasticInstance.Wish(kind, by: "ann", force: Bool.random(using: &random))
        }
        return facts
    }

    private static func job(_ index: Int, _ images: Int, using random: inout SeededGenerator) -> WaitingJob {
        let image = "i\(Int.random(in: 0...images, using: &random))"
        return WaitingJob(
            RequestID(100 + index),
            demands: Bool.random(using: &random) ? [.equals(ElasticOffer.image, value: image)] : [],
            priority: RunPriority.allCases.randomElement(using: &random) ?? .normal,
            age: .seconds(Int.random(in: 0...5, using: &random))
        )
    }

    private static func listing(
        of instances: [InstanceFacts],
        using random: inout SeededGenerator
    ) -> [ListedMachine] {
        var listing: [ListedMachine] = []
        for number in 1...14 where Int.random(in: 0..<3, using: &random) > 0 {
            let generation = Int.random(in: 0..<5, using: &random) == 0 ? 2 : 1
            let tag = MachineTag(server: UUID(), pool: PoolID(1), instance: number, generation: generation)
            let states: [ListedMachine.State] = [.running, .running, .running, .creating, .stopped, .failed("broken")]
            for name in ["p\(number)", "q\(number)"].prefix(Int.random(in: 0..<5, using: &random) == 0 ? 2 : 1) {
                listing.append(
                    ListedMachine(id: name, tag: tag, state: states.randomElement(using: &random) ?? .running)
                )
            }
        }
        return listing
    }

    private static func provider(using random: inout SeededGenerator) -> ProviderFacts {
        var facts = ProviderFacts()
        switch Int.random(in: 0..<8, using: &random) {
        case 0: facts.retryIn = .seconds(5)
        case 1: facts.backoff = .seconds(5)
        case 2: facts.failures = 3
        case 3: facts.quotaRoom = Int.random(in: 0...2, using: &random)
        default: break
        }
        return facts
    }
}
