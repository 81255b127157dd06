import RoostModel
import RoostWire

/// Pools of agents.
func addPoolRoutes(to table: RouteTable) {
    table.get("distributedtask/pools", access: .scope(.agentPools).or(.enroller(.any))) { call in
        let ids = try call.query.numbers("poolIds").map { Set($0.map { PoolID($0) }) }
        let pattern = call.query["poolName"].map(NamePattern.init)
        // There are no pools of the other kind, deployment.
        guard (call.query["poolType"] ?? "automation").lowercased() != "deployment" else {
            return try call.list([] as [TaskAgentPoolWire])
        }
        let pools = call.plane.pools().filter { pool in
            call.reaches(pool) && ids?.contains(pool.id) ?? true && pattern?.matches(pool.name) ?? true
        }
        return try call.list(pools.map(call.view))
    }
    table.post("distributedtask/pools", access: .scope(.agentPoolsManage)) { call in
        let draft = try await call.decode(TaskAgentPoolWire.self)
        let pool = try await call.plane.createPool(
            name: draft.name ?? "",
            singleUse: draft.isSingleUse ?? false,
            autoProvision: draft.autoProvision ?? true,
            autoUpdate: draft.autoUpdate ?? true,
            by: call.caller
        )
        guard
            draft.openToAll != nil || draft.authorizedPipelines != nil || draft.concurrencyLimit != nil
                || draft.patEnrollment != nil || draft.enabled != nil
        else {
            return try call.answer(call.view(pool))
        }
        return try call.answer(call.view(await call.update(pool.id, with: draft)))
    }
    table.get("distributedtask/pools/{poolId}", access: .scope(.agentPools)) { call in
        try call.answer(call.view(call.plane.pool(PoolID(call.number("poolId")))))
    }
    table.patch("distributedtask/pools/{poolId}", access: .scope(.agentPoolsManage)) { call in
        let change = try await call.decode(TaskAgentPoolWire.self)
        let pool = try await call.update(PoolID(call.number("poolId")), with: change)
        return try call.answer(call.view(pool))
    }
    table.delete("distributedtask/pools/{poolId}", access: .scope(.agentPoolsManage)) { call in
        try await call.plane.deletePool(PoolID(call.number("poolId")), by: call.caller)
        return call.nothing
    }
}

extension Call {
    /// An enrolment sees its own pools only.
    fileprivate func reaches(_ pool: AgentPool) -> Bool {
        guard case .enroller(let enroller) = principal else { return sees(.pool(pool.id)) }
        return enroller.pools.contains(pool.id)
    }

    /// Changes what the draft gives.
    fileprivate func update(_ id: PoolID, with draft: TaskAgentPoolWire) async throws -> AgentPool {
        try await plane.updatePool(
            id,
            name: draft.name,
            autoProvision: draft.autoProvision,
            autoUpdate: draft.autoUpdate,
            singleUse: draft.isSingleUse,
            openToAll: draft.openToAll,
            authorizedPipelines: draft.authorizedPipelines.map { Set($0.map { PipelineID($0) }) },
            // 0 takes the limit away, for an absent member means no change.
            concurrencyLimit: draft.concurrencyLimit.map { $0 <= 0 ? nil : $0 },
            patEnrollment: try draft.patEnrollment.map { try PATEnrollment(wire: $0) },
            enabled: draft.enabled,
            pause: PauseDraft(draft.pause),
            by: caller
        )
    }
}

extension TaskAgentPoolWire {
    /// Said by Roost's own member, or among the options.
    fileprivate var isSingleUse: Bool? {
        singleUse ?? options.map { $0.lowercased().contains("singleuseagents") }
    }
}

/// A name as filters of lists give it: compared ignoring case, a `*` at an end stands for anything.
struct NamePattern: Sendable {
    private let text: String
    private let isOpenAtStart: Bool
    private let isOpenAtEnd: Bool

    init(_ pattern: String) {
        isOpenAtStart = pattern.count > 1 && pattern.first == "*"
        isOpenAtEnd = pattern.last == "*"
        text = pattern.drop { $0 == "*" }.lowercased().replacing("*", with: "")
    }

    func matches(_ name: String) -> Bool {
        let name = name.lowercased()
        switch (isOpenAtStart, isOpenAtEnd) {
        case (false, false): return name == text
        case (false, true): return name.hasPrefix(text)
        case (true, false): return name.hasSuffix(text)
        case (true, true): return name.contains(text)
        }
    }
}
