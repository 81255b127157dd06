import FoundationEssentials
import Logging
import RoostLanguage
import RoostModel
import RoostPipeline
import ServiceLifecycle
import Synchronization

/// Begins runs: takes what hosts tell, looks at repositories, follows schedules, and hears of the ends of other runs.
///
/// It loads what a decision needs, asks the planners of the pipeline module, and stores decision and run together. What concerns one
/// pipeline is done one after the other, so that no two decisions see the same state.
final class TriggerService: Service {
    let plane: ControlPlane
    let work = SerialWork<PipelineID>()
    let deliveries = Deliveries()
    /// Repositories read at once for nobody in particular.
    let slots = Slots(4)
    let timer = DeadlineTimer()
    /// Moments of polls and refreshes, and which schedules are being looked at; all of it is made anew at a start.
    let timetable = Mutex(Timetable())

    init(plane: ControlPlane) { self.plane = plane }

    var logger: Logger { plane.logger }

    func run() async throws {
        guard plane.settings.triggers else {
            try? await gracefulShutdown()
            return
        }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.readNews() }
                group.addTask { await self.keepTime() }
            }
        }
    }

    /// Hears of ends of runs and of changed pipelines, beginning with what an earlier process left.
    private func readNews() async {
        for run in plane.read({ $0.triggers.ended }).sorted() { await runEnded(run) }
        await queueHeldPushesOfAll()
        await withDiscardingTaskGroup { group in
            for await news in plane.triggerNews.stream {
                group.addTask {
                    switch news {
                    case .runEnded(let run): await self.runEnded(run)
                    case .stagesMoved(let run): await self.completionsOf(run)
                    case .pipelineChanged(let id): await self.readTriggers(of: id)
                    }
                }
            }
        }
    }

    // MARK: Records

    /// A decision on its way to the log.
    func record(
        _ kind: String,
        _ event: String,
        _ outcome: TriggerRecord.Outcome,
        _ reason: TriggerReason,
        run: RunID? = nil
    ) -> TriggerRecord {
        TriggerRecord(
            at: Date(),
            kind: kind,
            event: event,
            outcome: outcome,
            reason: reason,
            run: run?.rawValue
        )
    }

    /// Stores a decision that queues nothing, with what else belongs to it.
    @discardableResult
    func keep(
        _ record: TriggerRecord,
        of id: PipelineID,
        _ also: (inout ControlState, inout ControlChange) -> Void = { _, _ in }
    ) async -> TriggerRecord {
        do {
            try await plane.change { state, change in
                also(&state, &change)
                guard state.pipelines[id] != nil else { return }
                state.triggers.append(record, of: id, &change)
            }
        } catch {
            logger.warning(
                "a trigger's decision could not be stored",
                metadata: ["pipeline": "\(id)", "error": "\(error)"]
            )
        }
        return record
    }

    /// Queues a run and stores the decision and what else belongs to it in the same transaction.
    func queue(
        _ request: RunRequest,
        _ kind: String,
        _ event: String,
        _ reason: TriggerReason,
        _ also: @escaping @Sendable (inout ControlState, inout ControlChange) -> Void
    ) async -> TriggerRecord {
        let id = request.pipeline
        do {
            let run = try await plane.queueRun(request, by: .system) { run, state, change in
                also(&state, &change)
                let record = self.record(kind, event, .queued, reason, run: run.id)
                state.triggers.append(record, of: id, &change)
            }
            logger.notice(
                "a trigger queued a run",
                metadata: ["pipeline": "\(run.pipelineName)", "run": "\(run.id)", "by": "\(kind)"]
            )
            return record(kind, event, .queued, reason, run: run.id)
        } catch {
            logger.warning(
                "a trigger could not queue a run",
                metadata: ["pipeline": "\(id)", "by": "\(kind)", "error": "\(error.summary)"]
            )
            let failed = record(kind, event, .failed, .queueFailed(error.summary))
            // What may go by itself is tried again by the next event, poll or moment.
            return await keep(failed, of: id) { state, change in
                if !error.mayPass { also(&state, &change) }
            }
        }
    }

    // MARK: What a decision needs

    /// A pipeline, its project, and what its settings say.
    func pipeline(_ id: PipelineID) -> (pipeline: Pipeline, project: Project)? {
        plane.read { state in
            guard let pipeline = state.pipelines[id], let project = state.projects[pipeline.project] else { return nil }
            return (pipeline, project)
        }
    }

    /// The triggers of a pipeline's file at a commit.
    ///
    /// - Returns: them, or what is wrong with the file.
    func triggers(
        of pipeline: Pipeline,
        at commit: ResolvedCommit
    ) async throws(ControlError) -> Result<PipelineTriggers, FileProblem> {
        let files = try await plane.repositories.files(of: pipeline.repository.url, at: commit.id)
        let path = String(pipeline.yamlPath.drop { $0 == "/" })
        switch files.load(path: path) {
        case .success(let bytes):
            let read = PipelineCompiler.triggers(path: path, text: String(decoding: bytes, as: UTF8.self))
            let errors = read.diagnostics.filter(\.isError)
            guard errors.isEmpty else {
                return .failure(FileProblem(text: errors.map(\.description).joined(separator: "\n")))
            }
            return .success(read.triggers)
        case .failure: return .failure(FileProblem(text: "there is no '\(path)' at \(commit.id.prefix(10))."))
        }
    }

    struct FileProblem: Error, Sendable { var text: String }

    func snapshot(_ pipeline: Pipeline, _ triggers: PipelineTriggers) -> TriggerSnapshot {
        TriggerSnapshot(
            isEnabled: pipeline.enabled,
            settings: pipeline.triggers,
            allowsImplied: plane.settings.impliedTriggers,
            triggers: pipeline.triggers.overriding(triggers)
        )
    }
}

extension ControlError {
    /// It may be over when the same is tried again.
    var mayPass: Bool {
        switch self {
        case .repositoryUnavailable, .storeUnavailable, .shuttingDown: true
        default: false
        }
    }
}

/// Names of messages that were taken, so that a repeated one is known.
final class Deliveries: Sendable {
    private struct State {
        var known: Set<String> = []
        var order: [String] = []
    }
    private let state = Mutex(State())

    /// Enough for the repeats of a host, which come within minutes or by hand.
    private static let capacity = 10_000

    /// Notes a message; false when it was noted before.
    func isNew(_ name: String) -> Bool {
        state.withLock { state in
            guard state.known.insert(name).inserted else { return false }
            state.order.append(name)
            if state.order.count > Self.capacity { state.known.remove(state.order.removeFirst()) }
            return true
        }
    }
}
