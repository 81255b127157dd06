import FoundationEssentials
import Hummingbird
import RoostModel

/// What a program asks of a browser (RFC 6749 §4.1.1, RFC 7636 §4.3), read and checked.
struct AuthorizeRequest: Sendable {
    let client: SignInClient
    let redirect: RedirectAddress
    let scope: RequestedScope
    let state: String?
    let nonce: String?
    /// The browser posts the answer instead of having it in its address.
    let isPosted: Bool
    /// The person must not be asked anything.
    let isSilent: Bool
    private let challenge: String

    /// - Throws: ``AuthorizeRefusal``; before the redirect is known to be the program's, one that a person sees.
    init(_ request: Request, _ plane: ControlPlane) throws(AuthorizeRefusal) {
        let query = QueryValues(request.uri.query)
        let tenant = request.uri.path.split(separator: "/").first.map { PercentCoding.decode($0) } ?? ""
        guard plane.tenantNames.contains(tenant.lowercased()) else { throw .toPerson(.unknownTenant(tenant)) }
        guard let id = query["client_id"] else { throw .toPerson(.missing(parameter: "client_id")) }
        guard let client = UUID(uuidString: id).flatMap(plane.signInClient) else { throw .toPerson(.unknownClient(id)) }
        guard let text = query["redirect_uri"] else { throw .toPerson(.missing(parameter: "redirect_uri")) }
        guard let redirect = RedirectAddress(text), redirect.isRegistered(client.redirects) else {
            throw .toPerson(.code(.otherRedirect))
        }
        let state = query["state"]
        let isPosted = query["response_mode"] == "form_post"
        func refuse(_ code: String, _ text: String) -> AuthorizeRefusal {
            .toClient(redirect, state: state, isPosted: isPosted, error: code, text: text)
        }
        guard query["response_type"] == "code" else {
            throw refuse("unsupported_response_type", "AADSTS70005: The response type must be 'code'.")
        }
        if let mode = query["response_mode"], !["query", "form_post"].contains(mode) {
            throw refuse("invalid_request", "AADSTS90023: The response mode '\(mode.prefix(40))' is not supported.")
        }
        guard let challenge = query["code_challenge"], query["code_challenge_method"] == "S256",
            CodeSignIn.isChallenge(challenge)
        else { throw refuse("invalid_request", "AADSTS9002325: A code challenge by the method S256 is needed.") }
        do { scope = try RequestedScope(query["scope"] ?? "", isApp: false) } catch {
            throw refuse("invalid_scope", "AADSTS70011: \(GrantRefusal.scope(error).sentence)")
        }
        self.client = client
        self.redirect = redirect
        self.state = state
        self.challenge = challenge
        self.isPosted = isPosted
        nonce = query["nonce"]
        isSilent = query["prompt"] == "none"
    }

    /// The same, approved.
    func signIn(_ approval: Approval, at now: Date) -> CodeSignIn {
        CodeSignIn(
            client: client,
            redirect: redirect.text,
            challenge: challenge,
            scope: scope,
            nonce: nonce,
            approval: approval,
            expiresAt: now + CodeSignIn.life
        )
    }
}

/// Why a browser gets no page that asks for leave.
enum AuthorizeRefusal: UserFacingError {
    case toPerson(GrantRefusal)
    case toClient(RedirectAddress, state: String?, isPosted: Bool, error: String, text: String)

    var code: String { "sign-in.refused" }

    var summary: String {
        switch self {
        case .toPerson(.code(.otherRedirect)): "AADSTS50011: The redirect address is not registered for this program."
        case .toPerson(let refusal): "AADSTS\(refusal.number): \(refusal.sentence)"
        case .toClient(_, _, _, _, let text): text
        }
    }
}
