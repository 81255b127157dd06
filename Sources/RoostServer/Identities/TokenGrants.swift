import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel

/// The token endpoint: one request, one answer or a refusal.
struct TokenGrants: Sendable {
    let call: Call
    let form: QueryValues
    let now = Date()

    private var plane: ControlPlane { call.plane }

    func answer() async throws -> GrantAnswer {
        guard let grant = form["grant_type"] else { throw GrantRefusal.missing(parameter: "grant_type") }
        switch grant {
        case "client_credentials": return try await clientCredentials()
        case "urn:ietf:params:oauth:grant-type:device_code", "device_code": return try await deviceCode()
        case "authorization_code": return try await authorizationCode()
        case "refresh_token": return try await refreshToken()
        default: throw GrantRefusal.unsupportedGrant(grant)
        }
    }

    // MARK: Programs

    private func clientCredentials() async throws -> GrantAnswer {
        let (client, proof) = try ClientProof.read(form, call.request.headers)
        let scope = try scope(isApp: true)
        let proved = try await judge.judge(client, proof)
        let issued = try await plane.issueAccessToken(
            for: proved.identity,
            resource: scope.resource,
            signIn: proved.signIn,
            credential: proved.credential
        )
        return GrantAnswer(token: issued.token, life: issued.life)
    }

    private var judge: ClientJudge {
        ClientJudge(
            plane: plane,
            issuerKeys: call.services.issuerKeys,
            binding: call.services.assertionBinding,
            audiences: call.tokenEndpoints,
            address: call.context.clientAddress,
            now: now
        )
    }

    private func scope(isApp: Bool) throws(GrantRefusal) -> RequestedScope {
        do { return try RequestedScope(form["scope"], isApp: isApp) } catch { throw .scope(error) }
    }

    // MARK: People

    /// The program that a person uses; one that has secrets proves itself.
    private func client() async throws -> SignInClient {
        let (id, proof) = try ClientProof.read(form, call.request.headers)
        guard let client = plane.signInClient(id) else {
            throw GrantRefusal.unknownClient(id.uuidString.lowercased())
        }
        if !client.isPublic { _ = try await judge.judge(id, proof) }
        return client
    }

    private func requireEnabled(_ user: String) throws(GrantRefusal) {
        if let disabled = plane.refusal(ofUser: user) { throw .disabledUser(disabled.name) }
    }

    private func deviceCode() async throws -> GrantAnswer {
        let client = try await client()
        guard let code = form["device_code"] ?? form["code"] else {
            throw GrantRefusal.missing(parameter: "device_code")
        }
        guard let found = plane.signIns.poll(code, client: client.id, at: now) else {
            throw GrantRefusal.device(.unknown)
        }
        switch found.poll {
        case .pending: throw GrantRefusal.device(.pending)
        case .slowDown: throw GrantRefusal.device(.slowDown)
        case .expired: throw GrantRefusal.device(.expired)
        case .declined: throw GrantRefusal.device(.declined)
        case .used: throw GrantRefusal.device(.unknown)
        case .approved(let approval):
            try requireEnabled(approval.user)
            let made = try await plane.grantSignIn(
                approval,
                client: client,
                scope: found.device.scope,
                .deviceCode,
                from: call.context.clientAddress
            )
            return try await answer(made.grant, found.device.scope, made.refresh, nonce: nil)
        }
    }

    private func authorizationCode() async throws -> GrantAnswer {
        let client = try await client()
        guard let code = form["code"] else { throw GrantRefusal.missing(parameter: "code") }
        let family = UUID()
        guard let signIn = plane.signIns.redeem(code, family: family, at: now), signIn.client.id == client.id else {
            throw GrantRefusal.code(.unknown)
        }
        if let before = signIn.family {
            try await plane.revokeSignIn(before, because: "its code was used again", by: .system)
            throw GrantRefusal.code(.redeemed)
        }
        guard form["redirect_uri"] == signIn.redirect else { throw GrantRefusal.code(.otherRedirect) }
        guard let verifier = form["code_verifier"] else { throw GrantRefusal.missing(parameter: "code_verifier") }
        guard signIn.isProved(by: verifier) else { throw GrantRefusal.code(.wrongVerifier) }
        try requireEnabled(signIn.approval.user)
        let made = try await plane.grantSignIn(
            signIn.approval,
            client: client,
            scope: signIn.scope,
            .authorizationCode,
            from: call.context.clientAddress,
            family: family
        )
        return try await answer(made.grant, signIn.scope, made.refresh, nonce: signIn.nonce)
    }

    private func refreshToken() async throws -> GrantAnswer {
        let client = try await client()
        guard let text = form["refresh_token"] else { throw GrantRefusal.missing(parameter: "refresh_token") }
        guard let token = RefreshToken(text, issuer: plane.currentIdentity.issuer) else {
            throw GrantRefusal.refresh(.unknown)
        }
        let scope = form["scope"] == nil ? nil : try scope(isApp: false)
        if let user = plane.signIn(token.family)?.user { try requireEnabled(user) }
        guard let rotated = try await plane.rotate(token, client: client.id) else {
            throw GrantRefusal.refresh(.unknown)
        }
        switch rotated.verdict {
        case .current, .justReplaced: break
        case .reused: throw GrantRefusal.refresh(.reused)
        case .expired: throw GrantRefusal.refresh(.expired)
        case .revoked: throw GrantRefusal.refresh(.revoked)
        }
        let wanted = try scope ?? RequestedScope("\(rotated.grant.resource)/.default", isApp: false)
        return try await answer(rotated.grant, wanted, rotated.refresh, nonce: nil)
    }

    private func answer(
        _ grant: SignInGrant,
        _ scope: RequestedScope,
        _ refresh: Secret?,
        nonce: String?
    ) async throws -> GrantAnswer {
        try requireEnabled(grant.user)
        let issued = try await plane.issueAccessToken(for: grant, resource: scope.resource)
        var answer = GrantAnswer(token: issued.token, life: issued.life)
        answer.scope = scope.granted
        answer.refresh_token = refresh?.exposed
        let person = plane.personID(grant.user).uuidString.lowercased()
        let tenant = plane.instanceID.uuidString.lowercased()
        answer.client_info = TokenIssuer.base64URL(Data(#"{"uid":"\#(person)","utid":"\#(tenant)"}"#.utf8))
        if scope.wantsIDToken {
            answer.id_token = try await plane.sign(IDTokenClaims(grant, plane, nonce: nonce, at: now)).exposed
        }
        return answer
    }
}

/// What an id token says of a person (OpenID Connect Core 1.0 §2).
struct IDTokenClaims: Encodable, Sendable {
    var iss: String
    var aud: String
    var sub: String
    var oid: String
    var tid: String
    var iat: Int
    var nbf: Int
    var exp: Int
    var ver = "2.0"
    var name: String
    var preferred_username: String
    var nonce: String?

    init(_ grant: SignInGrant, _ plane: ControlPlane, nonce: String?, at now: Date) {
        iss = plane.tokenIssuerURL
        aud = grant.client.uuidString.lowercased()
        sub = plane.personID(grant.user).uuidString.lowercased()
        oid = sub
        tid = plane.instanceID.uuidString.lowercased()
        iat = Int(now.timeIntervalSince1970)
        nbf = iat
        exp = iat + Int(ControlPlane.accessTokenLife)
        name = grant.user
        preferred_username = grant.user
        self.nonce = nonce
    }
}
