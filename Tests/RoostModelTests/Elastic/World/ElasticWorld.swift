import Foundation
import RoostModel

/// A server, a provider, machines and jobs of one pool in made-up time: the ledger and the planner are the real ones, everything else may go wrong.
struct ElasticWorld {
    struct Machine {
        var tag: MachineTag
        /// When its agent speaks for the first time; nil when it never does.
        var onlineAt: Duration?
        var isAlive = true
        /// It runs and nobody hears it until then.
        var cutUntil = Duration.zero
        /// It goes then.
        var goneAt: Duration?
    }

    /// An agent that the server knows.
    struct Session {
        var machine: String
        var generation: Int
        var heard: Duration
    }

    struct Job {
        enum State: Hashable {
            case waiting(since: Duration)
            case running(on: Int, machine: String, until: Duration)
            case done
        }

        var state: State
        var demands: Set<Demand>
        var length: Duration
        var finishes = 0
    }

    enum Work: Hashable { case create, reimage, delete }

    struct Call {
        var work: Work
        var ends: Duration
        var generation: Int
    }

    let seed: UInt64
    var random: SeededGenerator
    /// Things go wrong.
    var isRough = true
    var now = Duration.seconds(1_000)
    var wall = Date(timeIntervalSince1970: 1_700_000_000)
    var policy: ScalingPolicy
    var images: [ScalingImage]
    var provider = ProviderFacts()
    var ledger = ElasticLedger(pool: PoolID(1))
    var ages = ElasticAges()
    var surplus = ElasticSurplus()
    var settledAt = Duration.zero
    var machines: [String: Machine] = [:]
    var sessions: [Int: Session] = [:]
    var jobs: [Int: Job] = [:]
    var calls: [Int: Call] = [:]
    /// Calls that were answered, so that they are not made again by themselves.
    var answered: [Int: Int] = [:]
    var retryAt: [Int: Duration] = [:]
    /// How many jobs a busy machine has been given.
    var taken: [Int: Int] = [:]
    var throttledUntil = Duration.zero
    var backedOffUntil = Duration.zero
    var quotaUntil = Duration.zero
    var wakeAt: Duration?
    var isWoken = true
    var made = 0
    /// What must not be, in words.
    var faults: [String] = []
    var log: [String] = []
    /// Creates and deletes, to see swinging.
    var moves = 0

    init(seed: UInt64) {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        var dice = SeededGenerator(seed: seed ^ 0xfeed)
        let recycles: [ElasticPoolSettings.Recycle] = [.reimage, .reimage, .delete, .reuse]
        policy = ScalingPolicy(
            max: Int.random(in: 1...6, using: &dice),
            idleDelay: .seconds(60),
            recycle: recycles.randomElement(using: &dice) ?? .reimage,
            bootDeadline: .seconds(40),
            creationDeadline: .seconds(60),
            listLag: .seconds(6),
            burst: Int.random(in: 1...4, using: &dice),
            canaryShare: 10,
            canaryMachines: 1
        )
        provider.endsAreCertain = Bool.random(using: &dice)
        let count = Int.random(in: 1...2, using: &dice)
        images = (0..<count).map { Self.image($0, version: 1, standby: Int.random(in: 0...2, using: &dice)) }
        policy.slots = [1, 1, 2, 3].randomElement(using: &dice) ?? 1
        policy.timeToLive = Int.random(in: 0..<4, using: &dice) == 0 ? .seconds(120) : nil
    }

    static func image(_ index: Int, version: Int, standby: Int) -> ScalingImage {
        ScalingImage(name: "i\(index)", standby: standby, wanted: Self.version(index, version))
    }

    static func version(_ image: Int, _ number: Int) -> ScalingVersion {
        let image = ElasticInstance.Image(name: "i\(image)", version: "g/d/1.0.\(number)", digest: "\(image).\(number)")
        return ScalingVersion(image, capabilities: [:], offer: [ElasticOffer.image: image.name])
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    mutating func rough(_ percent: Int) -> Bool { isRough && chance(percent) }
    mutating func seconds(_ range: ClosedRange<Int>) -> Duration { .seconds(Int.random(in: range, using: &random)) }

    mutating func note(_ text: String) { log.append("\(now.components.seconds) \(text)") }
    mutating func wrong(_ text: String) { faults.append("\(now.components.seconds) \(text)") }

    /// One second; the server looks when something happened, or when it wanted to.
    mutating func tick() {
        now += .seconds(1)
        wall += 1
        happen()
        endCalls()
        speak()
        endJobs()
        assign()
        let listing = list()
        guard isWoken || listing != nil || wakeAt.map({ $0 <= now }) == true else { return }
        isWoken = false
        plan(listing)
        startCalls()
    }

    /// Jobs to come, and faults.
    private mutating func happen() {
        guard isRough else { return }
        if chance(12), waiting < 12 { queue(Int.random(in: 1...3, using: &random)) }
        if chance(1) { step() }
        for id in machines.keys.sorted() {
            if rough(1), chance(40) { machines[id]?.isAlive = false }
            if rough(1), chance(50) { cut(id) }
        }
    }

    private var waiting: Int { jobs.values.count { if case .waiting = $0.state { true } else { false } } }

    private mutating func cut(_ id: String) {
        let time = now + seconds(3...60)
        machines[id]?.cutUntil = time
    }

    mutating func queue(_ count: Int, length: Duration? = nil) {
        for _ in 0..<count {
            let image = images.randomElement(using: &random)?.name ?? ""
            let demands: Set<Demand> = images.count > 1 ? [.equals(ElasticOffer.image, value: image)] : []
            let time = length ?? seconds(2...40)
            jobs[jobs.count + 1] = Job(state: .waiting(since: now), demands: demands, length: time)
        }
        isWoken = true
    }

    /// Something that happens seldom: another image, a trial, a start of the server, a clock that is set, a person's wish.
    private mutating func step() {
        isWoken = true
        switch Int.random(in: 0..<7, using: &random) {
        case 0: change { $0.wanted = $1 }
        case 1: change { $0.candidate = $1 }
        case 2: for index in images.indices { endTrial(index, promoted: chance(50)) }
        case 3: restart()
        case 4: wall += Double(Int.random(in: -86_400...86_400, using: &random))
        case 5: wish()
        default: policy.max = Int.random(in: 1...6, using: &random)
        }
    }

    /// Somebody wants another machine in the place of one, after its jobs.
    private mutating func wish() {
        let rows = ledger.rows.values.filter { $0.phase == .idle || $0.phase == .busy }.map(\.number).sorted()
        let kinds: [ElasticInstance.Wish.Kind] = [.reimage, .delete]
        guard let number = rows.randomElement(using: &random), let kind = kinds.randomElement(using: &random) else {
            return
        }
        ledger.rows[number]?.wish = ElasticInstance.Wish(kind, by: "ann")
        note("\(kind) of \(number) is wanted")
    }

    private mutating func change(_ body: (inout ScalingImage, ScalingVersion) -> Void) {
        let index = Int.random(in: images.indices, using: &random)
        made += 1
        body(&images[index], Self.version(index, 100 + made))
        note(
            "image \(images[index].name): \(images[index].wanted?.image.digest ?? "") \(images[index].candidate?.image.digest ?? "")"
        )
    }

    mutating func endTrial(_ index: Int, promoted: Bool) {
        guard let candidate = images[index].candidate else { return }
        if promoted {
            images[index].wanted = candidate
        } else {
            images[index].quarantined.insert(candidate.image.digest)
        }
        images[index].candidate = nil
        note("trial \(candidate.image.digest) promoted: \(promoted)")
    }

    /// Everything that is only in memory is gone; calls under way come to an end that nobody hears of.
    private mutating func restart() {
        note("restart")
        for (number, call) in calls { carryOut(call, of: number, heard: false) }
        (calls, answered, retryAt) = ([:], [:], [:])
        (ages, surplus) = (ElasticAges(), ElasticSurplus())
        provider = ProviderFacts(endsAreCertain: provider.endsAreCertain)
        (throttledUntil, backedOffUntil, quotaUntil) = (.zero, .zero, .zero)
        settledAt = now + .seconds(30)
        for number in sessions.keys { sessions[number]?.heard = now }
    }

    /// From now on nothing goes wrong and no job comes.
    mutating func calm() {
        isRough = false
        isWoken = true
        policy.timeToLive = nil
        for index in images.indices { endTrial(index, promoted: false) }
        for id in machines.keys { machines[id]?.cutUntil = .zero }
    }
}
