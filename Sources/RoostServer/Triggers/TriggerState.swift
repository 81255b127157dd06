import FoundationEssentials
import RoostModel
import RoostPipeline
import RoostStore

/// A push that waits for the end of a run of its branch.
struct HeldPush: Hashable, Sendable, Codable {
    var commit: String
    var pusher: String
}

/// The triggers of one branch's file, as they were when it was read.
struct ReadTriggers: Hashable, Sendable, Codable {
    var commit: String
    var triggers: PipelineTriggers
}

/// What triggers remember of a pipeline, over restarts.
struct PipelineTriggerState: Hashable, Sendable, Codable {
    /// The file of the default branch.
    var main: ReadTriggers?
    /// Schedules of branches that have any.
    var schedules: [String: [ScheduleTrigger]] = [:]
    /// By schedule (see ``ScheduleKey``): up to when everything due was dealt with.
    var handledUpTo: [String: Date] = [:]
    /// By ref.
    var held: [String: HeldPush] = [:]
    /// Runs whose end has begun one already, by alias; the newest last.
    var answered: [String: [Int]] = [:]
}

/// A schedule of a branch, as it is remembered.
struct ScheduleKey: Hashable, Sendable {
    var ref: String
    var schedule: ScheduleTrigger

    var text: String { "\(ref) \(schedule.cron.text) \(schedule.displayName)" }
}

/// A pull request that begins a run when somebody approves it.
struct WaitingRequest: Hashable, Sendable, Codable {
    var event: PullRequestEvent
    var since: Date
    /// What would begin its run.
    var reason: TriggerReason
}

/// What came of an event for a pipeline.
struct TriggerRecord: Hashable, Sendable, Codable {
    enum Outcome: String, Hashable, Sendable, Codable { case queued, held, skipped, failed }

    var at: Date
    /// Such as `push`, `poll`, `pull request`, `schedule`, `pipeline`, `repository`.
    var kind: String
    /// What happened, such as `refs/heads/main at 1234567890`.
    var event: String
    var outcome: Outcome
    var reason: TriggerReason
    var run: Int?
}

/// What triggers know, as a part of the control plane's state; every change of it is a row.
struct TriggerState: Sendable {
    private(set) var pipelines: [PipelineID: PipelineTriggerState] = [:]
    /// Where branches, tags and pull requests were last seen.
    private(set) var tips: [PipelineID: [String: String]] = [:]
    /// Pull requests that wait for somebody, by number.
    private(set) var waiting: [PipelineID: [Int: WaitingRequest]] = [:]
    /// The newest last.
    private(set) var records: [PipelineID: [TriggerRecord]] = [:]
    /// Folded last parts of the names of pipelines whose runs somebody waits for.
    private var awaitedSources: Set<String> = []
    /// The same, for those whose stages somebody waits for.
    private var awaitedStages: Set<String> = []
    /// Ended runs that were not looked at yet.
    var ended: Set<RunID> = []

    /// Records kept of each pipeline.
    private static let recordLimit = 50
    /// Pull requests of each pipeline that wait; anybody can open more.
    static let waitingLimit = 100

    // MARK: Rows

    private static func name(_ part: String, _ id: PipelineID) -> String { "trigger:\(part):\(id)" }
    static func endedName(_ run: RunID) -> String { "trigger:ended:\(run)" }

    /// Reads what was stored.
    init(settings: [String: Data]) {
        let decoder = JSONDecoder()
        for (name, value) in settings where name.hasPrefix("trigger:") {
            let parts = name.split(separator: ":")
            guard parts.count == 3, let number = Int(parts[2]) else { continue }
            let id = PipelineID(number)
            switch parts[1] {
            case "state": pipelines[id] = try? decoder.decode(PipelineTriggerState.self, from: value)
            case "tips": tips[id] = try? decoder.decode([String: String].self, from: value)
            case "requests": waiting[id] = try? decoder.decode([Int: WaitingRequest].self, from: value)
            case "log": records[id] = try? decoder.decode([TriggerRecord].self, from: value)
            case "ended": ended.insert(RunID(number))
            default: continue
            }
        }
        noteAwaited()
    }

    init() {}

    private static func put(_ value: some Encodable, _ part: String, _ id: PipelineID, _ change: inout ControlChange) {
        guard let data = try? JSONEncoder().encode(value) else { return }
        change.store.append(.putSetting(name: name(part, id), value: data))
    }

    // MARK: Changes

    mutating func update(
        _ id: PipelineID,
        _ change: inout ControlChange,
        _ body: (inout PipelineTriggerState) -> Void
    ) {
        var state = pipelines[id] ?? PipelineTriggerState()
        body(&state)
        guard state != pipelines[id] else { return }
        pipelines[id] = state
        Self.put(state, "state", id, &change)
        noteAwaited()
    }

    mutating func setTip(_ ref: String, _ commit: String?, of id: PipelineID, _ change: inout ControlChange) {
        guard tips[id]?[ref] != commit || tips[id] == nil else { return }
        tips[id, default: [:]][ref] = commit
        Self.put(tips[id] ?? [:], "tips", id, &change)
    }

    mutating func setTips(_ new: [String: String], of id: PipelineID, _ change: inout ControlChange) {
        guard tips[id] != new else { return }
        tips[id] = new
        Self.put(new, "tips", id, &change)
    }

    /// Has a pull request wait, in place of an older commit of it.
    ///
    /// - Returns: the number of the oldest that was dropped for it.
    mutating func hold(_ request: WaitingRequest, of id: PipelineID, _ change: inout ControlChange) -> Int? {
        waiting[id, default: [:]][request.event.request.number] = request
        var dropped: Int?
        if let all = waiting[id], all.count > Self.waitingLimit {
            dropped = all.min { ($0.value.since, $0.key) < ($1.value.since, $1.key) }?.key
            if let dropped { waiting[id]?[dropped] = nil }
        }
        Self.put(waiting[id] ?? [:], "requests", id, &change)
        return dropped
    }

    /// Ends the wait of a pull request, if it waits.
    mutating func release(_ number: Int, of id: PipelineID, _ change: inout ControlChange) {
        guard waiting[id]?[number] != nil else { return }
        waiting[id]?[number] = nil
        Self.put(waiting[id] ?? [:], "requests", id, &change)
    }

    mutating func append(_ record: TriggerRecord, of id: PipelineID, _ change: inout ControlChange) {
        records[id, default: []].append(record)
        let excess = (records[id]?.count ?? 0) - Self.recordLimit
        if excess > 0 { records[id]?.removeFirst(excess) }
        Self.put(records[id] ?? [], "log", id, &change)
    }

    /// Forgets a pipeline that was deleted, or whose sources are others now.
    mutating func forget(_ id: PipelineID, keepsRecords: Bool, _ change: inout ControlChange) {
        pipelines[id] = nil
        tips[id] = nil
        waiting[id] = nil
        for part in ["state", "tips", "requests"] { change.store.append(.deleteSetting(name: Self.name(part, id))) }
        if !keepsRecords {
            records[id] = nil
            change.store.append(.deleteSetting(name: Self.name("log", id)))
        }
        noteAwaited()
    }

    // MARK: Who waits for whom

    private mutating func noteAwaited() {
        awaitedSources = []
        awaitedStages = []
        for resource in pipelines.values.compactMap(\.main).flatMap(\.triggers.pipelines) {
            guard let trigger = resource.trigger else { continue }
            let name = Self.foldedLast(resource.source)
            awaitedSources.insert(name)
            if !trigger.stages.isEmpty { awaitedStages.insert(name) }
        }
    }

    private static func foldedLast(_ source: String) -> String {
        source.split(whereSeparator: { $0 == "\\" || $0 == "/" }).last.map { $0.lowercased() } ?? ""
    }

    /// Whether the end of a run may begin another.
    func awaitsEnd(of run: Run) -> Bool {
        if pipelines[run.pipeline]?.held[run.sourceBranch] != nil { return true }
        return !awaitedSources.isEmpty && awaitedSources.contains(run.pipelineName.lowercased())
    }

    /// Whether the end of a stage of a run may begin another.
    func awaitsStages(of run: Run) -> Bool {
        !awaitedStages.isEmpty && awaitedStages.contains(run.pipelineName.lowercased())
    }
}

extension ControlState {
    /// Remembers that a run has ended which somebody waits for; done again after a restart until it was looked at.
    mutating func noteEnd(of run: Run, _ change: inout ControlChange) {
        guard triggers.awaitsEnd(of: run) else { return }
        triggers.ended.insert(run.id)
        change.store.append(.putSetting(name: TriggerState.endedName(run.id), value: Data()))
        let id = run.id
        change.effects.append { $0.triggerNews.send(.runEnded(id)) }
    }

    mutating func forgetEnd(of run: RunID, _ change: inout ControlChange) {
        guard triggers.ended.remove(run) != nil else { return }
        change.store.append(.deleteSetting(name: TriggerState.endedName(run)))
    }
}
