import FoundationEssentials
import RoostModel
import RoostWire

/// The directory of identities that are no people; an administrator's matter.
func addIdentityRoutes(to table: RouteTable) {
    let manage = RouteAccess.scope(.full)
    let one = "roost/identities/{identity}"
    table.get("roost/identities", access: manage) { call in
        try call.list(call.plane.identities().map(call.view))
    }
    table.post("roost/identities", access: manage) { call in
        let wanted = try await call.decode(DirectoryIdentityWire.self)
        return try call.answer(call.view(try await call.plane.createIdentity(wanted.draft(), by: call.caller)))
    }
    table.get(one, access: manage) { call in
        try call.answer(call.view(call.plane.directoryIdentity(call.text("identity"))))
    }
    table.patch(one, access: manage) { call in
        let draft = try await call.decode(DirectoryIdentityWire.self).draft()
        return try call.answer(
            call.view(try await call.plane.updateIdentity(call.text("identity"), draft, by: call.caller))
        )
    }
    table.delete(one, access: manage) { call in
        try await call.plane.deleteIdentity(call.text("identity"), by: call.caller)
        return call.nothing
    }
    addCredentialRoutes(to: table, below: one, access: manage)
    table.get("roost/signingkeys", access: manage) { call in
        try call.list(try await call.plane.publishedKeys().map(SigningKeyWire.init))
    }
    table.post("roost/signingkeys", access: manage) { call in
        let keys = try await call.plane.rotateSigningKey(atOnce: call.query.flag("atOnce"), by: call.caller)
        return try call.list(keys.map(SigningKeyWire.init))
    }
}

private func addCredentialRoutes(to table: RouteTable, below one: String, access: RouteAccess) {
    table.post("\(one)/secrets", access: access) { call in
        let wanted = try await call.decode(IdentitySecretWire.self)
        let made = try await call.plane.addSecret(
            to: call.text("identity"),
            name: wanted.name ?? "",
            days: wanted.days ?? 180,
            by: call.caller
        )
        var answer = IdentitySecretWire(made.secret)
        answer.secret = made.value.exposed
        return try call.answer(answer)
    }
    table.post("\(one)/certificates", access: access) { call in
        let wanted = try await call.decode(IdentityCertificateWire.self)
        let identity = try await call.plane.addCertificate(
            to: call.text("identity"),
            name: wanted.name ?? "",
            pem: wanted.pem ?? "",
            by: call.caller
        )
        return try call.answer(call.view(identity))
    }
    table.post("\(one)/federated", access: access) { call in
        let wanted = try await call.decode(FederatedCredentialWire.self)
        let credential = FederatedCredential(
            id: UUID(),
            name: wanted.name ?? "",
            issuer: wanted.issuer ?? "",
            subject: wanted.subject ?? "",
            audience: wanted.audience ?? FederatedCredential.defaultAudience
        )
        return try call.answer(
            call.view(try await call.plane.addFederation(to: call.text("identity"), credential, by: call.caller))
        )
    }
    table.delete("\(one)/credentials/{credentialId}", access: access) { call in
        _ = try await call.plane.removeCredential(
            call.uuid("credentialId"),
            from: call.text("identity"),
            by: call.caller
        )
        return call.nothing
    }
}

extension DirectoryIdentityWire {
    /// What it asks for.
    fileprivate func draft() throws -> IdentityDraft {
        var draft = IdentityDraft(name: name, redirects: redirects, isEnabled: isEnabled)
        if let kind {
            guard let known = IdentityKind.allCases.first(where: { $0.rawValue.lowercased() == kind.lowercased() })
            else {
                throw IdentityError.invalid(
                    problem: "there is no kind '\(kind.prefix(60))'",
                    advice: "Give servicePrincipal or managedIdentity."
                )
            }
            draft.kind = known
        }
        draft.scopes = scopes.map { Set($0.map { TokenScope(rawValue: $0) }) }
        draft.pools = pools.map { Set($0) }
        return draft
    }
}

extension Call {
    /// An identity without anything that opens it.
    fileprivate func view(_ identity: DirectoryIdentity) -> DirectoryIdentityWire {
        var view = DirectoryIdentityWire(
            name: identity.name,
            kind: identity.kind.rawValue,
            scopes: identity.scopes.map(\.rawValue).sorted(),
            pools: identity.pools.sorted(),
            redirects: identity.redirects,
            isEnabled: identity.isEnabled
        )
        view.id = identity.id
        view.clientId = identity.clientID
        view.tenantId = plane.instanceID
        view.secrets = identity.secrets.map(IdentitySecretWire.init)
        view.certificates = identity.certificates.map(IdentityCertificateWire.init)
        view.federated = identity.federations.map(FederatedCredentialWire.init)
        view.createdAt = identity.createdAt
        view.createdBy = identity.createdBy
        return view
    }
}

extension IdentitySecretWire {
    fileprivate init(_ secret: IdentitySecret) {
        self.init(name: secret.name)
        id = secret.id
        hint = secret.hint
        createdAt = secret.createdAt
        expiresAt = secret.expiresAt
    }
}

extension IdentityCertificateWire {
    fileprivate init(_ certificate: IdentityCertificate) {
        self.init(name: certificate.name, pem: certificate.pem)
        id = certificate.id
        sha1 = certificate.sha1
        sha256 = certificate.sha256
        createdAt = certificate.createdAt
        expiresAt = certificate.expiresAt
    }
}

extension FederatedCredentialWire {
    fileprivate init(_ credential: FederatedCredential) {
        self.init(
            name: credential.name,
            issuer: credential.issuer,
            subject: credential.subject,
            audience: credential.audience
        )
        id = credential.id
    }
}

extension SigningKeyWire {
    fileprivate init(_ key: SigningKey) {
        self.init(id: key.id, createdAt: key.createdAt, signsFrom: key.signsFrom)
    }
}
