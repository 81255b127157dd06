import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// Set when a person may not come in.
    func refusal(ofUser name: String) -> DisabledUser? { read { $0.disabledUsers[name.lowercased()] } }

    /// Everybody who has a token, a role or a sign-in, or changed something; by name.
    func users() async throws(ControlError) -> [UserFacts] {
        let changes: [String: AuditPeople.Last]
        do { changes = try await auditPeople.lastChanges(store) } catch { throw .storeUnavailable(error) }
        let now = Date()
        var found = read { $0.userFacts(at: now) }
        for (key, last) in changes {
            var user = found[key] ?? UserFacts(name: last.name)
            // Roles have names in small letters only.
            if user.tokens == 0, user.openSignIns == 0 { user.name = last.name }
            user.lastChangeAt = last.at
            found[key] = user
        }
        return found.values.sorted { $0.name.lowercased() < $1.name.lowercased() }
    }

    /// One by name, ignoring case, with what they made.
    func user(_ name: String) async throws(ControlError) -> UserFacts {
        guard var user = try await users().first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw .userNotFound(name)
        }
        let key = user.name.lowercased()
        user.made = read { $0.made(by: key) }
        return user
    }

    /// Refuses a person from now on, on all ways; what they made goes on.
    public func disableUser(_ name: String, by caller: Caller) async throws(ControlError) {
        let known = try await user(name)
        try await change { state, change throws(ControlError) in
            let key = known.name.lowercased()
            guard state.disabledUsers[key] == nil else { return }
            let disabled = DisabledUser(name: known.name, at: change.now, by: caller.auditName)
            guard let value = try? JSONEncoder().encode(disabled) else {
                throw .invalid(what: "The person '\(known.name)'", problem: "the name cannot be stored", advice: nil)
            }
            state.disabledUsers[key] = disabled
            guard state.hasWorkingAdministrator else {
                state.disabledUsers[key] = nil
                throw .lastAdministrator
            }
            change.store.append(.putSetting(name: disabled.settingName, value: value))
            change.audit(caller, "user.disable", "user:\(known.name)", "their tokens and sign-ins are refused")
        }
    }

    /// Lets a person in again, with the roles, tokens and sign-ins they have.
    public func enableUser(_ name: String, by caller: Caller) async throws(ControlError) {
        let known = try await user(name)
        try await change { state, change throws(ControlError) in
            guard let gone = state.disabledUsers.removeValue(forKey: known.name.lowercased()) else { return }
            change.store.append(.deleteSetting(name: gone.settingName))
            change.audit(caller, "user.enable", "user:\(known.name)")
        }
    }
}

extension ControlState {
    /// Whether somebody is left who may do everything, and may come in.
    var hasWorkingAdministrator: Bool {
        roles.assignments.contains { $0.on == .organization && $0.role == .administrator && mayComeIn($0.holder) }
    }

    private func mayComeIn(_ holder: RoleHolder) -> Bool {
        switch holder {
        case .user(let name): disabledUsers[name.lowercased()] == nil
        case .identity(let id): identities[id.rawValue]?.isEnabled ?? false
        case .everyone: true
        }
    }

    /// People by name in small letters, as far as the state knows them.
    fileprivate func userFacts(at now: Date) -> [String: UserFacts] {
        var found: [String: UserFacts] = [:]
        for user in disabledUsers.values {
            found[user.name.lowercased(), default: UserFacts(name: user.name)].disabled = user
        }
        for token in tokens.values.sorted(by: { $0.createdAt > $1.createdAt }) {
            let key = token.user.lowercased()
            var user = found[key] ?? UserFacts(name: token.user)
            user.tokens += 1
            if ControlPlane.refusal(of: token, at: now) == nil { user.goodTokens += 1 }
            user.noteSeen(token.lastUsedAt)
            found[key] = user
        }
        for grant in signInGrants.values {
            var user = found[grant.user.lowercased()] ?? UserFacts(name: grant.user)
            if grant.isOpen(at: now) { user.openSignIns += 1 }
            user.noteSeen(grant.lastUse)
            found[grant.user.lowercased()] = user
        }
        for role in roles.assignments {
            guard case .user(let name) = role.holder else { continue }
            found[name.lowercased(), default: UserFacts(name: name)].roles.append(role)
        }
        return found
    }

    /// What a person made; the name is in small letters.
    fileprivate func made(by key: String) -> [UserFacts.Made] {
        let own = "user:\(key)"
        func count(_ kind: String, _ makers: some Sequence<String>) -> UserFacts.Made? {
            let number = makers.count { $0.lowercased() == own }
            return number == 0 ? nil : UserFacts.Made(kind: kind, count: number)
        }
        return [
            count("agents", agents.values.map(\.createdBy)),
            count("pools", pools.values.map(\.createdBy)),
            count("pipelines", pipelines.values.map(\.createdBy)),
            count("environments", environments.environments.values.map(\.createdBy)),
            count("variable groups", environments.groups.values.map(\.createdBy)),
            count(
                "service connections",
                serviceConnections.values.map(\.createdBy) + taskConnections.values.map(\.createdBy)
            ),
            count("secure files", secureFiles.values.map(\.createdBy)),
            count("vaults", vaults.values.map(\.createdBy)),
            count("identities", identities.values.map(\.createdBy)),
            count("machines", machines.values.map(\.createdBy)),
            count("trust rules", trustRules.values.map(\.createdBy)),
            count("enrollment tokens", enrollmentTokens.values.map(\.createdBy)),
        ].compactMap(\.self)
    }
}
