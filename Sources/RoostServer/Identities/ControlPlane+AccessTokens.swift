import FoundationEssentials
import RoostModel

extension ControlPlane {
    /// The issuer that tokens name.
    var tokenIssuerURL: String { "\(settings.publicURL)\(instanceID.uuidString.lowercased())/v2.0" }

    /// Names under which this server is a tenant, in small letters.
    var tenantNames: [String] {
        [instanceID.uuidString.lowercased(), settings.organization.lowercased(), "organizations", "common"]
    }

    /// Whether a key is still there; what it signed is refused when it is not.
    func hasSigningKey(_ id: String) -> Bool { read { $0.signingKeys[id] != nil } }

    /// Life of an access token.
    static let accessTokenLife: TimeInterval = 3600

    /// Whether a text is meant to be an access token of the authorization server, not a token of an agent or a job.
    func isAccessToken(_ text: String) -> Bool { SignedToken(text)?.header.alg == "RS256" }

    // MARK: Issuing

    /// A token with which an identity uses a resource.
    ///
    /// - Parameters:
    ///   - identity: whose.
    ///   - resource: its audience.
    ///   - signIn: by what it was got.
    ///   - credential: the secret, certificate or rule without which the token is refused; nil for a machine's.
    ///   - machine: the machine's resource.
    /// - Returns: the token and its life in seconds.
    /// - Throws: when there is no key to sign with.
    func issueAccessToken(
        for identity: DirectoryIdentity,
        resource: String,
        signIn: SignIn,
        credential: UUID?,
        machine: String? = nil
    ) async throws -> (token: Secret, life: Int) {
        var claims = claims(oid: identity.id, client: identity.clientID, resource: resource, signIn)
        claims.idtyp = "app"
        claims.name = identity.name
        claims.machine = machine
        claims.credential = credential
        return (try await sign(claims), Int(Self.accessTokenLife))
    }

    /// A token with which a program acts for a person.
    func issueAccessToken(for grant: SignInGrant, resource: String) async throws -> (token: Secret, life: Int) {
        var claims = claims(oid: personID(grant.user), client: grant.client, resource: resource, grant.signIn)
        claims.idtyp = "user"
        claims.name = grant.user
        claims.upn = grant.user
        claims.preferredUsername = grant.user
        claims.scp = "user_impersonation"
        claims.credential = grant.id
        return (try await sign(claims), Int(Self.accessTokenLife))
    }

    /// The object id of a person.
    func personID(_ user: String) -> UUID { NameUUID.make(instanceID, "user:\(user)") }

    private func claims(oid: UUID, client: UUID, resource: String, _ signIn: SignIn) -> AccessTokenClaims {
        let now = Int(Date().timeIntervalSince1970)
        return AccessTokenClaims(
            aud: resource,
            iss: tokenIssuerURL,
            tid: instanceID.uuidString.lowercased(),
            oid: oid.uuidString.lowercased(),
            sub: oid.uuidString.lowercased(),
            appid: client.uuidString.lowercased(),
            azp: client.uuidString.lowercased(),
            iat: now,
            nbf: now,
            exp: now + Int(Self.accessTokenLife),
            jti: UUID().uuidString.lowercased(),
            idtyp: "app",
            signIn: signIn
        )
    }

    // MARK: Accepting

    /// Reads a token of this server that is meant for a resource; whether who got it may still use it is another question.
    func verify(
        accessToken text: String,
        audience: String,
        at now: Date
    ) throws(AccessTokenRefusal) -> AccessTokenClaims {
        guard let token = SignedToken(text), token.header.alg == "RS256" else { throw .malformed }
        let id = token.header.kid ?? ""
        guard let key = read({ $0.acceptedKey(id, signingKeyPolicy, at: now) }) else { throw .unknownKey(id) }
        guard let publicKey = key.publicKey, token.isSigned(by: publicKey) else { throw .wrongSignature }
        guard let claims = token.claims(as: AccessTokenClaims.self) else { throw .malformed }
        guard claims.iss == tokenIssuerURL else { throw .wrongIssuer(claims.iss) }
        guard claims.aud.lowercased() == audience.lowercased() else {
            throw .wrongAudience(claims.aud, expected: audience)
        }
        let (start, end) = (
            Date(timeIntervalSince1970: Double(claims.nbf)), Date(timeIntervalSince1970: Double(claims.exp))
        )
        if end <= now { throw .expired(at: end) }
        // The clock of this server may have been set back.
        if start > now + Self.clockDifference { throw .notYetValid(from: start) }
        return claims
    }

    /// Clocks may be this far apart, in seconds.
    static let clockDifference: TimeInterval = 300

    /// Who a token stands for now; refused when the identity, its credential or the sign-in is gone.
    func principal(of claims: AccessTokenClaims, at now: Date = Date()) throws(TokenRefusal) -> Principal {
        if claims.idtyp == "user" { return try person(of: claims, at: now) }
        guard let id = UUID(uuidString: claims.oid), let identity = read({ $0.identities[id] }) else {
            throw .accessToken(.identityRemoved)
        }
        guard identity.isEnabled else { throw .accessToken(.identityDisabled(identity.name)) }
        if let credential = claims.credential, !identity.has(credential: credential) {
            throw .accessToken(.credentialRemoved(identity.name))
        }
        return identity.principal
    }

    private func person(of claims: AccessTokenClaims, at now: Date) throws(TokenRefusal) -> Principal {
        guard let id = claims.credential else { throw .accessToken(.signInRevoked) }
        return try person(ofSignIn: id, at: now)
    }
}

extension ControlState {
    /// A key whose tokens are good at a moment.
    fileprivate func acceptedKey(_ id: String, _ policy: SigningKeyPolicy, at now: Date) -> SigningKey? {
        let times = signingKeys.values.map { SigningKeyTimes(id: $0.id, signsFrom: $0.signsFrom) }
        return planSigningKeys(times, policy, at: now).published.contains(id) ? signingKeys[id] : nil
    }
}
