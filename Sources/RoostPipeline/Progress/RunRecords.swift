import FoundationEssentials
import RoostModel

/// The jobs of a run by what they are copies of; of several attempts the latest alone.
struct RunRecords {
    private var phases: [PhaseKey: [CopyRecord]] = [:]

    init(_ jobs: [Job]) {
        var latest: [CopyKey: Job] = [:]
        for job in jobs {
            let key = CopyKey(
                phase: PhaseKey(job.stage, job.name),
                leg: job.leg.map(PlanName.init),
                position: job.position
            )
            if let known = latest[key], known.attempt >= job.attempt { continue }
            latest[key] = job
        }
        for (key, job) in latest { phases[key.phase, default: []].append(CopyRecord(job)) }
        for key in phases.keys { phases[key]?.sort { $0.position < $1.position } }
    }

    private struct CopyKey: Hashable {
        let phase: PhaseKey
        let leg: PlanName?
        let position: Int
    }

    /// Copies in order of position; empty when nothing is decided yet.
    subscript(stage: String, job: String) -> [CopyRecord] { phases[PhaseKey(stage, job)] ?? [] }

    /// Notes a copy that was just decided.
    mutating func add(_ draft: JobDraft, state: JobState, at now: Date) {
        phases[PhaseKey(draft.stage, draft.name), default: []].append(CopyRecord(draft, state: state, at: now))
    }

    /// Notes a new state of a copy that is stored.
    mutating func set(_ state: JobState, of id: JobID, stage: String, job: String) {
        let key = PhaseKey(stage, job)
        guard let place = phases[key]?.firstIndex(where: { $0.id == id }) else { return }
        phases[key]?[place].state = state
    }

    /// The result of a job of the plan over all its copies; nil until all ended.
    func result(_ stage: String, _ job: String) -> TaskResult? { Self.merged(self[stage, job].map(\.effectiveResult)) }

    /// The result of a stage over its jobs; nil until all ended.
    func result(_ stage: PlannedStage) -> TaskResult? {
        stage.jobs.isEmpty ? .succeeded : Self.merged(stage.jobs.map { result(stage.name, $0.name) })
    }

    private static func merged(_ results: [TaskResult?]) -> TaskResult? {
        guard !results.isEmpty else { return nil }
        var whole = TaskResult.skipped
        for result in results {
            guard let result else { return nil }
            whole = whole.merged(with: result)
        }
        return whole
    }
}
