import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Versions of agents: who has which, and who gets which when.
func addUpdateRoutes(to table: RouteTable) {
    let read = RouteAccess.scope(.agentPools)
    let manage = RouteAccess.scope(.agentPoolsManage)
    let agent = "roost/pools/{poolId}/agents/{agentId}"
    table.get("roost/pools/{poolId}/updates", access: read) { call in
        let pool = try call.poolID()
        _ = try call.plane.pool(pool)
        return try call.list(call.plane.updateStandings(pool: pool).map(AgentUpdateWire.init))
    }
    table.get("roost/pools/{poolId}/updatepolicy", access: read) { call in
        try call.answer(AgentUpdatePolicyWire(call.plane.updatePolicy(of: call.poolID())))
    }
    table.patch("roost/pools/{poolId}/updatepolicy", access: manage) { call in
        let wanted = try await call.decode(AgentUpdatePolicyWire.self)
        let pool = try call.poolID()
        try await call.plane.setUpdatePolicy(of: pool, by: call.caller) { policy throws(AgentPackageError) in
            try wanted.apply(to: &policy)
        }
        return try call.answer(AgentUpdatePolicyWire(call.plane.updatePolicy(of: pool)))
    }
    table.post("roost/pools/{poolId}/updates/retry", access: manage) { call in
        try await call.plane.retryUpdates(in: call.poolID(), by: call.caller)
        return call.nothing
    }
    table.post("\(agent)/updates", access: manage) { call in
        let order = try await call.decode(AgentUpdateOrderWire.self)
        let release = try await call.plane.orderUpdate(
            of: call.agentID(),
            in: call.poolID(),
            to: order.version.map { try AgentRelease(checking: $0) },
            by: call.caller
        )
        return try call.answer(AgentUpdateOrderWire(version: release.description))
    }
    table.put("\(agent)/pin", access: manage) { call in
        let order = try await call.decode(AgentUpdateOrderWire.self)
        let pin = try order.version.flatMap { $0.isEmpty ? nil : try AgentRelease(checking: $0) }
        try await call.plane.pinAgent(call.agentID(), in: call.poolID(), to: pin, by: call.caller)
        return call.nothing
    }
    table.put("\(agent)/updatereport", access: .listener(.ownAgent)) { call in
        let told = try await call.decode(AgentUpdateReportWire.self)
        try await call.plane.noteUpdate(
            of: call.agentID(),
            in: call.poolID(),
            release: AgentRelease(checking: told.version),
            digest: told.digest,
            told.report()
        )
        return call.nothing
    }
}

extension AgentRelease {
    /// - Throws: ``AgentPackageError/noVersion(_:)``.
    init(checking text: String) throws(AgentPackageError) {
        guard let release = AgentRelease(text) else { throw .noVersion(text) }
        self = release
    }
}

extension PackageVersionWire {
    init(_ release: AgentRelease) { self.init(major: release.major, minor: release.minor, patch: release.patch) }

    /// `4.271.0`.
    var text: String { "\(major ?? 0).\(minor ?? 0).\(patch ?? 0)" }
}

extension AgentUpdateReportWire {
    fileprivate func report() throws -> UpdateReport {
        if state == "failed" {
            return .failure(fault.flatMap(AgentUpdate.Fault.init) ?? .unhealthy, reason ?? "It did not work.")
        }
        guard let phase = AgentUpdate.Phase(rawValue: state) else {
            throw ControlError.invalid(what: "The report", problem: "'\(state)' is no state", advice: nil)
        }
        return .phase(phase)
    }
}

extension AgentUpdateWire {
    fileprivate init(_ view: UpdateStandingView) {
        self.init()
        agentId = view.agent.id.rawValue
        name = view.agent.name
        pool = view.pool
        platform = view.agent.platform
        version = view.agent.version
        newest = view.newest?.description
        target = view.standing?.newer?.description
        state = view.standing?.word ?? "unknown"
        reason = view.standing?.sentence ?? "It is not Roost's agent, or has not been online yet."
        pin = view.update.pin?.description
        previous = view.update.previous?.description
        updatedOn = view.update.updatedAt
    }
}

extension AgentUpdatePolicyWire {
    fileprivate init(_ view: UpdatePolicyView) {
        self.init()
        minor = view.policy.minor.rawValue
        major = view.policy.major.rawValue
        window = view.policy.window?.text
        pin = view.policy.pin?.description
        canaries = view.policy.canaries
        gate = view.policy.gate
        atOnce = view.policy.atOnce
        rollouts = view.rollouts.map(AgentRolloutWire.init)
    }

    /// Changes what is given.
    fileprivate func apply(to policy: inout AgentUpdatePolicy) throws(AgentPackageError) {
        var problems: [String] = []
        func mode(_ text: String?, _ what: String) -> AgentUpdatePolicy.Mode? {
            guard let text else { return nil }
            guard let mode = AgentUpdatePolicy.Mode(rawValue: text.lowercased()) else {
                problems.append("'\(text)' is no policy for \(what) versions: use automatic, window or manual.")
                return nil
            }
            return mode
        }
        policy.minor = mode(minor, "minor") ?? policy.minor
        policy.major = mode(major, "major") ?? policy.major
        if let window {
            policy.window = UpdateWindow(window)
            if !window.isEmpty, policy.window == nil {
                problems.append(
                    "'\(window)' is no window: write days, times and a zone, as in 'mon-fri 22:00-04:00 UTC+02:00'."
                )
            }
        }
        if let pin {
            policy.pin = AgentRelease(pin)
            if !pin.isEmpty, policy.pin == nil { problems.append("'\(pin)' is no version of the agent.") }
        }
        policy.canaries = canaries ?? policy.canaries
        policy.gate = gate ?? policy.gate
        policy.atOnce = atOnce ?? policy.atOnce
        problems += policy.problems
        guard problems.isEmpty else { throw .invalidPolicy(problems) }
    }
}

extension AgentRolloutWire {
    fileprivate init(_ view: UpdatePolicyView.Rollout) {
        self.init()
        platform = view.platform
        version = view.rollout.release.description
        switch view.rollout.phase {
        case .trial: state = "trial"
        case .rolling: state = "rolling"
        case .withheld(let reason):
            state = "withheld"
            self.reason = reason
        }
        canaries = view.canaries
        since = view.rollout.since
    }
}
