import FoundationEssentials
import RoostModel
import Testing

@Suite("Which agents are updated to what")
struct UpdatePlanTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let old = AgentRelease(4, 270, 0)
    private static let new = AgentRelease(4, 271, 0)
    private static let next = AgentRelease(5, 0, 0)

    private static func agent(
        _ number: Int,
        _ release: AgentRelease = old,
        online: Bool = true,
        busy: Bool = false,
        update: AgentUpdate = AgentUpdate(),
        blocker: String? = nil
    ) -> UpdateSnapshot.Agent {
        UpdateSnapshot.Agent(
            id: AgentID(number),
            name: "agent-\(number)",
            release: release,
            isOnline: online,
            isBusy: busy,
            statusSince: now - 3_600,
            update: update,
            blocker: blocker
        )
    }

    private static func order(since: Date, _ cause: AgentUpdate.Cause = .policy) -> AgentUpdate.Order {
        AgentUpdate.Order(release: new, digest: "digest-\(new)", cause: cause, since: since)
    }

    private static func package(_ release: AgentRelease) -> UpdateSnapshot.Package {
        UpdateSnapshot.Package(release: release, digest: "digest-\(release)")
    }

    private static func plan(
        _ agents: [UpdateSnapshot.Agent],
        _ packages: [AgentRelease] = [old, new],
        _ policy: AgentUpdatePolicy = AgentUpdatePolicy(),
        _ rollouts: [AgentRollout] = [],
        at moment: Date = now,
        since: Date = .distantPast
    ) -> UpdatePlan {
        let known = Dictionary(rollouts.map { ($0.release, $0) }) { first, _ in first }
        let snapshot = UpdateSnapshot(
            policy: policy,
            packages: packages.map(package),
            agents: agents,
            rollouts: known,
            since: since
        )
        return planUpdates(snapshot, at: moment)
    }

    private static func rollout(_ phase: AgentRollout.Phase, _ canaries: [Int] = [1]) -> AgentRollout {
        AgentRollout(
            release: new,
            digest: "digest-\(new)",
            phase: phase,
            canaries: canaries.map { AgentID($0) },
            since: now - 60
        )
    }

    @Test("one tries a new version, an idle one first, and the others wait for it by name")
    func trial() {
        let plan = Self.plan([Self.agent(1, busy: true), Self.agent(2), Self.agent(3)])
        #expect(plan.orders.keys.sorted { $0.rawValue < $1.rawValue } == [AgentID(2)])
        #expect(plan.orders[AgentID(2)]?.release == Self.new && plan.orders[AgentID(2)]?.cause == .policy)
        #expect(plan.rollouts[Self.new]?.phase == .trial)
        #expect(plan.standings[AgentID(3)] == .trialElsewhere(Self.new, canaries: ["agent-2"]))
    }

    @Test("who tried it for long enough lets the others have it, a few at a time; before that nobody gets it")
    func gate() {
        var tried = AgentUpdate()
        tried.updatedAt = Self.now - 599
        let others = (2...11).map { Self.agent($0) }
        let agents = [Self.agent(1, Self.new, update: tried)] + others
        let early = Self.plan(agents, [Self.old, Self.new], AgentUpdatePolicy(), [Self.rollout(.trial)])
        #expect(early.orders.isEmpty && early.wakeAt == Self.now + 1)
        #expect(early.standings[AgentID(1)] == .onTrial(Self.new, until: Self.now + 1))
        let due = Self.plan(
            agents,
            [Self.old, Self.new],
            AgentUpdatePolicy(),
            [Self.rollout(.trial)],
            at: Self.now + 1
        )
        #expect(due.rollouts[Self.new]?.phase == .rolling)
        #expect(due.orders.count == 2, "20 percent of eleven")
        #expect(due.standings.values.count { $0 == .turn(Self.new) } == 8)
    }

    @Test(
        "a failure on one agent withholds the version from all, takes back what was not begun, and lets who tried it go back"
    )
    func failure() {
        var failed = AgentUpdate()
        failed.failure = AgentUpdate.Failure(
            release: Self.new,
            digest: "digest-\(Self.new)",
            fault: .unhealthy,
            reason: "It hung.",
            at: Self.now
        )
        let order = Self.order(since: Self.now - 5)
        var good = AgentUpdate()
        (good.previous, good.updatedAt) = (Self.old, Self.now - 60)
        let agents = [
            Self.agent(1, update: failed), Self.agent(2, update: AgentUpdate(order: order)),
            Self.agent(3, Self.new, update: good),
            Self.agent(4),
        ]
        let plan = Self.plan(agents, [Self.old, Self.new], AgentUpdatePolicy(), [Self.rollout(.trial, [1, 3])])
        #expect(plan.rollouts[Self.new]?.phase == .withheld(reason: "agent-1: It hung."))
        #expect(plan.withdrawn == [AgentID(2)])
        #expect(plan.orders[AgentID(3)]?.release == Self.old && plan.orders[AgentID(3)]?.cause == .rollBack)
        #expect(plan.standings[AgentID(4)] == .withheld(Self.new, reason: "agent-1: It hung."))
        #expect(plan.standings[AgentID(1)] == .failed(Self.new, reason: "It hung."))
    }

    @Test("a job that is lost during the trial speaks against the version")
    func lostJob() {
        var tried = AgentUpdate()
        (tried.updatedAt, tried.previous, tried.lostJob) = (Self.now - 60, Self.old, "Build")
        let plan = Self.plan(
            [Self.agent(1, Self.new, update: tried), Self.agent(2)],
            [Self.old, Self.new],
            AgentUpdatePolicy(),
            [Self.rollout(.trial)]
        )
        #expect(plan.rollouts[Self.new]?.phase == .withheld(reason: "agent-1 lost its job Build with it."))
        #expect(plan.orders[AgentID(1)]?.release == Self.old)
        #expect(plan.orders[AgentID(2)] == nil)
    }

    @Test("one who tries it and goes away is replaced; when the next goes away, too, the version is withheld")
    func absence() {
        var tried = AgentUpdate()
        (tried.updatedAt, tried.previous) = (Self.now - 7_200, Self.old)
        let agents = [
            Self.agent(1, Self.new, online: false, update: tried), Self.agent(2), Self.agent(3, busy: true),
        ]
        let packages = [Self.old, Self.new]
        let first = Self.plan(agents, packages, AgentUpdatePolicy(), [Self.rollout(.trial)])
        #expect(first.rollouts[Self.new]?.phase == .trial && first.rollouts[Self.new]?.canaries == [AgentID(2)])
        #expect(first.orders.keys.map(\.rawValue) == [2])
        var again = Self.rollout(.trial)
        again.lost = 1
        let second = Self.plan(agents, packages, AgentUpdatePolicy(), [again])
        #expect(second.rollouts[Self.new]?.phase == .withheld(reason: "agent-1, which tried it, is away."))
        let early = Self.plan(agents, packages, AgentUpdatePolicy(), [again], at: Self.now - 1_801)
        #expect(early.rollouts[Self.new]?.phase == .trial && early.wakeAt == Self.now - 1_800)
        // A server that has just begun to look has seen nobody go.
        let restarted = Self.plan(agents, packages, AgentUpdatePolicy(), [again], since: Self.now - 60)
        #expect(restarted.rollouts[Self.new]?.phase == .trial && restarted.wakeAt == Self.now + 1_740)
    }

    @Test(
        "one that was told and went away keeps nobody waiting for ever: another one tries, and the others get their turn"
    )
    func goneWithOrder() {
        func agents(since: Date) -> [UpdateSnapshot.Agent] {
            var order = Self.order(since: since)
            order.phase = .preparing
            var gone = Self.agent(1, online: false, update: AgentUpdate(order: order))
            gone.statusSince = since
            return [gone, Self.agent(2), Self.agent(3)]
        }
        let packages = [Self.old, Self.new]
        for phase in [AgentRollout.Phase.trial, .rolling] {
            let early = Self.plan(agents(since: Self.now - 1_799), packages, AgentUpdatePolicy(), [Self.rollout(phase)])
            #expect(early.orders.isEmpty && early.wakeAt == Self.now + 1, "\(phase)")
            let late = Self.plan(agents(since: Self.now - 1_800), packages, AgentUpdatePolicy(), [Self.rollout(phase)])
            #expect(late.orders.keys.map(\.rawValue) == [2], "\(phase)")
            #expect(late.withdrawn.isEmpty, "when it is back it may still have it")
        }
    }

    @Test("one that is online and never gets a version ready is passed over after an hour, and asked again later")
    func endlessPreparation() {
        var order = Self.order(since: Self.now - 3_600)
        order.phase = .preparing
        let agents = [Self.agent(1, update: AgentUpdate(order: order)), Self.agent(2)]
        let rollout = [Self.rollout(.trial)]
        let early = Self.plan(agents, [Self.old, Self.new], AgentUpdatePolicy(), rollout, at: Self.now - 1)
        #expect(early.withdrawn.isEmpty && early.wakeAt == Self.now)
        let late = Self.plan(agents, [Self.old, Self.new], AgentUpdatePolicy(), rollout)
        #expect(late.withdrawn == [AgentID(1)] && late.failures[AgentID(1)]?.fault == .machine)
        #expect(late.orders.keys.map(\.rawValue) == [2] && late.rollouts[Self.new]?.phase == .trial)
        order.phase = .waiting
        let waiting = [Self.agent(1, busy: true, update: AgentUpdate(order: order)), Self.agent(2)]
        let patient = Self.plan(waiting, [Self.old, Self.new], AgentUpdatePolicy(), rollout, at: Self.now + 86_400)
        #expect(patient.withdrawn.isEmpty, "a job may take as long as it likes")
    }

    @Test("who cannot go back, or could not a moment ago, is not told to without end")
    func roundsOfGoingBack() {
        func plan(_ blocker: String?, _ failedAt: Date?) -> UpdatePlan {
            var update = AgentUpdate()
            (update.previous, update.updatedAt) = (Self.old, Self.now - 600)
            update.failure = failedAt.map { at in
                AgentUpdate.Failure(
                    release: Self.old,
                    digest: "digest-\(Self.old)",
                    fault: .machine,
                    reason: "It cannot update itself.",
                    at: at
                )
            }
            return Self.plan(
                [Self.agent(1, Self.new, update: update, blocker: blocker)],
                [Self.old, Self.new],
                AgentUpdatePolicy(),
                [Self.rollout(.withheld(reason: "bad"))]
            )
        }
        #expect(plan(nil, nil).orders[AgentID(1)]?.release == Self.old)
        #expect(plan("read only", nil).orders.isEmpty)
        let failed = plan(nil, Self.now - 60)
        #expect(failed.orders.isEmpty && failed.wakeAt == Self.now + 3_540)
        #expect(plan(nil, Self.now - 3_600).orders[AgentID(1)]?.release == Self.old)
    }

    @Test("a machine that cannot is passed over for a while, and another one tries")
    func machineFault() {
        var failed = AgentUpdate()
        failed.failure = AgentUpdate.Failure(
            release: Self.new,
            digest: "digest-\(Self.new)",
            fault: .machine,
            reason: "no room",
            at: Self.now - 60
        )
        let agents = [Self.agent(1, update: failed), Self.agent(2, blocker: "read only"), Self.agent(3)]
        let plan = Self.plan(agents, [Self.old, Self.new], AgentUpdatePolicy(), [Self.rollout(.trial)])
        #expect(plan.wakeAt == Self.now + 3_540, "it is asked again then, also when nothing else happens")
        #expect(plan.orders.keys.map(\.rawValue) == [3])
        #expect(plan.standings[AgentID(2)] == .cannot(Self.new, reason: "read only"))
        let later = Self.plan([Self.agent(1, update: failed)], at: Self.now + 3_600)
        #expect(later.orders[AgentID(1)]?.release == Self.new)
    }

    @Test(
        "nothing goes past a pin, of the pool or of the agent; a new generation needs a hand; a window has to be open"
    )
    func limits() throws {
        let pinned = Self.plan([Self.agent(1, update: AgentUpdate(pin: Self.old))])
        #expect(pinned.orders.isEmpty && pinned.standings[AgentID(1)] == .pinned(Self.old, newest: Self.new))
        let pool = Self.plan(
            [Self.agent(1)],
            [Self.new, Self.next],
            AgentUpdatePolicy(major: .automatic, pin: Self.new)
        )
        #expect(pool.orders[AgentID(1)]?.release == Self.new)
        let major = Self.plan([Self.agent(1, Self.new)], [Self.new, Self.next])
        #expect(major.orders.isEmpty && major.standings[AgentID(1)] == .majorByHand(Self.next))
        let automatic = Self.plan([Self.agent(1)], [Self.new, Self.next], AgentUpdatePolicy(major: .automatic))
        #expect(automatic.orders[AgentID(1)]?.release == Self.next)
        let manual = Self.plan([Self.agent(1)], [Self.new], AgentUpdatePolicy(minor: .manual))
        #expect(manual.orders.isEmpty && manual.rollouts.isEmpty && manual.standings[AgentID(1)] == .manual(Self.new))

        // 2027-01-15, a Friday, 08:00 UTC.
        let window = try #require(UpdateWindow("mon-fri 22:00-04:00 UTC+02:00"))
        let policy = AgentUpdatePolicy(minor: .window, window: window)
        let closed = Self.plan([Self.agent(1)], [Self.new], policy)
        let opening = Self.now + 12 * 3_600
        #expect(closed.orders.isEmpty && closed.standings[AgentID(1)] == .windowClosed(Self.new, opens: opening))
        #expect(closed.wakeAt == opening)
        for hours in [12.0, 17.9] {
            let open = Self.plan([Self.agent(1)], [Self.new], policy, at: Self.now + hours * 3_600)
            #expect(open.orders.count == 1)
            // At midnight the window's evening ends, and its morning begins.
            #expect(open.wakeAt == Self.now + (hours < 14 ? 14 : 18) * 3_600)
        }
        #expect(Self.plan([Self.agent(1)], [Self.new], policy, at: Self.now + 18 * 3_600).orders.isEmpty)
    }

    @Test("what an agent was told while it was away is taken back when the policy says something else by then")
    func withdrawal() throws {
        func plan(
            _ policy: AgentUpdatePolicy,
            _ cause: AgentUpdate.Cause = .policy,
            pin: AgentRelease? = nil,
            _ phase: AgentUpdate.Phase = .ordered
        ) -> UpdatePlan {
            var order = Self.order(since: Self.now - 100, cause)
            order.phase = phase
            let agent = Self.agent(1, online: phase != .ordered, update: AgentUpdate(pin: pin, order: order))
            return Self.plan([agent], [Self.old, Self.new], policy, [Self.rollout(.rolling)])
        }
        let window = try #require(UpdateWindow("mon-fri 22:00-04:00 UTC+02:00"))
        #expect(plan(AgentUpdatePolicy()).withdrawn.isEmpty)
        #expect(plan(AgentUpdatePolicy(minor: .manual)).withdrawn == [AgentID(1)])
        #expect(plan(AgentUpdatePolicy(minor: .window, window: window)).withdrawn == [AgentID(1)])
        #expect(plan(AgentUpdatePolicy(pin: Self.old)).withdrawn == [AgentID(1)])
        #expect(plan(AgentUpdatePolicy(), pin: Self.old).withdrawn == [AgentID(1)])
        #expect(plan(AgentUpdatePolicy(minor: .manual), .hand).withdrawn.isEmpty, "a person's word stands")
        // One that has it ready and waits for its job asks before it switches.
        #expect(plan(AgentUpdatePolicy(minor: .window, window: window), .policy, .waiting).withdrawn == [AgentID(1)])
        #expect(plan(AgentUpdatePolicy(pin: Self.old), .policy, .waiting).withdrawn == [AgentID(1)])
        #expect(plan(AgentUpdatePolicy(pin: Self.old), .policy, .switching).withdrawn.isEmpty, "it is done")
    }

    @Test("without a package nobody knows what is newest; another package of the version begins anew")
    func packages() {
        #expect(Self.plan([Self.agent(1)], []).standings[AgentID(1)] == .unknown)
        #expect(Self.plan([Self.agent(1)], [Self.old]).standings[AgentID(1)] == .current)
        var withheld = Self.rollout(.withheld(reason: "bad"))
        withheld.digest = "another"
        let plan = Self.plan([Self.agent(1)], [Self.old, Self.new], AgentUpdatePolicy(), [withheld])
        #expect(plan.orders[AgentID(1)]?.release == Self.new)
    }

    @Test(
        "one who switches and does not come back in three minutes is passed over; with the second one it is the version"
    )
    func silence() {
        var order = Self.order(since: Self.now - 100)
        order.phase = .switching
        let agents = [Self.agent(1, online: false, update: AgentUpdate(order: order)), Self.agent(2)]
        func plan(
            _ agents: [UpdateSnapshot.Agent],
            lost: Int = 0,
            at moment: Date,
            since: Date = .distantPast
        ) -> UpdatePlan {
            var rollout = Self.rollout(.trial)
            rollout.lost = lost
            return Self.plan(agents, [Self.old, Self.new], AgentUpdatePolicy(), [rollout], at: moment, since: since)
        }
        let waits = plan(agents, at: Self.now)
        #expect(waits.withdrawn.isEmpty && waits.wakeAt == Self.now + 80)
        let restarted = plan(agents, at: Self.now + 80, since: Self.now + 70)
        #expect(restarted.withdrawn.isEmpty && restarted.wakeAt == Self.now + 250)
        let first = plan(agents, at: Self.now + 80)
        #expect(first.withdrawn == [AgentID(1)] && first.failures[AgentID(1)]?.fault == .machine)
        #expect(first.rollouts[Self.new]?.lost == 1 && first.orders.keys.map(\.rawValue) == [2])
        for over in [plan(agents, lost: 1, at: Self.now + 80), plan([agents[0]], at: Self.now + 80)] {
            #expect(over.withdrawn == [AgentID(1)] && over.failures[AgentID(1)]?.fault == .unhealthy)
            #expect(over.orders.isEmpty)
            #expect(
                over.rollouts[Self.new]?.phase
                    == .withheld(reason: "agent-1: It did not come back within three minutes.")
            )
        }
    }

    @Test(
        "windows are read, and what is none is refused",
        arguments: [
            ("daily 01:00-05:00", true), ("sat,sun 00:00-24:00 UTC+08:00", true), ("fri-mon 23:30-00:30", true),
            ("mon-fri", false), ("xyz 01:00-02:00", false), ("mon 25:00-26:00", false), ("mon 01:00-01:00", false),
            ("mon 1:00-2:00 CET", false), ("", false),
        ]
    )
    func windows(_ text: String, _ isRead: Bool) { #expect((UpdateWindow(text) != nil) == isRead) }

    /// Pools of many kinds, whose agents do what they are told or fail, over hours: what must hold at every moment.
    @Test("no history takes an agent past its limits, spreads a failure, or stands still", arguments: 0..<60)
    func histories(_ seed: Int) {
        var world = UpdateWorld(seed: UInt64(seed))
        for _ in 0..<200 {
            world.step()
            let complaints = world.complaints
            #expect(complaints.isEmpty, "seed \(seed)")
            if !complaints.isEmpty { return }
        }
        let unfinished = world.unfinished
        #expect(unfinished.isEmpty, "seed \(seed)")
    }
}
