import RoostLanguage

/// The name of a stage or a job, equal to another that differs in letter case only.
struct PlanName: Hashable, Sendable {
    private let folded: String

    init(_ name: String) {
        folded = foldedName(name)
    }
}

/// Which job of the plan.
struct PhaseKey: Hashable, Sendable {
    let stage: PlanName
    let job: PlanName

    init(_ stage: String, _ job: String) {
        self.stage = PlanName(stage)
        self.job = PlanName(job)
    }
}
