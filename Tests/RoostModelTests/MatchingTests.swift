import Foundation
import RoostModel
import Testing

@Suite("Matching jobs and agents")
struct MatchingTests {
    private let now = Date(timeIntervalSince1970: 1_000_000)

    private func agent(
        _ id: Int,
        _ capabilities: Capabilities = [:],
        online: Bool = true,
        enabled: Bool = true,
        busy: Bool = false
    ) -> AgentFacts {
        AgentFacts(
            id: AgentID(id),
            name: "agent-\(id)",
            version: "4.270.0",
            systemCapabilities: capabilities,
            userCapabilities: [:],
            isOnline: online,
            isEnabled: enabled,
            isRetired: false,
            isSingleUse: false,
            busy: busy ? AgentWork(request: RequestID(900 + id), title: "other", since: nil) : nil
        )
    }

    private func job(
        _ request: Int,
        pipeline: Int = 1,
        project: ProjectID = ProjectID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1))),
        demands: [Demand] = [],
        priority: RunPriority = .normal,
        waited: TimeInterval = 0
    ) -> QueuedJob {
        QueuedJob(
            request: RequestID(request),
            job: JobID(UUID()),
            pipeline: PipelineID(pipeline),
            project: project,
            demands: demands,
            priority: priority,
            queuedAt: now - waited,
            isAuthorized: true
        )
    }

    private func pool(_ agents: [AgentFacts], _ jobs: [QueuedJob], limit: Int? = nil) -> PoolQueue {
        var queue = PoolQueue(settings: PoolQueueSettings(id: PoolID(1), name: "pool", concurrencyLimit: limit))
        for agent in agents { queue.upsertAgent(agent) }
        for job in jobs { queue.enqueue(job) }
        return queue
    }

    private func elastic(_ templates: [MachineTemplate], _ agents: [AgentFacts], _ jobs: [QueuedJob]) -> PoolQueue {
        var queue = pool(agents, jobs)
        queue.settings.templates = templates
        queue.settings.prefersYoungest = true
        return queue
    }

    @Test("a machine on trial that ran the pipeline last is still given to jobs of its share alone")
    func warmTrial() throws {
        let ids = (1...200).map { RequestID($0) }
        func first(_ isChosen: Bool) throws -> Int {
            try #require(ids.first { mayMeetCandidate($0, digest: "new", share: 20) == isChosen }).rawValue
        }
        func decisions(_ request: Int) -> [MatchDecision] {
            var warm = agent(1)
            warm.trial = AgentTrial(digest: "new", share: 20)
            var queue = elastic([MachineTemplate(name: "old", capabilities: [:])], [warm], [job(500)])
            queue.assigned(RequestID(500), to: AgentID(1))
            queue.upsertAgent(warm)
            queue.enqueue(job(request))
            return planMatches(queue, at: now, limit: 10)
        }
        #expect(decisions(try first(false)).isEmpty)
        let chosen = try first(true)
        #expect(decisions(chosen) == [.assign(RequestID(chosen), AgentID(1), retiring: false, because: .onTrial)])
    }

    @Test("machines that could be made count as agents: their jobs wait, and others fail and name the nearest image")
    func templates() throws {
        let docker = MachineTemplate(name: "team/docker/1.0.0", capabilities: ["docker": "/usr/bin/docker"])
        let jobs = [job(1, demands: [try Demand(parsing: "docker")]), job(2, demands: [try Demand(parsing: "gpu")])]
        let queue = elastic([docker], [], jobs)
        let decisions = planMatches(queue, at: now, limit: 10)
        guard decisions.count == 1, case .fail(RequestID(2), let unmet) = decisions[0] else {
            Issue.record("\(decisions)")
            return
        }
        #expect(unmet.sentence.contains("Nearest is a new machine of 'team/docker/1.0.0', which lacks gpu."))
        #expect(explainWait(RequestID(1), in: queue) == .machineToCome(pool: "pool", nil))
        let said = explainWait(RequestID(1), in: queue, machine: "The pool is at its maximum.")
        #expect(said.sentence == "The pool is at its maximum.")
        let unknown = elastic([docker, MachineTemplate(name: "process", capabilities: nil)], [], jobs)
        #expect(planMatches(unknown, at: now, limit: 10).isEmpty)
    }

    @Test("an elastic pool gives jobs to the machine that came last, so that surplus grows old")
    func youngest() {
        let queue = elastic([], [agent(1), agent(2), agent(3)], [job(1), job(2)])
        #expect(assignments(planMatches(queue, at: now, limit: 10)) == [1: 3, 2: 2])
    }

    private func assignments(_ decisions: [MatchDecision]) -> [Int: Int] {
        var pairs: [Int: Int] = [:]
        for case .assign(let request, let agent, _, _) in decisions { pairs[request.rawValue] = agent.rawValue }
        return pairs
    }

    @Test("each free agent gets one job, in the order of the queue")
    func order() {
        let queue = pool([agent(1), agent(2)], [job(1), job(2), job(3)])
        #expect(Set(assignments(planMatches(queue, at: now, limit: 10)).keys) == [1, 2])
    }

    @Test("a higher priority goes first, and a long wait makes up for a lower one")
    func priority() {
        let urgent = pool([agent(1)], [job(1), job(2, pipeline: 2, priority: .high)])
        #expect(assignments(planMatches(urgent, at: now, limit: 10)) == [2: 1])
        let aged = pool([agent(1)], [job(1, waited: priorityAging * 3), job(2, pipeline: 2, priority: .high)])
        #expect(assignments(planMatches(aged, at: now, limit: 10)) == [1: 1])
    }

    @Test("a job whose demands only an offline agent meets waits; one that nobody meets fails and names the nearest")
    func demands() {
        let offline = agent(1, ["docker": "/bin/docker"], online: false)
        let wanted = [Demand.exists("Docker")]
        let waits = pool([offline], [job(1, demands: wanted)])
        #expect(planMatches(waits, at: now, limit: 10).isEmpty)
        #expect(explainWait(RequestID(1), in: waits) == .agentOffline(nearest: "agent-1", others: 0))
        let fails = pool([agent(2)], [job(1, demands: wanted)])
        guard case .fail(_, let unmet)? = planMatches(fails, at: now, limit: 10).first else {
            Issue.record("the job does not fail")
            return
        }
        #expect(unmet.sentence.contains("Docker") && unmet.sentence.contains("agent-2"))
    }

    @Test("a pool that is paused gives and fails nothing, and says who paused it and why")
    func pausedPool() {
        var queue = pool([agent(1)], [job(1), job(2, demands: [Demand.exists("nothing has it")])])
        let pause = Pause(reason: "new disks", by: "user:ada", since: now)
        queue.settings.pause = pause
        #expect(planMatches(queue, at: now, limit: 10).isEmpty)
        let reason = explainWait(RequestID(1), in: queue)
        #expect(reason == .poolPaused(pool: "pool", pause) && reason.code == "pool-paused")
        #expect(reason.sentence == "Pool 'pool' is paused by ada: new disks")
        #expect(explainWait(RequestID(1), in: queue, machine: "a machine is made") == .poolPaused(pool: "pool", pause))
        queue.settings.pause = nil
        #expect(planMatches(queue, at: now, limit: 10).count == 2)
    }

    @Test("a job that waits for a paused agent hears by whom and why")
    func pausedAgent() {
        var paused = agent(1, enabled: false)
        #expect(
            explainWait(RequestID(1), in: pool([paused], [job(1)])).sentence
                == "Agent 'agent-1' could run it and is disabled."
        )
        paused.pause = Pause(reason: "", by: "user:ada", since: now, isDrain: true)
        #expect(
            explainWait(RequestID(1), in: pool([paused], [job(1)])).sentence
                == "Agent 'agent-1' could run it and is paused by ada."
        )
    }

    @Test("a pool's limit counts the busy ones")
    func limit() {
        let queue = pool([agent(1, busy: true), agent(2), agent(3)], [job(1), job(2)], limit: 2)
        #expect(assignments(planMatches(queue, at: now, limit: 10)).count == 1)
    }

    @Test("a project with many jobs does not keep another with few from its share")
    func fairShare() {
        let other = ProjectID(UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2)))
        var queue = pool(
            [agent(1)],
            (1...100).map { job($0) } + (101...105).map { job($0, pipeline: 2, project: other) }
        )
        var served: [Int] = []
        for _ in 0..<12 {
            guard case .assign(let request, let id, _, _)? = planMatches(queue, at: now, limit: 10).first else { break }
            queue.assigned(request, to: id)
            served.append(request.rawValue)
            queue.upsertAgent(agent(1, busy: true))
            queue.upsertAgent(agent(1))
        }
        #expect(served.filter { $0 > 100 }.count == 5)
    }

    @Test(
        "over random histories no job is lost or given twice, no agent has two, and matching twice changes nothing",
        arguments: 1...20
    )
    func histories(seed: Int) {
        var random = Seeded(UInt64(seed))
        var queue = pool([], [])
        var waiting: Set<Int> = []
        var held: [Int: Int] = [:]
        var next = 0
        for _ in 0..<400 {
            switch Int.random(in: 0..<5, using: &random) {
            case 0, 1:
                next += 1
                waiting.insert(next)
                queue.enqueue(job(next, pipeline: next % 3 + 1))
            case 2:
                let id = Int.random(in: 1...6, using: &random)
                if held[id] == nil { queue.upsertAgent(agent(id, online: Bool.random(using: &random))) }
            case 3:
                guard let id = held.keys.sorted().first else { continue }
                held[id] = nil
                queue.upsertAgent(agent(id))
            default:
                guard let request = waiting.min(), Int.random(in: 0..<4, using: &random) == 0 else { continue }
                waiting.remove(request)
                queue.removeJob(RequestID(request))
            }
            for case .assign(let request, let id, _, _) in planMatches(queue, at: now, limit: 100) {
                #expect(waiting.remove(request.rawValue) != nil)
                #expect(held.updateValue(request.rawValue, forKey: id.rawValue) == nil)
                queue.assigned(request, to: id)
                queue.upsertAgent(agent(id.rawValue, busy: true))
            }
            let again = assignments(planMatches(queue, at: now, limit: 100))
            #expect(again.isEmpty)
            #expect(queue.waitingCount == waiting.count)
        }
    }
}

/// A random source that repeats itself (SplitMix64).
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
