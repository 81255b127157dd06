import FoundationEssentials
import Glibc
import Logging
import RoostModel
import Synchronization

/// Looks after the disk of one agent: makes room before it is missed, removes what is too old, and tells what it did and why.
final class Upkeep: Sendable {
    /// What came of one turn.
    struct Outcome: Sendable {
        var records: [UpkeepRecord] = []
        /// Of the last round; what it would remove is gone unless it failed.
        var plan: UpkeepPlan
        var items: [UpkeepItem]
        var before: UpkeepDisk
        var after: UpkeepDisk

        var freed: Int { records.reduce(0) { $0 + ($1.what == .evicted ? $1.bytes ?? 0 : 0) } }
    }

    private struct State {
        var measured: [UpkeepItem.ID: DiskSurvey.Measured] = [:]
        var lastAging: ContinuousClock.Instant?
        var running = 0
        /// Bytes that were freed since the agent began; tells a job's need from what went meanwhile.
        var freed = 0
        var needs: [Int]
        /// The history says already that there is too little room.
        var isShort = false
        /// When nothing could be found that might go, for a time after which it is looked for again.
        var lastInVain: ContinuousClock.Instant?
        /// Who waits until no job runs.
        var waiting: [UUID: CheckedContinuation<Void, Never>] = [:]
    }

    let root: AgentRoot
    let folders: AgentFolders
    let policy: UpkeepPolicy
    let log: UpkeepLog
    private let logger: Logger
    private let images: UpkeepImages
    private let turn = AsyncLock()
    private let state: Mutex<State>

    init(
        root: AgentRoot,
        folders: AgentFolders,
        policy: UpkeepPolicy,
        environment: [String: String],
        logger: Logger
    ) {
        self.root = root
        self.folders = folders
        self.policy = policy
        self.logger = logger
        log = UpkeepLog(root)
        state = Mutex(State(needs: JobNeeds(folders).bytes))
        images = UpkeepImages(folders: folders, environment: environment)
    }

    /// Items are looked at for their age this often, when jobs give the occasion.
    private static let agingPause = Duration.seconds(3600)
    /// What was freed may be more or less than was measured.
    private static let rounds = 4

    private static let vainPause = Duration.seconds(60)

    // MARK: Looking

    /// The disk of the work folder.
    var disk: UpkeepDisk? { FileSpace.disk(of: folders.work) ?? FileSpace.disk(of: root.path) }

    /// Jobs that run now.
    var runningJobs: Int { state.withLock { $0.running } }

    /// Whether there is room for a job without anything having to go; one call of the system.
    var hasRoom: Bool {
        guard !policy.isOff, let disk else { return true }
        return disk.free >= policy.goal(of: disk.size, needs: needs)
    }

    /// What the last jobs needed.
    var needs: [Int] { state.withLock { $0.needs } }

    /// Everything that could go, and what would.
    func look(_ occasion: UpkeepOccasion, policy other: UpkeepPolicy? = nil) async -> Outcome {
        let items = await survey(measuresAll: occasion == .command)
        let disk = disk ?? UpkeepDisk(size: 0, free: 0)
        let plan = planUpkeep(
            UpkeepSnapshot(disk: disk, items: items, needs: needs, occasion: occasion),
            policy: other ?? policy,
            at: Date()
        )
        return Outcome(plan: plan, items: items, before: disk, after: disk)
    }

    private func survey(measuresAll: Bool) async -> [UpkeepItem] {
        let stop = StopFlag()
        let found = await withTaskCancellationHandler {
            await blocking { [self] in
                var survey = DiskSurvey(
                    root: root,
                    folders: folders,
                    measured: state.withLock { $0.measured },
                    measuresAll: measuresAll,
                    isStopped: { stop.isSet }
                )
                let items = survey.items()
                let known = Set(items.map(\.id))
                let measured = survey.measured.filter { known.contains($0.key) }
                state.withLock { $0.measured = measured }
                return items
            }
        } onCancel: {
            stop.set()
        }
        // What was not measured must not be judged.
        guard !Task.isCancelled else { return [] }
        return (found ?? []) + (await images.items())
    }

    private func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value? {
        try? await OwnThread.run { deliver in deliver(body()) }
    }

    // MARK: Doing

    /// Removes what is too old, and what is worth least while there is too little room.
    func run(_ occasion: UpkeepOccasion, policy other: UpkeepPolicy? = nil) async -> Outcome {
        await turn.withLock {
            if occasion == .start { await blocking { [folders] in TrashFolder(folders: folders).empty() } }
            var outcome = await look(occasion, policy: other)
            for _ in 0..<Self.rounds where !outcome.plan.decisions.isEmpty {
                let records = await carryOut(outcome.plan, occasion)
                var next = await look(occasion, policy: other)
                next.records = outcome.records + records
                next.before = outcome.before
                outcome = next
                guard records.contains(where: { $0.what == .evicted }) else { break }
            }
            let isShort = outcome.plan.shortage != nil
            let wasShort = state.withLock { state in
                defer { state.isShort = isShort }
                return state.isShort
            }
            if isShort, !wasShort {
                let record = UpkeepRecord(
                    at: Date(),
                    occasion: occasion,
                    what: .short,
                    reason: shortage(outcome),
                    free: outcome.after.free
                )
                log.add([record])
                outcome.records.append(record)
            }
            if occasion != .duringJob {
                state.withLock { state in
                    state.lastAging = .now
                    state.lastInVain = isShort ? .now : nil
                }
            }
            return outcome
        }
    }

    private func carryOut(_ plan: UpkeepPlan, _ occasion: UpkeepOccasion) async -> [UpkeepRecord] {
        var records: [UpkeepRecord] = []
        for decision in plan.decisions {
            if case .room = decision.reason, let disk, disk.free >= plan.target { break }
            records.append(await remove(decision, occasion))
        }
        return records
    }

    private func remove(_ decision: UpkeepDecision, _ occasion: UpkeepOccasion) async -> UpkeepRecord {
        let item = decision.item
        let outcome: TrashFolder.Outcome
        switch item.id.kind {
        case .image: outcome = await images.remove(item.id)
        default:
            let path = path(of: item.id)
            outcome =
                await blocking { [folders] in TrashFolder(folders: folders).remove(item.id, path: path) }
                ?? .failed(path: path, error: EAGAIN)
        }
        var record = UpkeepRecord(
            at: Date(),
            occasion: occasion,
            what: outcome == .removed ? .evicted : .failed,
            kind: item.id.kind,
            name: item.id.name,
            label: item.label.isEmpty ? nil : item.label,
            bytes: item.bytes,
            lastUse: item.lastUse,
            code: decision.reason.code,
            reason: decision.reason.sentence,
            free: disk?.free ?? 0
        )
        switch outcome {
        case .removed: state.withLock { $0.freed += item.isOnDisk ? item.bytes : 0 }
        case .inUse: (record.what, record.reason) = (.spared, "a job has begun to use it")
        case .failed(let path, let error): record.reason = "'\(path)': \(systemMessage(error))"
        case .left(let path): record.reason = "'\(path)' cannot be deleted by the agent's user"
        }
        log.add([record])
        logger.notice(
            "upkeep",
            metadata: [
                "what": "\(record.what.rawValue)", "item": "\(item.title)", "bytes": "\(item.bytes)",
                "reason": "\(record.reason)",
            ]
        )
        return record
    }

    private func path(of id: UpkeepItem.ID) -> String {
        switch id.kind {
        case .workspace, .temporary: "\(folders.work)/\(id.name)"
        case .mirror, .tree: "\(folders.mirrors)/\(id.name)"
        case .task: "\(folders.tasks)/\(id.name)"
        case .tool: "\(folders.tools)/\(id.name)"
        case .log: "\(folders.pages)/\(id.name)"
        case .image: id.name
        }
    }

    // MARK: Shortage

    /// Why there is too little room, for people.
    func shortage(_ outcome: Outcome) -> String {
        let disk = outcome.after
        let own = outcome.items.filter(\.isOnDisk)
        let held = own.filter { $0.use == .held }.reduce(0) { $0 + $1.bytes }
        let kept = own.filter { if case .kept = $0.use { true } else { false } }.reduce(0) { $0 + $1.bytes }
        let others = disk.size - disk.free - own.reduce(0) { $0 + $1.bytes }
        var parts = ["\(UpkeepText.size(max(0, others))) are not the agent's"]
        if held > 0 { parts.append("\(UpkeepText.size(held)) are in use by jobs") }
        if kept > 0 { parts.append("\(UpkeepText.size(kept)) are tools that nobody could bring again") }
        return
            "the disk of '\(folders.work)' has \(UpkeepText.size(disk.free)) of \(UpkeepText.size(disk.size)) free, \(UpkeepText.size(outcome.plan.wanted)) are wanted, and nothing more can go: \(parts.joined(separator: ", "))"
    }

    /// Makes room for a job where there is too little.
    ///
    /// - Returns: why no job can be taken; nil when one can.
    func obstacle(_ occasion: UpkeepOccasion) async -> String? {
        if hasRoom { return nil }
        if isInVain { return nil }
        let outcome = await run(occasion)
        return outcome.plan.mayTakeJobs ? nil : shortage(outcome)
    }

    /// A disk that others have filled costs each job no search of its own, as long as it can be taken.
    private var isInVain: Bool {
        guard isAboveFloor, let last = state.withLock({ $0.lastInVain }) else { return false }
        return .now - last < Self.vainPause
    }

    /// Whether a job could be taken now, without anything being done for it; one call of the system.
    var isAboveFloor: Bool {
        guard !policy.isOff, let disk else { return true }
        return disk.free >= policy.floor(of: disk.size)
    }

    /// Notes that no jobs are taken, or that they are again.
    func note(_ what: UpkeepRecord.What, _ reason: String) {
        log.add([UpkeepRecord(at: Date(), occasion: .beforeJob, what: what, reason: reason, free: disk?.free ?? 0)])
    }

    // MARK: Jobs

    /// Watches the disk while a job runs, and learns what it needed.
    func during<Value: Sendable>(_ job: () async -> Value) async -> Value {
        guard !policy.isOff, let begin = disk else { return await job() }
        let began = Date()
        let lowest = LowestFree(begin.free)
        let freedBefore = state.withLock { state in
            state.running += 1
            return state.freed
        }
        // Cancelled and waited for when this function returns.
        async let _: Void = watch(lowest)
        let value = await job()
        let end = disk?.free ?? begin.free
        let least = min(lowest.value, end)
        let (needs, waiting) = state.withLock { state in
            state.running -= 1
            let need = max(0, begin.free - least + state.freed - freedBefore)
            state.needs = Array((state.needs + [need]).suffix(JobNeeds.kept))
            guard state.running == 0 else { return (state.needs, [CheckedContinuation<Void, Never>]()) }
            defer { state.waiting = [:] }
            return (state.needs, Array(state.waiting.values))
        }
        for one in waiting { one.resume() }
        JobNeeds.keep(needs, folders)
        noteTools(since: began)
        return value
    }

    /// Waits until no job runs; returns too when its task is cancelled.
    func idle() async {
        let id = UUID()
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIdle = state.withLock { state in
                    if state.running == 0 || Task.isCancelled { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isIdle { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    /// After a turn that could not make room the next comes this much later: nothing else has happened to be removed.
    private static let patience = Duration.seconds(5)

    /// Ends with the job, by the cancellation of its task.
    private func watch(_ lowest: LowestFree) async {
        while let disk {
            lowest.note(disk.free)
            var pause = UpkeepWatch.pause(free: disk.free)
            if disk.free < policy.reserve(of: disk.size) / 2 {
                let outcome = await run(.duringJob)
                if outcome.plan.shortage != nil { pause = Self.patience }
            }
            guard (try? await Task.sleep(for: pause)) != nil else { return }
        }
    }

    /// Tools that a job has brought are upkeep's to remove; what stood there before is its owner's.
    private func noteTools(since began: Date) {
        for tool in ToolCache(folder: folders.tools).all() {
            var status = stat()
            guard stat(tool.mark, &status) == 0, Double(status.st_mtim.tv_sec) >= began.timeIntervalSince1970 - 1,
                FileTree.make(folders.broughtTools, mode: 0o700) == 0
            else { continue }
            _ = SmallFile.create("", at: "\(folders.broughtTools)/\(tool.noteName)")
        }
    }

    /// After a job: what is due, and nothing when there is room and the last look is not long ago.
    ///
    /// - Returns: why no job can be taken; nil when one can.
    func afterJob() async -> String? {
        guard !policy.isOff else { return nil }
        let isDue = state.withLock { $0.lastAging.map { .now - $0 >= Self.agingPause } ?? true }
        guard isDue || !hasRoom && !isInVain else { return nil }
        let outcome = await run(.afterJob)
        return outcome.plan.mayTakeJobs ? nil : shortage(outcome)
    }
}

/// The least that was free while a job ran.
private final class LowestFree: Sendable {
    private let least: Mutex<Int>

    init(_ free: Int) { least = Mutex(free) }

    var value: Int { least.withLock { $0 } }

    func note(_ free: Int) { least.withLock { $0 = min($0, free) } }
}

/// Set once, by whoever does not wait any more.
private final class StopFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }
    func set() { flag.store(true, ordering: .relaxed) }
}
