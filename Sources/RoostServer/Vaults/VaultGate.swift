import FoundationEssentials
import HTTPTypes
public import RoostModel

/// Accepts access tokens that were made for an audience.
public protocol AudienceTokens: Sendable {
    /// Who an access token stands for; called for each request, from any thread.
    ///
    /// - Parameters:
    ///   - text: a signed token.
    ///   - audience: what the token must be for; one for anything else is refused.
    /// - Returns: the principal and how it signed in, or why not.
    func accept(accessToken text: String, audience: String) -> Result<AudienceAdmission, AudienceRefusal>
}

/// Who was let in with an access token.
public struct AudienceAdmission: Sendable, Hashable {
    public var principal: Principal
    public var signIn: SignIn

    public init(principal: Principal, signIn: SignIn) {
        self.principal = principal
        self.signIn = signIn
    }
}

/// Why an access token is refused, as a sentence for a person.
public struct AudienceRefusal: Error, Sendable, Hashable {
    public var reason: String

    public init(reason: String) { self.reason = reason }
}

/// Finds out who asks a vault: access tokens for the vault, and personal access tokens; never the dashboard's cookie.
struct VaultGate: Sendable {
    let plane: ControlPlane
    let resource: String
    /// Nil while the server issues no access tokens.
    let tokens: (any AudienceTokens)?

    struct Admission: Sendable {
        var principal: Principal
        var signIn: SignIn
        /// Nil where the token was made for vaults, which says all.
        var scopes: Set<TokenScope>?
    }

    func admit(_ headers: HTTPFields) throws(VaultError) -> Admission {
        guard headers[.authorization] != nil, let credential = Credential(headers) else {
            throw .unauthenticated(nil)
        }
        switch credential {
        case .unreadable(let reason): throw .unauthenticated(reason)
        case .session: throw .unauthenticated(nil)
        case .password(let text), .bearer(let text):
            return text.utf8.contains(UInt8(ascii: ".")) ? try signed(text) : try personal(text)
        }
    }

    private func signed(_ text: String) throws(VaultError) -> Admission {
        guard let tokens else { throw .unauthenticated("It is not known here.") }
        switch tokens.accept(accessToken: text, audience: resource) {
        case .success(let admission): return Admission(principal: admission.principal, signIn: admission.signIn)
        case .failure(let refusal): throw .unauthenticated(refusal.reason)
        }
    }

    private func personal(_ text: String) throws(VaultError) -> Admission {
        switch plane.authenticate(pat: text) {
        case .failure(let refusal): throw .unauthenticated(refusal.summary)
        case .success(let principal):
            guard case .user(_, let scopes) = principal else { throw .unauthenticated(nil) }
            return Admission(principal: principal, signIn: .personalToken, scopes: scopes)
        }
    }
}
