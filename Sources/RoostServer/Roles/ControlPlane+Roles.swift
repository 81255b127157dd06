import FoundationEssentials
import RoostModel
import RoostStore

extension RoleAssignment {
    /// Of the settings that hold them.
    static let prefix = "role:"

    var settingName: String { "\(Self.prefix)\(on):\(holder)" }

    /// Those of a store; one that cannot be read gives no right.
    static func all(_ settings: [String: Data]) -> RoleBook {
        let decoder = JSONDecoder()
        return RoleBook(
            settings.filter { $0.key.hasPrefix(prefix) }.values
                .compactMap { try? decoder.decode(RoleAssignment.self, from: $0) }
        )
    }
}

extension ControlState {
    /// A thing and what it is in, up to the organization.
    func chain(of secured: Secured) -> [Secured] {
        var chain = [secured]
        while let above = parent(of: chain[chain.count - 1]) { chain.append(above) }
        return chain
    }

    private func parent(of secured: Secured) -> Secured? {
        switch secured.kind {
        case .organization: return nil
        case .pools, .project, .provider: return .organization
        case .pool: return .pools
        default: return project(of: secured).map { .project($0) } ?? .organization
        }
    }

    /// The project that something is in.
    private func project(of secured: Secured) -> ProjectID? {
        let id = secured.id
        switch secured.kind {
        case .pipeline: return Int(id).flatMap { pipelines[PipelineID($0)]?.project }
        case .environment: return Int(id).flatMap { environments.environments[EnvironmentID($0)]?.project }
        case .variableGroup: return Int(id).flatMap { environments.groups[VariableGroupID($0)]?.project }
        case .secureFile: return UUID(uuidString: id).flatMap { secureFiles[$0]?.project }.map { ProjectID($0) }
        case .serviceConnection:
            guard let uuid = UUID(uuidString: id) else { return nil }
            return serviceConnections[ServiceConnectionID(uuid)]?.project
                ?? taskConnections[uuid].map { ProjectID($0.project) }
        case .organization, .pools, .pool, .project, .provider: return nil
        }
    }

    mutating func put(_ assignment: RoleAssignment, _ change: inout ControlChange) {
        roles.put(assignment)
        // A value of this type has no floating-point number and no key that is no text, so that encoding it cannot fail.
        guard let value = try? JSONEncoder().encode(assignment) else { return }
        change.store.append(.putSetting(name: assignment.settingName, value: value))
    }

    /// Who makes a thing is its administrator, so that nothing belongs to nobody.
    mutating func giveOwner(of secured: Secured, to caller: Caller, _ change: inout ControlChange) {
        guard let holder = caller.principal?.roleHolder else { return }
        // An administrator of what it is in needs no role of their own, and a list of such roles helps nobody.
        guard !roles.permissions(of: holder, on: chain(of: secured)).contains(.manage) else { return }
        put(
            RoleAssignment(holder, .administrator, on: secured, givenBy: caller.auditName, givenAt: change.now),
            &change
        )
        change.audit(caller, "role.assign", secured.description, "\(holder) is administrator, having made it")
    }

    /// With a thing go the roles on it, those on things that went with it, and the permissions to use them.
    mutating func forgetRoles(on secured: Secured, _ change: inout ControlChange) {
        forgetPermissions(&change)
        let left = roles.assignments.filter { $0.on == secured || !isThere($0.on) }
        for assignment in left {
            roles.remove(assignment.holder, on: assignment.on)
            change.store.append(.deleteSetting(name: assignment.settingName))
        }
    }

    /// Whether a thing exists.
    func isThere(_ secured: Secured) -> Bool {
        switch secured.kind {
        // Roles on a provider stay while the server is started without it.
        case .organization, .pools, .provider: true
        case .pool: Int(secured.id).map { pools[PoolID($0)] != nil } ?? false
        case .project: ProjectID(text: secured.id).map { projects[$0] != nil } ?? false
        default: project(of: secured).map { projects[$0] != nil } ?? false
        }
    }

    /// The first person is the administrator, and everyone may look.
    mutating func beginRoles(with user: String, _ change: inout ControlChange) {
        guard !roles.hasAdministrator else { return }
        let first = RoleHolder.user(user.lowercased())
        let system = Caller.system.auditName
        put(RoleAssignment(first, .administrator, on: .organization, givenBy: system, givenAt: change.now), &change)
        change.audit(.system, "role.assign", "organization", "\(first) is administrator, being the first")
        guard roles[.everyone, on: .organization] == nil else { return }
        put(RoleAssignment(.everyone, .reader, on: .organization, givenBy: system, givenAt: change.now), &change)
        change.audit(.system, "role.assign", "organization", "everyone is reader")
    }

    /// A store from before there were roles: who had a token could do all that its scopes allow, and still can.
    mutating func beginRolesOfOldStore(_ change: inout ControlChange) {
        guard roles.isEmpty, !tokens.isEmpty else { return }
        for user in Set(tokens.values.map { $0.user.lowercased() }).sorted() {
            let system = Caller.system.auditName
            put(
                RoleAssignment(
                    .user(user),
                    .administrator,
                    on: .organization,
                    givenBy: system,
                    givenAt: change.now
                ),
                &change
            )
            change.audit(
                .system,
                "role.assign",
                "organization",
                "user:\(user) is administrator, as before there were roles"
            )
        }
        put(
            RoleAssignment(
                .everyone,
                .reader,
                on: .organization,
                givenBy: Caller.system.auditName,
                givenAt: change.now
            ),
            &change
        )
    }
}

extension ControlPlane {
    /// Whether somebody may do something with everything, so that nothing need be looked up.
    func holdsEverywhere(_ permission: Permission, _ holder: RoleHolder) -> Bool {
        read { state in
            let own = [state.roles[holder, on: .organization], state.roles[.everyone, on: .organization]]
            return own.contains { $0?.role == .administrator || ($0 != nil && permission == .view) }
        }
    }

    func chain(of secured: Secured) -> [Secured] { read { $0.chain(of: secured) } }

    func permissions(of holder: RoleHolder, on chain: [Secured]) -> Set<Permission> {
        read { $0.roles.permissions(of: holder, on: chain) }
    }

    /// - Throws: ``ControlError/roleMissing(holder:permission:on:)``.
    func check(_ permission: Permission, on chain: [Secured], for holder: RoleHolder) throws(ControlError) {
        guard !permissions(of: holder, on: chain).contains(permission), let thing = chain.first else { return }
        throw .roleMissing(holder: holder, permission: permission, on: thing, name: name(of: thing))
    }

    /// How people call a thing; its id when it has no name, or is gone.
    func name(of secured: Secured) -> String {
        let id = secured.id
        return read { state in
            switch secured.kind {
            case .organization: return settings.organization
            case .pools: return ""
            case .provider: return id
            case .pool: return Int(id).flatMap { state.pools[PoolID($0)]?.name } ?? id
            case .project: return ProjectID(text: id).flatMap { state.projects[$0]?.name } ?? id
            case .pipeline: return Int(id).flatMap { state.pipelines[PipelineID($0)]?.name } ?? id
            case .environment:
                return Int(id).flatMap { state.environments.environments[EnvironmentID($0)]?.name } ?? id
            case .variableGroup: return Int(id).flatMap { state.environments.groups[VariableGroupID($0)]?.name } ?? id
            case .secureFile: return UUID(uuidString: id).flatMap { state.secureFiles[$0]?.name } ?? id
            case .serviceConnection:
                let uuid = UUID(uuidString: id)
                return uuid.flatMap { state.serviceConnections[ServiceConnectionID($0)]?.name }
                    ?? uuid.flatMap { state.taskConnections[$0]?.name } ?? id
            }
        }
    }

    /// Where a run belongs, also one that ended long ago.
    func place(ofRun id: RunID) async throws -> (pipeline: PipelineID, project: ProjectID)? {
        if let run = read({ $0.runs[id]?.run }) { return (run.pipeline, run.project) }
        return try await store.run(id).map { ($0.pipeline, $0.project) }
    }

    // MARK: Changes

    /// All roles, or those on one thing.
    func roles(on secured: Secured? = nil) -> [RoleAssignment] {
        read { $0.roles.assignments }.filter { secured == nil || $0.on == secured }
    }

    /// Gives a role; it replaces another that the holder had on the same thing.
    func assignRole(
        _ role: Role,
        to holder: RoleHolder,
        on secured: Secured,
        by caller: Caller
    ) async throws(ControlError) -> RoleAssignment {
        guard secured.kind.roles.contains(role) else {
            throw .invalid(
                what: "The role '\(role.rawValue)'",
                problem: "it cannot be given on \(secured.kind.title)",
                advice: "Give one of \(secured.kind.roles.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return try await change { state, change throws(ControlError) in
            guard state.isThere(secured) else {
                throw .invalid(
                    what: "The \(secured.kind.title) '\(secured.id)'",
                    problem: "it is not there",
                    advice: nil
                )
            }
            let assignment = RoleAssignment(
                holder,
                role,
                on: secured,
                givenBy: caller.auditName,
                givenAt: change.now
            )
            let before = state.roles
            state.put(assignment, &change)
            guard state.hasWorkingAdministrator else {
                state.roles = before
                throw .lastAdministrator
            }
            change.audit(caller, "role.assign", secured.description, "\(holder) is \(role.rawValue)")
            return assignment
        }
    }

    /// Takes a role away; what is inherited stays.
    func removeRole(of holder: RoleHolder, on secured: Secured, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let before = state.roles
            guard let gone = state.roles.remove(holder, on: secured) else {
                throw .invalid(
                    what: "The role of \(holder) on \(secured)",
                    problem: "there is none",
                    advice:
                        "'roost role list' shows those there are; one that is inherited is taken away where it was given."
                )
            }
            guard state.hasWorkingAdministrator else {
                state.roles = before
                throw .lastAdministrator
            }
            change.store.append(.deleteSetting(name: gone.settingName))
            change.audit(caller, "role.remove", secured.description, "\(holder) was \(gone.role.rawValue)")
        }
    }
}
