import FoundationEssentials
import RoostModel
import RoostWire

/// Rules that let bearers of other issuers' tokens register agents.
func addTrustRuleRoutes(to table: RouteTable) {
    let list = "roost/trustrules"
    let manage = RouteAccess.scope(.full)
    table.get(list, access: .scope(.agentPoolsManage)) { call in
        try call.list(call.plane.trustRules().map { TrustRuleWire($0) })
    }
    table.post(list, access: manage) { call in
        let draft = try await call.decode(TrustRuleWire.self).draft()
        return try call.answer(TrustRuleWire(await call.plane.createTrustRule(draft, by: call.caller)))
    }
    table.get("\(list)/{ruleId}", access: .scope(.agentPoolsManage)) { call in
        try call.answer(TrustRuleWire(call.plane.trustRule(call.uuid("ruleId"))))
    }
    table.patch("\(list)/{ruleId}", access: manage) { call in
        let draft = try await call.decode(TrustRuleWire.self).draft()
        let rule = try await call.plane.updateTrustRule(call.uuid("ruleId"), draft, by: call.caller)
        return try call.answer(TrustRuleWire(rule))
    }
    table.delete("\(list)/{ruleId}", access: manage) { call in
        try await call.plane.deleteTrustRule(call.uuid("ruleId"), by: call.caller)
        return call.nothing
    }
}

extension TrustRuleWire {
    init(_ rule: TrustRule) {
        self.init(
            name: rule.name,
            issuer: rule.issuer,
            audience: rule.audience,
            subject: rule.subject,
            claims: rule.claims,
            pools: rule.pools,
            allPools: rule.pools == nil,
            tokenLifetime: rule.tokenLifetime,
            pinnedKeys: rule.pinnedKeys,
            pinnedUntil: rule.pinnedUntil,
            authority: rule.authority,
            enabled: rule.isEnabled
        )
        id = rule.id
        revision = rule.revision
        createdAt = rule.createdAt
        createdBy = rule.createdBy
    }

    /// What it asks for.
    fileprivate func draft() throws(ControlError) -> TrustRuleDraft {
        if allPools == true, pools != nil {
            throw .invalid(what: "The trust rule", problem: "'pools' and 'allPools' exclude each other", advice: nil)
        }
        var draft = TrustRuleDraft(
            name: name,
            issuer: issuer,
            audience: audience,
            subject: subject,
            claims: claims,
            tokenLifetime: tokenLifetime,
            isEnabled: enabled
        )
        if allPools == true { draft.pools = .some(nil) }
        if let pools { draft.pools = .some(pools) }
        if let pinnedKeys {
            draft.pinnedKeys = .some(pinnedKeys.isEmpty ? nil : pinnedKeys)
            if pinnedKeys.isEmpty { draft.pinnedUntil = .some(nil) }
        }
        if let pinnedUntil { draft.pinnedUntil = .some(pinnedUntil) }
        if let authority { draft.authority = .some(authority.isEmpty ? nil : authority) }
        return draft
    }
}
