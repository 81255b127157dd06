/// A plan that is being made: the snapshot, changed by what was decided so far.
struct ScalingDraft {
    let snapshot: ScalingSnapshot
    /// By number; also those that the plan has closed.
    private var all: [InstanceFacts]
    private var positions: [Int: Int] = [:]
    private var closed = 0
    private(set) var actions: [ScalingAction] = []
    /// Listed machines that no row has and that are being destroyed: they take up room until they are gone.
    private(set) var strays: Int
    private(set) var nextNumber: Int
    /// What no claim of a job holds; filled by ``claimSupply()``.
    var supply = ScalingSupply()
    var shortages: [ScalingShortage] = []
    var surplus: [String: ScalingSurplus] = [:]

    init(_ snapshot: ScalingSnapshot) {
        self.snapshot = snapshot
        strays = max(0, snapshot.destroying)
        all = snapshot.instances.filter { $0.phase != .gone }.sorted { $0.number < $1.number }
        nextNumber = max(snapshot.nextNumber, (snapshot.instances.map(\.number).max() ?? 0) + 1)
        for (index, row) in all.enumerated() { positions[row.number] = index }
    }

    /// By number; none is gone.
    var rows: [InstanceFacts] { closed == 0 ? all : all.filter { $0.phase != .gone } }

    var policy: ScalingPolicy { snapshot.policy }
    var occupied: Int { all.count - closed + strays + snapshot.resting.count }
    var isSettling: Bool { (snapshot.settling ?? .zero) > .zero }

    /// Rows of machines that stay, so far.
    var staying: Int { rows.count { $0.phase != .deleting } }

    func row(_ number: Int) -> InstanceFacts? {
        positions[number].map { all[$0] }.flatMap { $0.phase == .gone ? nil : $0 }
    }

    /// A new row's number.
    mutating func takeNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// Decides, and goes on as if it had been done.
    mutating func decide(_ action: ScalingAction) {
        actions.append(action)
        switch action {
        case .create(let number, let image, _):
            positions[number] = all.count
            all.append(InstanceFacts(number, .planned, image: image))
        case .cancel(let number, _), .forget(let number, _): close(number)
        case .adopt(let number, let machine): adopt(number, machine)
        case .destroy: strays += 1
        case .save(let number, _): enter(number, .saved)
        case .reimage(let number, _): enter(number, .recycling)
        case .delete(let number, _): enter(number, .deleting)
        case .loseJob(let job, let number, _): change(number) { $0.jobs.removeAll { $0 == job } }
        case .retry(let number, _): change(number) { $0.retryIn = nil }
        case .fence, .explain: break
        }
    }

    private mutating func adopt(_ number: Int, _ machine: String) {
        change(number) {
            $0.providerID = machine
            if $0.phase == .planned || $0.phase == .creating { ($0.phase, $0.age) = (.booting, .zero) }
        }
    }

    private mutating func enter(_ number: Int, _ phase: ElasticPhase) {
        change(number) {
            ($0.phase, $0.age, $0.retryIn) = (phase, .zero, nil)
            // What is made anew is made as the policy says now.
            if phase == .recycling { ($0.generation, $0.wish, $0.slots) = ($0.generation + 1, nil, nil) }
        }
    }

    private mutating func change(_ number: Int, _ body: (inout InstanceFacts) -> Void) {
        guard let index = positions[number] else { return }
        body(&all[index])
    }

    private mutating func close(_ number: Int) {
        guard row(number) != nil else { return }
        enter(number, .gone)
        closed += 1
    }
}
