import FoundationEssentials
import Logging
import RoostModel
import RoostPipeline

extension TriggerService {
    /// Reads the files of all branches of a pipeline: for its schedules, and for the resources it waits for.
    ///
    /// Each branch's own file says its schedules; resources count as the default branch's file has them.
    func readTriggers(of id: PipelineID) async {
        await work.perform(id) {
            guard let (pipeline, _) = self.pipeline(id) else { return }
            do throws(ControlError) {
                try await self.slots.use { () async -> Result<Void, ControlError> in
                    do throws(ControlError) { return .success(try await self.readAll(pipeline)) } catch {
                        return .failure(error)
                    }
                }.get()
            } catch {
                // What was read before stays in force.
                self.logger.warning(
                    "the triggers of a pipeline could not be read",
                    metadata: ["pipeline": "\(pipeline.name)", "error": "\(error.summary)"]
                )
            }
        }
        timer.signal()
    }

    /// Branches looked at for schedules.
    private static let branchLimit = 1000

    private func readAll(_ pipeline: Pipeline) async throws(ControlError) {
        let main = Self.fullRef(pipeline.repository.defaultBranch)
        let refs = try await plane.repositories.remoteRefs(pipeline.repository.url)
        try await plane.repositories.fetch(pipeline.repository.url)
        let others = refs.keys.filter { $0.hasPrefix("refs/heads/") && $0 != main }.sorted().prefix(Self.branchLimit)
        var found: [String: [ScheduleTrigger]] = [:]
        var mainTriggers: ReadTriggers?
        for ref in [main] + others {
            guard let commit = refs[ref] else { continue }
            let resolved = try await plane.repositories.resolve(pipeline.repository, branch: ref, version: commit)
            guard case .success(let triggers) = try await triggers(of: pipeline, at: resolved) else { continue }
            if ref == main { mainTriggers = ReadTriggers(commit: commit, triggers: triggers) }
            found[ref] = Self.schedules(triggers, of: ref, main: main)
        }
        await keep(found.filter { !$0.value.isEmpty }, mainTriggers, pipeline.id)
    }

    /// The triggers of the default branch's file as it is now, without looking further than what is here when that cannot be had.
    func mainTriggers(of pipeline: Pipeline) async -> (triggers: PipelineTriggers?, problem: String?) {
        let known = plane.read { $0.triggers.pipelines[pipeline.id]?.main?.triggers }
        do throws(ControlError) {
            let commit = try await plane.repositories.resolve(pipeline.repository, branch: nil, version: nil)
            switch try await triggers(of: pipeline, at: commit) {
            case .success(let triggers): return (triggers, nil)
            case .failure(let problem): return (known, problem.text)
            }
        } catch {
            return (known, error.summary)
        }
    }

    /// What a push brought: the triggers of one branch.
    func note(_ triggers: PipelineTriggers, at commit: ResolvedCommit, _ ref: String, _ pipeline: Pipeline) async {
        guard ref.hasPrefix("refs/heads/") else { return }
        let main = Self.fullRef(pipeline.repository.defaultBranch)
        var schedules = plane.read { $0.triggers.pipelines[pipeline.id]?.schedules } ?? [:]
        let own = Self.schedules(triggers, of: ref, main: main)
        schedules[ref] = own.isEmpty ? nil : own
        await keep(schedules, ref == main ? ReadTriggers(commit: commit.id, triggers: triggers) : nil, pipeline.id)
        timer.signal()
    }

    /// Schedules of a branch's file that are for the branch itself; without a filter they are the default branch's.
    private static func schedules(_ triggers: PipelineTriggers, of ref: String, main: String) -> [ScheduleTrigger] {
        triggers.schedules.filter { schedule in
            schedule.branches.map { $0.verdict(ofRef: ref).isIncluded } ?? (ref == main)
        }
    }

    private func keep(_ schedules: [String: [ScheduleTrigger]], _ main: ReadTriggers?, _ id: PipelineID) async {
        do {
            try await plane.change { state, change in
                guard state.pipelines[id] != nil else { return }
                let now = change.now
                state.triggers.update(id, &change) { known in
                    known.main = main ?? known.main
                    known.schedules = schedules
                    // A new schedule begins now; one that is gone is forgotten.
                    let keys = known.scheduleKeys.map(\.text)
                    known.handledUpTo = Dictionary(
                        keys.map { ($0, known.handledUpTo[$0] ?? now) },
                        uniquingKeysWith: { first, _ in first }
                    )
                }
            }
        } catch {
            logger.warning(
                "the triggers of a pipeline could not be stored",
                metadata: ["pipeline": "\(id)", "error": "\(error)"]
            )
        }
    }

    static func fullRef(_ branch: String) -> String { branch.hasPrefix("refs/") ? branch : "refs/heads/\(branch)" }
}

extension PipelineTriggerState {
    var scheduleKeys: [ScheduleKey] {
        schedules.sorted { $0.key < $1.key }.flatMap { ref, schedules in
            schedules.map { ScheduleKey(ref: ref, schedule: $0) }
        }
    }
}
