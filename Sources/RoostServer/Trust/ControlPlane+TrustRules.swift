import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// In the order they are tried: the oldest first.
    func trustRules() -> [TrustRule] {
        read { state in
            state.trustRules.values.sorted { ($0.createdAt, $0.name) < ($1.createdAt, $1.name) }
        }
    }

    func trustRule(_ id: UUID) throws(ControlError) -> TrustRule {
        try read { state throws(ControlError) in
            guard let rule = state.trustRules[id] else { throw .trustRuleNotFound(id.uuidString.lowercased()) }
            return rule
        }
    }

    func createTrustRule(_ draft: TrustRuleDraft, by caller: Caller) async throws(ControlError) -> TrustRule {
        try await change { state, change throws(ControlError) in
            let empty = TrustRule(
                id: UUID(),
                name: "",
                issuer: "",
                audience: "",
                subject: "",
                pools: [],
                createdAt: change.now,
                createdBy: caller.auditName
            )
            let rule = empty.applying(draft)
            try state.check(rule)
            try state.put(rule, &change)
            change.audit(caller, "trust-rule.create", rule.settingName, rule.summary)
            return rule
        }
    }

    func updateTrustRule(
        _ id: UUID,
        _ draft: TrustRuleDraft,
        by caller: Caller
    ) async throws(ControlError) -> TrustRule {
        try await change { state, change throws(ControlError) in
            guard let known = state.trustRules[id] else { throw .trustRuleNotFound(id.uuidString.lowercased()) }
            var rule = known.applying(draft)
            try state.check(rule)
            rule.revision += 1
            try state.put(rule, &change)
            change.audit(caller, "trust-rule.update", rule.settingName, rule.summary)
            return rule
        }
    }

    /// Agents that joined by it go on; nobody joins by it any more.
    func deleteTrustRule(_ id: UUID, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            guard let rule = state.trustRules[id] else { throw .trustRuleNotFound(id.uuidString.lowercased()) }
            state.trustRules[id] = nil
            change.store.append(.deleteSetting(name: rule.settingName))
            change.audit(caller, "trust-rule.delete", rule.settingName, rule.name)
        }
    }
}

extension ControlState {
    fileprivate func check(_ rule: TrustRule) throws(ControlError) {
        try NameRule.check(rule.name, of: "trust rule")
        let isTaken = trustRules.values.contains {
            $0.id != rule.id && $0.name.lowercased() == rule.name.lowercased()
        }
        if isTaken { throw .nameTaken(kind: "trust rule", name: rule.name) }
        if let pool = rule.pools?.first(where: { pools[PoolID($0)] == nil }) { throw .poolNotFound("\(pool)") }
        guard let flaw = rule.flaw else { return }
        throw .invalid(what: "The trust rule '\(rule.name)'", problem: flaw.problem, advice: flaw.advice)
    }

    fileprivate mutating func put(_ rule: TrustRule, _ change: inout ControlChange) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(rule) else {
            throw .invalid(what: "The trust rule", problem: "it cannot be stored", advice: nil)
        }
        trustRules[rule.id] = rule
        change.store.append(.putSetting(name: rule.settingName, value: value))
    }
}

extension TrustRule {
    /// For the audit.
    fileprivate var summary: String {
        let reach = pools.map { "pools \($0.map(String.init).joined(separator: ","))" } ?? "all pools"
        return
            "\(name): \(issuer), \(audience), \(subject), \(claims.count) claims, \(reach), \(isEnabled ? "on" : "off")"
    }
}
