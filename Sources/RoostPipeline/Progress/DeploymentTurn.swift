import RoostModel

/// Decides which jobs of a deployment may begin, from how the others stand.
///
/// The jobs stand in lanes: one for each machine of a rolling deployment, one alone otherwise. In a lane each job waits for the one
/// before it; after a job that did not succeed the rest is left out, but for the hook that is for a failure.
struct DeploymentTurn {
    /// A job of the deployment; nil results are of those that have not ended.
    struct Copy {
        var hook: HookRun?
        var result: TaskResult?
        /// Held back: neither queued nor ended.
        var isWaiting: Bool
    }

    /// Places of the jobs that change, and why.
    struct Next {
        var released: [Int] = []
        var omitted: [(place: Int, because: ProgressReason)] = []
    }

    private let copies: [Copy]
    /// Places by lane, in order.
    private let lanes: [[Int]]
    private let laneLimit: Int

    /// The limit is nil when the strategy is not of the rolling kind.
    init(_ limit: MachineLimit?, _ copies: [Copy]) {
        self.copies = copies
        guard let limit else {
            lanes = [Array(copies.indices)]
            laneLimit = 1
            return
        }
        var order: [String] = []
        var places: [String: [Int]] = [:]
        for place in copies.indices {
            let machine = copies[place].hook?.resource ?? ""
            if places[machine] == nil { order.append(machine) }
            places[machine, default: []].append(place)
        }
        lanes = order.compactMap { places[$0] }
        laneLimit = limit.most(of: lanes.count)
    }

    /// What changes now; nothing when planned twice.
    var next: Next {
        var next = Next()
        var active = 0
        var failed: ProgressReason?
        for lane in lanes where hasBegun(lane) {
            if isOver(lane) {
                failed = failed ?? failure(of: lane)?.reason
            } else {
                advance(lane, &next)
                failed = failed ?? failure(of: lane)?.reason
                // A lane that was left out to its end by this very step is no longer active.
                if !lane.allSatisfy({ copies[$0].result != nil || next.omits($0) }) { active += 1 }
            }
        }
        for lane in lanes where !hasBegun(lane) {
            if let failed {
                for place in lane where copies[place].isWaiting { next.omitted.append((place, failed)) }
            } else if active < laneLimit {
                advance(lane, &next)
                active += 1
            }
        }
        return next
    }

    private func hasBegun(_ lane: [Int]) -> Bool { lane.contains { !copies[$0].isWaiting } }

    private func isOver(_ lane: [Int]) -> Bool { lane.allSatisfy { copies[$0].result != nil } }

    /// The first hook of a lane that did not succeed.
    private func failure(of lane: [Int]) -> (result: TaskResult, reason: ProgressReason)? {
        for place in lane {
            guard let result = copies[place].result, result != .skipped, !result.isSuccess else { continue }
            return (result, .hookDidNotSucceed(name(place), result))
        }
        return nil
    }

    private func name(_ place: Int) -> String {
        guard let run = copies[place].hook else { return "deploy" }
        return [run.hook.rawValue, run.increment.map { "\($0)%" }, run.resource].compactMap { $0 }.joined(
            separator: " "
        )
    }

    private func advance(_ lane: [Int], _ next: inout Next) {
        var obstacle: (result: TaskResult, reason: ProgressReason)?
        let hooks = lane.filter { copies[$0].hook?.hook.isEnd != true }
        for place in hooks {
            if let result = copies[place].result {
                if !result.isSuccess, obstacle == nil, result != .skipped {
                    obstacle = (result, .hookDidNotSucceed(name(place), result))
                }
            } else if let obstacle, copies[place].isWaiting {
                next.omitted.append((place, obstacle.reason))
            } else {
                if copies[place].isWaiting { next.released.append(place) }
                return
            }
        }
        finish(lane, obstacle?.result ?? .succeeded, &next)
    }

    /// All hooks of the deployment itself ended: one of the two that follow may run.
    private func finish(_ lane: [Int], _ result: TaskResult, _ next: inout Next) {
        for place in lane where copies[place].isWaiting {
            guard let hook = copies[place].hook?.hook, hook.isEnd else { continue }
            let isWanted = hook == .onSuccess ? result.isSuccess : result.isFailure
            if isWanted { next.released.append(place) } else { next.omitted.append((place, .otherEnd(result))) }
        }
    }
}

extension DeploymentTurn.Next {
    fileprivate func omits(_ place: Int) -> Bool { omitted.contains { $0.place == place } }
}

extension RunPlanner {
    /// Releases the jobs of a deployment whose turn has come, and leaves out those whose turn does not come.
    mutating func carryOnDeployment(
        _ stage: PlannedStage,
        _ job: PlannedJob,
        _ copies: [CopyRecord],
        _ scope: ProgressScope?
    ) {
        guard let deployment = job.deployment, copies.contains(where: { $0.state == .waiting }) else { return }
        // What cannot be read is refused when the jobs are made.
        let limit = scope.flatMap { scope in try? MachineLimit(deployment.strategy, scope) }
        let turn = DeploymentTurn(
            deployment.strategy.isRolling ? limit ?? .count(1) : nil,
            copies.map { .init(hook: $0.hook, result: $0.effectiveResult, isWaiting: $0.state == .waiting) }
        )
        let next = turn.next
        for (place, reason) in next.omitted {
            guard let id = copies[place].id else { continue }
            decide(.omit(id, because: reason))
            records.set(.finished(.skipped), of: id, stage: stage.name, job: job.name)
        }
        for place in next.released {
            guard let id = copies[place].id else { continue }
            decide(.release(id, because: .hooksEnded))
            records.set(.queued, of: id, stage: stage.name, job: job.name)
        }
    }
}

/// How many machines a rolling deployment works on at once.
enum MachineLimit: Hashable {
    /// 0 is no limit.
    case count(Int)
    case percent(Int)

    /// Nil when the strategy is not of the rolling kind.
    init?(_ strategy: DeploymentStrategy, _ scope: ProgressScope) throws(ProgressFault) {
        guard case .rolling(let planned) = strategy else { return nil }
        guard let planned, case let text = try scope.text(planned).trimmingBlanks(), !text.isEmpty else {
            self = .count(0)
            return
        }
        let isShare = text.hasSuffix("%")
        let digits = isShare ? text.dropLast() : text[...]
        guard let number = Int(digits), number > 0, !isShare || number <= 100 else {
            throw ProgressFault(
                "deployment.max-parallel",
                "maxParallel must be a number of machines or a percentage such as 50%, not '\(text)'.",
                place: planned.place
            )
        }
        self = isShare ? .percent(number) : .count(number)
    }

    /// The most of so many machines; at least one.
    func most(of machines: Int) -> Int {
        switch self {
        case .count(let count): count <= 0 ? max(1, machines) : count
        case .percent(let percent): max(1, machines * percent / 100)
        }
    }
}

extension DeploymentStrategy {
    var isRolling: Bool { if case .rolling = self { true } else { false } }
}
