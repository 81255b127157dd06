import FoundationEssentials
import RoostModel
import RoostStore

extension ControlPlane {
    /// By name.
    func identities() -> [DirectoryIdentity] {
        read { state in
            state.identities.values.sorted {
                ($0.name.lowercased(), $0.id.uuidString) < ($1.name.lowercased(), $1.id.uuidString)
            }
        }
    }

    /// One by its name, its id or its client id.
    func directoryIdentity(_ nameOrID: String) throws -> DirectoryIdentity {
        guard let found = read({ $0.identityNamed(nameOrID) }) else { throw IdentityError.notFound(nameOrID) }
        return found
    }

    /// The one that a client names.
    func directoryIdentity(client: UUID) -> DirectoryIdentity? {
        read { state in state.identitiesByClient[client].flatMap { state.identities[$0] } }
    }

    func createIdentity(_ draft: IdentityDraft, by caller: Caller) async throws -> DirectoryIdentity {
        let empty = DirectoryIdentity(
            id: UUID(),
            name: "",
            kind: draft.kind ?? .servicePrincipal,
            clientID: UUID(),
            scopes: [],
            pools: [],
            createdAt: Date(),
            createdBy: caller.auditName
        )
        return try await keep(empty, draft, "identity.create", by: caller)
    }

    func updateIdentity(
        _ nameOrID: String,
        _ draft: IdentityDraft,
        by caller: Caller
    ) async throws -> DirectoryIdentity {
        let action: String
        switch draft.isEnabled {
        case true?: action = "identity.enable"
        case false?: action = "identity.disable"
        case nil: action = "identity.update"
        }
        return try await keep(directoryIdentity(nameOrID), draft, action, by: caller)
    }

    func deleteIdentity(_ nameOrID: String, by caller: Caller) async throws {
        let known = try directoryIdentity(nameOrID)
        try await change { state, change throws(ControlError) in
            try state.forgetRoles(of: .identity(IdentityID(known.id)), &change)
            state.identities[known.id] = nil
            state.identitiesByClient[known.clientID] = nil
            change.store.append(.deleteSetting(name: known.settingName))
            change.audit(caller, "identity.delete", known.settingName, known.name)
        }
    }

    // MARK: Credentials

    /// Makes a secret; its text is in the answer and nowhere else.
    func addSecret(
        to nameOrID: String,
        name: String,
        days: Double,
        by caller: Caller
    ) async throws -> (identity: DirectoryIdentity, secret: IdentitySecret, value: Secret) {
        guard days > 0, days <= Self.longestSecret else {
            throw IdentityError.invalid(problem: "a secret's life is not between a moment and 732 days", advice: nil)
        }
        let known = try directoryIdentity(nameOrID)
        try Self.checkUse(of: known)
        let value = IdentitySecret.makeText()
        let now = Date()
        let secret = IdentitySecret(
            id: UUID(),
            name: name,
            hash: PersonalToken.hash(value.exposed),
            hint: String(value.exposed.suffix(4)),
            createdAt: now,
            expiresAt: now + days * 86_400
        )
        let identity = try await edit(known.id, "identity.add-secret", secret.id, by: caller) { identity in
            identity.secrets.append(secret)
        }
        return (identity, secret, value)
    }

    /// Two years, as in Azure.
    private static let longestSecret = 732.0

    func addCertificate(
        to nameOrID: String,
        name: String,
        pem: String,
        by caller: Caller
    ) async throws -> DirectoryIdentity {
        let known = try directoryIdentity(nameOrID)
        try Self.checkUse(of: known)
        let certificate: IdentityCertificate
        do { certificate = try IdentityCertificate(name: name, pemText: pem, at: Date()) } catch {
            throw IdentityError.invalid(problem: error.text, advice: "Give a PEM file with an RSA certificate.")
        }
        return try await edit(known.id, "identity.add-certificate", certificate.id, by: caller) { identity in
            identity.certificates.removeAll { $0.sha256 == certificate.sha256 }
            identity.certificates.append(certificate)
        }
    }

    func addFederation(
        to nameOrID: String,
        _ credential: FederatedCredential,
        by caller: Caller
    ) async throws -> DirectoryIdentity {
        let known = try directoryIdentity(nameOrID)
        try Self.checkUse(of: known)
        guard IssuerAddress(credential.issuer) != nil else {
            throw IdentityError.invalid(
                problem: "'\(credential.issuer.prefix(200))' is no issuer",
                advice: "Write it as the token's 'iss' has it, such as https://token.actions.githubusercontent.com."
            )
        }
        guard !credential.subject.isEmpty, !credential.audience.isEmpty else {
            throw IdentityError.invalid(problem: "subject or audience is empty", advice: nil)
        }
        return try await edit(known.id, "identity.add-federated", credential.id, by: caller) { identity in
            identity.federations.append(credential)
        }
    }

    /// Takes a credential away; tokens that came from it are refused from now on.
    func removeCredential(
        _ id: UUID,
        from nameOrID: String,
        by caller: Caller
    ) async throws -> DirectoryIdentity {
        let known = try directoryIdentity(nameOrID)
        guard known.has(credential: id) else {
            throw IdentityError.credentialNotFound(id.uuidString.lowercased(), identity: known.name)
        }
        return try await edit(known.id, "identity.remove-credential", id, by: caller) { identity in
            identity.secrets.removeAll { $0.id == id }
            identity.certificates.removeAll { $0.id == id }
            identity.federations.removeAll { $0.id == id }
        }
    }

    /// The identities of machines get their tokens where they run and have no other credential.
    private static func checkUse(of identity: DirectoryIdentity) throws {
        guard identity.kind == .servicePrincipal else {
            throw IdentityError.invalid(
                problem: "'\(identity.name)' is a machine's and has no credentials of its own",
                advice: "Make a service principal with 'roost identity create'."
            )
        }
        let count = identity.secrets.count + identity.certificates.count + identity.federations.count
        guard count < 100 else {
            throw IdentityError.invalid(problem: "it has 100 credentials", advice: "Remove those that are not used.")
        }
    }

    // MARK: Keeping

    private func keep(
        _ known: DirectoryIdentity,
        _ draft: IdentityDraft,
        _ action: String,
        by caller: Caller
    ) async throws -> DirectoryIdentity {
        let name = draft.name ?? known.name
        try NameRule.check(name, of: "identity")
        try Self.check(draft)
        return try await change { state, change throws(ControlError) in
            var identity = state.identities[known.id] ?? known
            identity.name = name
            identity.scopes = draft.scopes ?? identity.scopes
            identity.pools = draft.pools ?? identity.pools
            identity.redirects = draft.redirects ?? identity.redirects
            identity.isEnabled = draft.isEnabled ?? identity.isEnabled
            try state.check(identity)
            try state.put(identity, &change)
            change.audit(caller, action, identity.settingName, identity.auditDetail)
            return identity
        }
    }

    private static func check(_ draft: IdentityDraft) throws {
        if let scope = draft.scopes?.first(where: { !TokenScope.all.contains($0) }) {
            throw IdentityError.invalid(
                problem: "there is no scope '\(scope.rawValue.prefix(60))'",
                advice: "Give one of \(TokenScope.all.map(\.rawValue).joined(separator: ", "))."
            )
        }
        if let wrong = draft.redirects?.first(where: { RedirectAddress($0) == nil }) {
            throw IdentityError.invalid(
                problem: "a browser cannot be sent back to '\(wrong.prefix(200))'",
                advice: "Give an https address without a fragment, or http://localhost."
            )
        }
    }

    private func edit(
        _ id: UUID,
        _ action: String,
        _ credential: UUID,
        by caller: Caller,
        _ body: (inout DirectoryIdentity) -> Void
    ) async throws -> DirectoryIdentity {
        try await change { state, change throws(ControlError) in
            guard var identity = state.identities[id] else { throw .identity(.notFound(id.uuidString.lowercased())) }
            body(&identity)
            try state.put(identity, &change)
            change.audit(caller, action, identity.settingName, "\(identity.name) \(credential.uuidString.lowercased())")
            return identity
        }
    }
}

extension IdentityCertificate.Problem {
    fileprivate var text: String {
        switch self {
        case .unreadable: "it holds no certificate that can be read"
        case .notRSA: "its key is not RSA"
        case .tooSmall(let bits): "its key has \(bits) bits, fewer than 2048"
        }
    }
}

extension DirectoryIdentity {
    /// For the audit.
    fileprivate var auditDetail: String {
        let rights = scopes.map(\.rawValue).sorted() + pools.sorted().map { "pool \($0)" }
        return "\(name) (\(kind.rawValue)): \(rights.joined(separator: ", "))"
    }
}

extension ControlState {
    func identityNamed(_ nameOrID: String) -> DirectoryIdentity? {
        if let id = UUID(uuidString: nameOrID) {
            return identities[id] ?? identitiesByClient[id].flatMap { identities[$0] }
        }
        let wanted = nameOrID.lowercased()
        return identities.values.first { $0.name.lowercased() == wanted }
    }

    /// Refuses one that could do nothing, and a name that is taken.
    fileprivate func check(_ identity: DirectoryIdentity) throws(ControlError) {
        let namesake = identities.values.first {
            $0.id != identity.id && $0.name.lowercased() == identity.name.lowercased()
        }
        if namesake != nil { throw .nameTaken(kind: "identity", name: identity.name) }
        guard identity.scopes.isEmpty || identity.pools.isEmpty else {
            throw .identity(
                .invalid(
                    problem: "it has both scopes and pools",
                    advice: "The scope 'vso.agentpools_manage' includes the registration of agents."
                )
            )
        }
        guard !identity.scopes.isEmpty || !identity.pools.isEmpty else {
            throw .identity(
                .invalid(
                    problem: "it may do nothing",
                    advice: "Give it a scope, or a pool in which it may register agents."
                )
            )
        }
        if let pool = identity.pools.first(where: { pools[PoolID($0)] == nil }) { throw .poolNotFound("\(pool)") }
    }

    /// With an identity go its roles; the last administrator stays.
    fileprivate mutating func forgetRoles(
        of holder: RoleHolder,
        _ change: inout ControlChange
    ) throws(ControlError) {
        let own = roles.assignments.filter { $0.holder == holder }
        var others = roles
        for assignment in own { others.remove(holder, on: assignment.on) }
        let (before, had) = (roles, hasWorkingAdministrator)
        roles = others
        guard hasWorkingAdministrator || !had else {
            roles = before
            throw .lastAdministrator
        }
        for assignment in own { change.store.append(.deleteSetting(name: assignment.settingName)) }
    }

    fileprivate mutating func put(
        _ identity: DirectoryIdentity,
        _ change: inout ControlChange
    ) throws(ControlError) {
        guard let value = try? JSONEncoder().encode(identity) else {
            throw .identity(.invalid(problem: "it cannot be stored", advice: nil))
        }
        identities[identity.id] = identity
        identitiesByClient[identity.clientID] = identity.id
        change.store.append(.putSetting(name: identity.settingName, value: value))
    }
}
