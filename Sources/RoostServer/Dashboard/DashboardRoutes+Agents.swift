import Foundation
import Hummingbird
import RoostModel

/// The pages of a pool and of an agent.
extension DashboardRoutes {
    struct AgentRow {
        var t: [String: String]
        var id: Int
        var pool: Int
        var poolName: String
        var name: String
        var state: String
        var stateText: String
        /// Why it is paused, and by whom.
        var pause: String?
        var job: String?
        var run: Int?
        /// The job it ended last.
        var last: LastJob?
        /// Roost's own, where it is known.
        var roost: String?
        var version: String
        /// The version it would have, and in a word and a sentence why it does not.
        var update: String?
        var updateReason: String?
        var os: String
        var registered: String
        var registeredAge: String
        /// Since when it is online or offline, and that as a sentence.
        var since: String?
        var sinceText: String?
        var disk: String?
        var diskIsLow: Bool
        /// Which of how many, and what each job may use.
        var slot: String?
        var limits: String?
        /// By what kind of credential it came, and whose.
        var enrolled: String?
        var actions: [AgentAction]
        /// The buttons are about taking it out of service.
        var takesReason: Bool
        /// Why it is kept out of its pool.
        var warmUp: String?
        var user: [CapabilityRow] = []
        var system: [CapabilityRow] = []
    }

    struct LastJob {
        var run: Int
        var job: String
        var state: String
        var stateText: String
        var age: String?
    }

    /// A button.
    struct AgentAction {
        var path: String
        var text: String
    }

    struct CapabilityRow {
        var name: String
        var value: String
    }

    private struct SortChoice {
        var value: String
        var name: String
        var isChosen: Bool
    }

    private func row(_ view: AgentView, _ pool: AgentPool, manages: Bool, now: Date, _ t: Phrases) -> AgentRow {
        let agent = view.agent
        let state = AgentOrder.state(view)
        let path = "/pools/\(pool.id)/agents/\(agent.id)"
        let words = !manages ? [] : agent.enabled ? ["disable", "drain"] : ["enable"]
        let disk = AgentOrder.disk(agent)
        let standing = plane.updateStanding(of: agent.id)
        return AgentRow(
            t: t.table,
            id: agent.id.rawValue,
            pool: pool.id.rawValue,
            poolName: pool.name,
            name: agent.name,
            state: state,
            stateText: t.state(state),
            pause: agent.pause.map { t.pause($0, now: now) },
            job: view.assigned?.displayName,
            run: view.assigned?.run.rawValue,
            last: view.lastCompleted.map { lastJob($0, now, t) },
            roost: agent.systemCapabilities["Roost.Version"],
            version: agent.version,
            update: standing.flatMap { standing in
                standing.newer.map { "\($0) · \(t["update.\(standing.word)"])" }
            },
            updateReason: standing?.sentence,
            os: agent.osDescription,
            registered: agent.createdAt.ISO8601Format(),
            registeredAge: t.age(agent.createdAt, now: now),
            since: agent.statusChangedAt?.ISO8601Format(),
            sinceText: agent.statusChangedAt.map {
                t[view.online ? "wentOnline" : "wentOffline"].replacing("{when}", with: t.age($0, now: now))
            },
            disk: disk.map { t.disk($0) },
            diskIsLow: disk?.isLow ?? false,
            slot: slot(of: agent),
            limits: limits(of: agent, t),
            enrolled: agent.enrolledBy.map { "\(t["signIn.\($0.signIn.rawValue)"]), \($0.actor)" },
            actions: words.map { AgentAction(path: "\(path)/\($0)", text: t["agent.do.\($0)"]) },
            takesReason: manages && agent.enabled,
            warmUp: agent.warmUp.map { t["warmUp.\($0.state.rawValue)"] + " " + $0.reason }
        )
    }

    private func lastJob(_ job: Job, _ now: Date, _ t: Phrases) -> LastJob {
        var state = "completed"
        if case .finished(let result) = job.state { state = result.rawValue }
        return LastJob(
            run: job.run.rawValue,
            job: job.displayName,
            state: state,
            stateText: t.state(state),
            age: job.finishedAt.map { t.age($0, now: now) }
        )
    }

    /// Such as `2 / 4`.
    private func slot(of agent: Agent) -> String? {
        guard let slot = agent.systemCapabilities["Agent.Slot"], let count = agent.systemCapabilities["Agent.Slots"]
        else { return nil }
        return "\(slot) / \(count)"
    }

    private func limits(of agent: Agent, _ t: Phrases) -> String? {
        let facts = agent.systemCapabilities
        let parts = [
            facts["Agent.LimitProcessors"].map { "\($0) \(t["limit.processors"])" },
            facts["Agent.LimitMemoryMB"].map { "\($0) MB" },
            facts["Agent.LimitProcesses"].map { "\($0) \(t["limit.processes"])" },
        ].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    // MARK: A pool

    func poolPage(_ request: DashboardRequest, _ parameters: Parameters) async throws -> Page {
        let t = request.phrases
        let pool = try plane.pool(PoolID(try parameters.number("pool")))
        let query = QueryValues(request.query)
        let order = AgentOrder(rawValue: query["sort"] ?? "") ?? .name
        let search = (query["search"] ?? "").trimmingCharacters(in: .whitespaces)
        let all = try plane.agents(in: pool.id)
        let agents = order.sorted(all.filter { AgentOrder.matches($0, search) })
        let elastic = await elasticPart(of: pool.id, request)
        let (manages, now) = (manages(.pool(pool.id), request), Date())
        var values: [String: Any] = [
            "t": t.table, "id": pool.id.rawValue, "name": pool.name,
            "agents": agents.map { row($0, pool, manages: manages, now: now, t) },
            "waiting": waiting(in: pool.id, request, t), "search": search,
            "choices": AgentOrder.allCases.map {
                SortChoice(value: $0.rawValue, name: t["sort.\($0.rawValue)"], isChosen: $0 == order)
            },
            // A handful needs no search.
            "isLong": all.count > Self.fewAgents || !search.isEmpty,
            "count": agents.count == all.count ? "\(all.count)" : "\(agents.count) / \(all.count)",
        ]
        values["elastic"] = elastic
        if elastic == nil {
            if let pause = pool.pause { values["poolPause"] = t.pause(pause, now: now) }
            let isDraining = pool.pause?.isDrain == true && all.contains { $0.assigned != nil }
            let state = pool.pause == nil ? "active" : isDraining ? "draining" : "paused"
            values["poolState"] = ["state": state, "text": t["pool.\(state)"]]
            let words = !manages ? [] : pool.pause == nil ? ["pause", "drain"] : ["resume"]
            values["actions"] = words.map {
                AgentAction(path: "/pools/\(pool.id)/\($0)", text: t["elastic.do.\($0)"])
            }
            values["poolTakesReason"] = manages && pool.pause == nil
        }
        return Page(
            title: pool.name,
            section: "pools",
            content: render("pool", values),
            stream: "/changes?pool=\(pool.id)"
        )
    }

    /// Up to so many are seen at a glance.
    private static let fewAgents = 8

    // MARK: An agent

    func agentPage(_ request: DashboardRequest, _ parameters: Parameters) throws -> Page {
        let t = request.phrases
        let pool = try plane.pool(PoolID(try parameters.number("pool")))
        let view = try plane.agent(AgentID(try parameters.number("agent")), in: pool.id)
        var values = row(view, pool, manages: manages(.pool(pool.id), request), now: Date(), t)
        values.user = view.agent.userCapabilities.map { CapabilityRow(name: $0.name, value: $0.value) }
        values.system = view.agent.systemCapabilities.map { CapabilityRow(name: $0.name, value: $0.value) }
        return Page(
            title: view.agent.name,
            section: "pools",
            content: render("agent", values),
            stream: "/changes?pool=\(pool.id)"
        )
    }
}
