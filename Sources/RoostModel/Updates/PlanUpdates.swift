public import FoundationEssentials

/// Decides which agents are updated to what.
///
/// A version is tried by a few agents, goes to the others a few at a time, and is withheld from all as soon as it fails on one. Nobody is updated past a pin, outside
/// of a window, to another generation without a hand, or by itself to an older version than it has.
///
/// - Parameters:
///   - snapshot: the agents of one pool and platform.
///   - now: the time.
/// - Returns: what follows.
public func planUpdates(_ snapshot: UpdateSnapshot, at now: Date) -> UpdatePlan {
    var draft = UpdateDraft(snapshot, now)
    draft.forgetWhatIsGone()
    draft.giveUpTheSilent()
    draft.withholdWhatFailed()
    draft.judgeTrials()
    draft.rollOn()
    draft.tellStandings()
    return draft.plan
}

/// How long an agent may take to come back from a switch before it is believed to have failed.
private let patienceWithSwitch: TimeInterval = 180
/// How long one that tries a version, or was told to get one, may be away before nobody waits for it.
private let patienceWithAbsence: TimeInterval = 1_800
/// How long an agent that is online may take to get a version ready.
private let patienceWithPreparation: TimeInterval = 3_600
/// After this time an agent whose machine was the reason is asked again.
private let pauseAfterMachineFault: TimeInterval = 3_600

private struct UpdateDraft {
    let snapshot: UpdateSnapshot
    let now: Date
    var plan = UpdatePlan()
    /// What the policy wants for each agent, and whether it may begin now.
    private var wishes: [AgentID: Wish] = [:]

    private struct Wish {
        var package: UpdateSnapshot.Package
        var mode: AgentUpdatePolicy.Mode
    }

    private var policy: AgentUpdatePolicy { snapshot.policy }

    init(_ snapshot: UpdateSnapshot, _ now: Date) {
        self.snapshot = snapshot
        self.now = now
    }

    // MARK: Steps

    /// A package that was deleted, or replaced, takes what was planned with it along.
    mutating func forgetWhatIsGone() {
        for (release, rollout) in snapshot.rollouts where digest(of: release) == rollout.digest {
            plan.rollouts[release] = rollout
        }
        for agent in snapshot.agents {
            guard let order = agent.update.order, order.phase != .switching, order.cause != .rollBack else { continue }
            if digest(of: order.release) != order.digest || !stands(order, of: agent) {
                plan.withdrawn.insert(agent.id)
            }
        }
    }

    /// Whether the policy would still say what it said: an agent may have been offline, or busy, for long since; it asks before it switches.
    private func stands(_ order: AgentUpdate.Order, of agent: UpdateSnapshot.Agent) -> Bool {
        guard order.cause == .policy else { return true }
        if let limit = limit(of: agent), order.release > limit { return false }
        switch order.release.major == agent.release.major ? policy.minor : policy.major {
        case .automatic: return true
        case .manual: return false
        case .window: return policy.window?.isOpen(at: now) == true
        }
    }

    mutating func giveUpTheSilent() {
        for agent in snapshot.agents where !plan.withdrawn.contains(agent.id) {
            guard let order = agent.update.order, agent.release != order.release else { continue }
            let isSwitching = order.phase == .switching
            guard isSwitching || agent.isOnline && order.phase != .waiting else { continue }
            let since = [order.phaseSince, snapshot.since, isSwitching ? nil : agent.statusSince].compactMap { $0 }
                .max()
            let end = (since ?? now) + (isSwitching ? patienceWithSwitch : patienceWithPreparation)
            guard end <= now else {
                wake(end)
                continue
            }
            plan.withdrawn.insert(agent.id)
            plan.failures[agent.id] = AgentUpdate.Failure(
                release: order.release,
                digest: order.digest,
                fault: isSwitching && !isExcused(agent, order) ? .unhealthy : .machine,
                reason: isSwitching
                    ? "It did not come back within three minutes." : "It did not get the version ready within an hour.",
                at: now
            )
        }
    }

    /// One machine that does not come back may have been switched off; with a second one it is the version.
    private mutating func isExcused(_ agent: UpdateSnapshot.Agent, _ order: AgentUpdate.Order) -> Bool {
        guard var rollout = plan.rollouts[order.release], rollout.digest == order.digest else {
            return order.cause != .policy
        }
        guard rollout.lost == 0, snapshot.agents.count > 1 else { return false }
        rollout.lost += 1
        rollout.canaries.removeAll { $0 == agent.id }
        plan.rollouts[order.release] = rollout
        return true
    }

    /// Whether an agent is away for so long that nobody waits for it.
    private mutating func isGone(_ agent: UpdateSnapshot.Agent) -> Bool {
        guard !agent.isOnline else { return false }
        let end = max(agent.statusSince ?? snapshot.since, snapshot.since) + patienceWithAbsence
        if end > now { wake(end) }
        return end <= now
    }

    mutating func withholdWhatFailed() {
        for agent in snapshot.agents {
            guard let failure = failure(of: agent), failure.fault != .machine, failure.release > agent.release,
                digest(of: failure.release) == failure.digest
            else { continue }
            withhold(failure.release, failure.digest, because: "\(agent.name): \(failure.reason)")
        }
        for (release, rollout) in plan.rollouts where rollout.phase == .trial {
            for agent in canaries(of: rollout) where agent.release == release {
                if let job = agent.update.lostJob {
                    withhold(release, rollout.digest, because: "\(agent.name) lost its job \(job) with it.")
                } else if isGone(agent) {
                    miss(agent, release)
                }
            }
        }
        for rollout in plan.rollouts.values { if case .withheld = rollout.phase { goBack(rollout) } }
    }

    /// One machine that goes away is switched off; two that go away while they try a version have something to do with it.
    private mutating func miss(_ agent: UpdateSnapshot.Agent, _ release: AgentRelease) {
        guard var rollout = plan.rollouts[release] else { return }
        guard rollout.lost == 0, snapshot.agents.count > 1 else {
            return withhold(release, rollout.digest, because: "\(agent.name), which tried it, is away.")
        }
        rollout.lost += 1
        rollout.canaries.removeAll { $0 == agent.id }
        plan.rollouts[release] = rollout
    }

    /// Who tried a version that is no good gets the one before.
    private mutating func goBack(_ rollout: AgentRollout) {
        for agent in canaries(of: rollout) where agent.release == rollout.release && agent.update.order == nil {
            guard let previous = agent.update.previous, previous < rollout.release, agent.blocker == nil,
                mayTryAgain(failure(of: agent), previous, digest(of: previous))
            else { continue }
            order(agent, previous, digest: digest(of: previous) ?? "", .rollBack)
        }
        for agent in snapshot.agents {
            guard let order = agent.update.order, order.cause == .policy, order.release == rollout.release,
                order.digest == rollout.digest, order.phase != .switching
            else { continue }
            plan.withdrawn.insert(agent.id)
        }
    }

    mutating func judgeTrials() {
        for agent in snapshot.agents { wishes[agent.id] = wish(of: agent) }
        for wish in Set(wishes.values.filter { $0.mode != .manual }.map(\.package))
        where plan.rollouts[wish.release] == nil {
            let phase = policy.canaries == 0 ? AgentRollout.Phase.rolling : .trial
            plan.rollouts[wish.release] = AgentRollout(
                release: wish.release,
                digest: wish.digest,
                phase: phase,
                since: now
            )
        }
        for (release, rollout) in plan.rollouts.sorted(by: { $0.key < $1.key }) where rollout.phase == .trial {
            var rollout = rollout
            rollout.canaries = []
            for agent in canaries(of: plan.rollouts[release] ?? rollout) where isStillCanary(agent, of: release) {
                rollout.canaries.append(agent.id)
            }
            plan.rollouts[release] = rollout
            choose(for: release)
            if hasPassed(release) {
                plan.rollouts[release]?.phase = .rolling
                plan.rollouts[release]?.since = now
            }
        }
    }

    /// One that has the version, or is about to, or could begin.
    private mutating func isStillCanary(_ agent: UpdateSnapshot.Agent, of release: AgentRelease) -> Bool {
        if agent.release == release { return true }
        if agent.update.order?.release == release, !plan.withdrawn.contains(agent.id) { return !isGone(agent) }
        return agent.isOnline && wishes[agent.id]?.package.release == release && mayBegin(agent)
    }

    private mutating func choose(for release: AgentRelease) {
        guard var rollout = plan.rollouts[release] else { return }
        for agent in inTurn(release) where rollout.canaries.count < policy.canaries {
            guard !rollout.canaries.contains(agent.id), agent.update.order == nil else { continue }
            rollout.canaries.append(agent.id)
        }
        plan.rollouts[release] = rollout
        for agent in canaries(of: rollout) {
            guard agent.release != release, agent.update.order == nil, plan.orders[agent.id] == nil else { continue }
            order(agent, release, digest: rollout.digest, .policy)
        }
    }

    private mutating func hasPassed(_ release: AgentRelease) -> Bool {
        guard let rollout = plan.rollouts[release], !rollout.canaries.isEmpty else { return false }
        let ends = canaries(of: rollout).map { trialEnd($0, release) }
        guard !ends.contains(nil) else { return false }
        guard let last = ends.compactMap({ $0 }).max(), last > now else { return true }
        wake(last)
        return false
    }

    /// When an agent has had a version for long enough; nil when it does not have it.
    private func trialEnd(_ agent: UpdateSnapshot.Agent, _ release: AgentRelease) -> Date? {
        guard agent.release == release, agent.isOnline, agent.update.order == nil else { return nil }
        let begin = [agent.statusSince, agent.update.updatedAt].compactMap { $0 }.max() ?? now
        return begin + TimeInterval(policy.gate)
    }

    mutating func rollOn() {
        let limit = max(1, snapshot.agents.count * policy.atOnce / 100)
        for (release, rollout) in plan.rollouts.sorted(by: { $0.key < $1.key }) where rollout.phase == .rolling {
            var underWay = 0
            for agent in snapshot.agents {
                let isOrdered = agent.update.order?.release == release && !plan.withdrawn.contains(agent.id)
                let isAwayWithIt =
                    agent.release == release && !agent.isOnline
                    && agent.update.updatedAt.map { $0 >= rollout.since } ?? false
                if isOrdered || isAwayWithIt, !isGone(agent) { underWay += 1 }
            }
            for agent in inTurn(release) where underWay < limit {
                guard agent.update.order == nil, plan.orders[agent.id] == nil else { continue }
                order(agent, release, digest: rollout.digest, .policy)
                underWay += 1
            }
        }
    }

    mutating func tellStandings() {
        for agent in snapshot.agents { plan.standings[agent.id] = standing(of: agent) }
        for agent in snapshot.agents {
            guard let failure = failure(of: agent), failure.fault == .machine else { continue }
            let end = failure.at + pauseAfterMachineFault
            if end > now { wake(end) }
        }
        guard let window = policy.window, !wishes.isEmpty else { return }
        if let opening = window.nextOpening(after: now) { wake(opening) }
        if let closing = window.closing(after: now) { wake(closing) }
    }

    // MARK: Parts

    private func digest(of release: AgentRelease) -> String? {
        snapshot.packages.first { $0.release == release }?.digest
    }

    private func canaries(of rollout: AgentRollout) -> [UpdateSnapshot.Agent] {
        snapshot.agents.filter { rollout.canaries.contains($0.id) }
    }

    private func failure(of agent: UpdateSnapshot.Agent) -> AgentUpdate.Failure? {
        plan.failures[agent.id] ?? agent.update.failure
    }

    /// What the policy would give an agent, if it may; nil when it has that.
    private func wish(of agent: UpdateSnapshot.Agent) -> Wish? {
        let limit = limit(of: agent)
        let ahead = snapshot.packages.filter { package in
            package.release > agent.release && (limit ?? package.release) >= package.release && !isWithheld(package)
        }
        let next = ahead.filter { $0.release.major > agent.release.major }.max { $0.release < $1.release }
        if let next, policy.major != .manual { return Wish(package: next, mode: policy.major) }
        let same = ahead.filter { $0.release.major == agent.release.major }.max { $0.release < $1.release }
        return same.map { Wish(package: $0, mode: policy.minor) }
    }

    private func limit(of agent: UpdateSnapshot.Agent) -> AgentRelease? {
        [agent.update.pin, policy.pin].compactMap { $0 }.min()
    }

    private func isWithheld(_ package: UpdateSnapshot.Package) -> Bool {
        guard let rollout = plan.rollouts[package.release], rollout.digest == package.digest else { return false }
        if case .withheld = rollout.phase { return true }
        return false
    }

    /// Those that are to get a version and could now: idle ones first, by name.
    private func inTurn(_ release: AgentRelease) -> [UpdateSnapshot.Agent] {
        snapshot.agents.filter { wishes[$0.id]?.package.release == release && $0.isOnline && mayBegin($0) }
            .sorted { ($0.isBusy ? 1 : 0, $0.name) < ($1.isBusy ? 1 : 0, $1.name) }
    }

    private func mayBegin(_ agent: UpdateSnapshot.Agent) -> Bool {
        guard let wish = wishes[agent.id], agent.blocker == nil else { return false }
        switch wish.mode {
        case .automatic: break
        case .window: guard policy.window?.isOpen(at: now) == true else { return false }
        case .manual: return false
        }
        return mayTryAgain(failure(of: agent), wish.package.release, wish.package.digest)
    }

    /// Whether nothing that went wrong with a version before speaks against it now.
    private func mayTryAgain(_ failure: AgentUpdate.Failure?, _ release: AgentRelease, _ digest: String?) -> Bool {
        guard let failure, failure.release == release, digest == nil || failure.digest == digest else { return true }
        return failure.fault == .machine && failure.at + pauseAfterMachineFault <= now
    }

    private mutating func order(
        _ agent: UpdateSnapshot.Agent,
        _ release: AgentRelease,
        digest: String,
        _ cause: AgentUpdate.Cause
    ) {
        plan.orders[agent.id] = AgentUpdate.Order(release: release, digest: digest, cause: cause, since: now)
    }

    private mutating func withhold(_ release: AgentRelease, _ digest: String, because reason: String) {
        if let known = plan.rollouts[release], known.digest == digest, case .withheld = known.phase { return }
        var rollout =
            plan.rollouts[release] ?? AgentRollout(release: release, digest: digest, phase: .trial, since: now)
        rollout.phase = .withheld(reason: reason)
        rollout.since = now
        plan.rollouts[release] = rollout
    }

    private mutating func wake(_ moment: Date) { plan.wakeAt = min(plan.wakeAt ?? moment, moment) }

    // MARK: Standings

    private func standing(of agent: UpdateSnapshot.Agent) -> UpdateStanding {
        if let order = plan.orders[agent.id] { return .underWay(order.release, order.phase) }
        if let order = agent.update.order, !plan.withdrawn.contains(agent.id) {
            return .underWay(order.release, order.phase)
        }
        if let rollout = plan.rollouts[agent.release], rollout.phase == .trial, rollout.canaries.contains(agent.id) {
            return .onTrial(agent.release, until: trialEnd(agent, agent.release))
        }
        guard !snapshot.packages.isEmpty else { return .unknown }
        guard let wish = wishes[agent.id] else { return standingWithoutWish(agent) }
        let release = wish.package.release
        if let failure = failure(of: agent), failure.release == release, failure.digest == wish.package.digest {
            return .failed(release, reason: failure.reason)
        }
        if let blocker = agent.blocker { return .cannot(release, reason: blocker) }
        switch wish.mode {
        case .manual: return .manual(release)
        case .window where policy.window?.isOpen(at: now) != true:
            return .windowClosed(release, opens: policy.window?.nextOpening(after: now))
        case .window, .automatic: break
        }
        guard agent.isOnline else { return .offline(release) }
        guard let rollout = plan.rollouts[release], rollout.phase == .trial else { return .turn(release) }
        return .trialElsewhere(release, canaries: canaries(of: rollout).map(\.name))
    }

    /// Something newer may be there that the policy does not give.
    private func standingWithoutWish(_ agent: UpdateSnapshot.Agent) -> UpdateStanding {
        let newer = snapshot.packages.filter { $0.release > agent.release }
        guard let newest = newer.max(by: { $0.release < $1.release }) else { return .current }
        let limit = limit(of: agent)
        let allowed = newer.filter { (limit ?? $0.release) >= $0.release }
        guard let best = allowed.max(by: { $0.release < $1.release }) else {
            return .pinned(limit ?? agent.release, newest: newest.release)
        }
        if let failure = failure(of: agent), failure.release == best.release, failure.digest == best.digest {
            return .failed(best.release, reason: failure.reason)
        }
        if let rollout = plan.rollouts[best.release], rollout.digest == best.digest,
            case .withheld(let reason) = rollout.phase
        {
            return .withheld(best.release, reason: reason)
        }
        return .majorByHand(best.release)
    }
}
