public import FoundationEssentials

/// When upkeep is done, which says how much is to be free.
public enum UpkeepOccasion: String, Hashable, Sendable, Codable, CaseIterable {
    /// The listener begins.
    case start
    /// A job is about to be taken.
    case beforeJob = "before-job"
    /// A job runs, and the disk gets scarce.
    case duringJob = "during-job"
    /// A job has ended.
    case afterJob = "after-job"
    /// The pool asks for it.
    case maintenance
    /// A person asks for it.
    case command
}

/// The disk that is looked after.
public struct UpkeepDisk: Hashable, Sendable, Codable {
    public var size: Int
    /// For who is not root.
    public var free: Int

    public init(size: Int, free: Int) {
        self.size = size
        self.free = free
    }
}

/// What upkeep is planned from.
public struct UpkeepSnapshot: Hashable, Sendable {
    public var disk: UpkeepDisk
    public var items: [UpkeepItem]
    /// Bytes that each of the last jobs needed while it ran.
    public var needs: [Int]
    public var occasion: UpkeepOccasion

    public init(disk: UpkeepDisk, items: [UpkeepItem], needs: [Int] = [], occasion: UpkeepOccasion) {
        self.disk = disk
        self.items = items
        self.needs = needs
        self.occasion = occasion
    }
}

/// Why an item goes.
public enum UpkeepReason: Hashable, Sendable {
    /// Nobody used it for longer than the policy allows.
    case unused(days: Int, limit: Int)
    /// A newer version is there, and nobody used this one for longer than the policy allows.
    case superseded(by: String, days: Int)
    case abandoned
    /// Room is needed, and of all that is free this is worth least.
    case room(free: Int, wanted: Int, unusedFor: Double, cost: Double)
    /// It is of no use without something that goes.
    case leans(on: UpkeepItem.ID)

    /// Stable, for programs.
    public var code: String {
        switch self {
        case .unused: "unused"
        case .superseded: "superseded"
        case .abandoned: "abandoned"
        case .room: "room"
        case .leans: "leans"
        }
    }

    /// For people.
    public var sentence: String {
        switch self {
        case .unused(let days, let limit): "nobody has used it for \(days) days; it may stay for \(limit)"
        case .superseded(let version, let days):
            "version \(version) is there, and nobody has used this one for \(days) days"
        case .abandoned: "nothing leads to it any more"
        case .room(let free, let wanted, let unused, let cost):
            "room is needed (\(UpkeepText.size(free)) free, \(UpkeepText.size(wanted)) wanted), and it is worth least: unused for \(UpkeepText.age(unused)), about \(UpkeepText.cost(cost)) to get it again"
        case .leans(let id): "it is of no use without \(id.kind.rawValue) \(id.name), which goes"
        }
    }
}

/// One item that goes, and why.
public struct UpkeepDecision: Hashable, Sendable {
    public var item: UpkeepItem
    public var reason: UpkeepReason
}

/// What is to be done.
public struct UpkeepPlan: Hashable, Sendable {
    /// In this order, so that the least valuable goes first when it is not carried out to its end.
    public var decisions: [UpkeepDecision]
    /// What is to be free at least.
    public var wanted: Int
    /// What is made free where that is not so; more, so that the next job does not begin with the same again.
    public var target: Int
    /// What will be.
    public var free: Int
    /// With less free no job is taken.
    public var floor: Int

    /// Bytes that nothing can free; nil when there will be enough.
    public var shortage: Int? { free < wanted ? wanted - free : nil }
    public var mayTakeJobs: Bool { free >= floor }
}

/// What of an agent's disk goes.
///
/// First what is too old by the policy or leads nowhere, then, while the disk has less room than it should, what is worth least: cost to get it again for each
/// of its bytes, the less the longer it was not used. Nothing that is in use goes, nor what it leans on.
///
/// For a disk of 2 GB with 300 MB free, of which 500 MB are to stay free:
/// ```
/// workspace 3   200 MB   unused for 2 h, 1 s to get again    goes: 500 MB free
/// mirror w      300 MB   unused for 3 h, 30 s to get again   goes: 800 MB free of 625 MB wanted
/// mirror x      200 MB   unused for 1 h, 20 s to get again   stays
/// ```
public func planUpkeep(_ snapshot: UpkeepSnapshot, policy: UpkeepPolicy, at now: Date) -> UpkeepPlan {
    var planning = UpkeepPlanning(snapshot, policy, now)
    guard !policy.isOff else { return planning.plan(wanted: 0, target: 0, floor: 0) }
    let size = snapshot.disk.size
    if snapshot.occasion != .duringJob { planning.removeOld() }
    let (wanted, target): (Int, Int)
    switch snapshot.occasion {
    case .duringJob: (wanted, target) = (policy.reserve(of: size) / 2, policy.reserve(of: size))
    case .start, .beforeJob, .afterJob, .maintenance, .command:
        let goal = policy.goal(of: size, needs: snapshot.needs)
        (wanted, target) = (goal, goal + goal / 4)
    }
    if planning.free < wanted { planning.makeRoom(target) }
    return planning.plan(wanted: wanted, target: target, floor: policy.floor(of: size))
}

private struct UpkeepPlanning {
    let policy: UpkeepPolicy
    let now: Date
    /// What may go, by id.
    private var candidates: [UpkeepItem.ID: UpkeepItem] = [:]
    /// Who is of no use without an item.
    private var leaning: [UpkeepItem.ID: [UpkeepItem.ID]] = [:]
    private var decisions: [UpkeepDecision] = []
    private(set) var free: Int

    init(_ snapshot: UpkeepSnapshot, _ policy: UpkeepPolicy, _ now: Date) {
        self.policy = policy
        self.now = now
        free = snapshot.disk.free
        var needed: Set<UpkeepItem.ID> = []
        for item in snapshot.items {
            for other in item.leansOn { leaning[other, default: []].append(item.id) }
            // What is in use needs what it leans on, whoever else looks at that.
            if item.use != .free { needed.formUnion(item.leansOn) }
        }
        for item in snapshot.items where item.use == .free && !needed.contains(item.id) { candidates[item.id] = item }
    }

    func plan(wanted: Int, target: Int, floor: Int) -> UpkeepPlan {
        UpkeepPlan(decisions: decisions, wanted: wanted, target: target, free: free, floor: floor)
    }

    private mutating func remove(_ item: UpkeepItem, _ reason: UpkeepReason) {
        candidates[item.id] = nil
        decisions.append(UpkeepDecision(item: item, reason: reason))
        if item.isOnDisk { free += item.bytes }
        for id in (leaning[item.id] ?? []).sorted() {
            guard let other = candidates[id] else { continue }
            remove(other, .leans(on: item.id))
        }
    }

    // MARK: Age

    mutating func removeOld() {
        for id in candidates.keys.sorted() {
            guard let item = candidates[id], let reason = tooOld(item) else { continue }
            remove(item, reason)
        }
    }

    private func tooOld(_ item: UpkeepItem) -> UpkeepReason? {
        let days = days(item)
        switch item.standing {
        case .abandoned: return ofNoUse(item)
        case .superseded: if let limit = policy.supersededDays, days >= limit { return ofNoUse(item) }
        case .current: break
        }
        guard let limit = policy.days[item.id.kind], days >= limit else { return nil }
        return .unused(days: days, limit: limit)
    }

    private func days(_ item: UpkeepItem) -> Int { Int(max(0, now.timeIntervalSince(item.lastUse)) / 86_400) }

    private func ofNoUse(_ item: UpkeepItem) -> UpkeepReason? {
        switch item.standing {
        case .abandoned: .abandoned
        case .superseded(let version): .superseded(by: version, days: days(item))
        case .current: nil
        }
    }

    // MARK: Room

    private func roomNeeded(_ item: UpkeepItem, _ wanted: Int) -> UpkeepReason {
        .room(free: free, wanted: wanted, unusedFor: now.timeIntervalSince(item.lastUse), cost: item.cost)
    }

    mutating func makeRoom(_ wanted: Int) {
        let ranked = candidates.values.filter { $0.isOnDisk && $0.bytes > 0 }.map { ($0.worth(at: now), $0) }.sorted {
            if $0.0 != $1.0 { return $0.0 < $1.0 }
            if $0.1.bytes != $1.1.bytes { return $0.1.bytes > $1.1.bytes }
            return $0.1.id < $1.1.id
        }
        for (_, item) in ranked where free < wanted {
            // It may have gone with another.
            guard candidates[item.id] != nil else { continue }
            remove(item, ofNoUse(item) ?? roomNeeded(item, wanted))
        }
    }
}
