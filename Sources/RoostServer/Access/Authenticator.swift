import FoundationEssentials
import HTTPTypes
public import RoostModel
import Synchronization

/// Finds out who makes a request.
///
/// Checking a signed token costs more than all else of a short request, so that a token that was once accepted is remembered with its
/// principal until it expires. Whether that principal still exists is asked every time, for a job's token must be refused from the
/// moment its job ends. Personal access tokens are looked up by their hash each time and need no memory.
public final class Authenticator: Sendable {
    private let plane: ControlPlane
    private let known = Mutex<[String: Known]>([:])

    private struct Known: Sendable {
        var admission: Admission
        /// What a token of the authorization server says; its principal is found anew each time.
        var claims: AccessTokenClaims?
        /// What signed it.
        var keyID: String?
        /// From then on the token is checked anew.
        var until: Date
    }

    /// Tokens remembered at most; one of a listener or a job takes about half a kilobyte.
    private static let capacity = 32_768
    /// A remembered token is checked anew after this, or when it expires if that is earlier.
    private static let memory: TimeInterval = 300

    /// Asks a control plane.
    public init(plane: ControlPlane) { self.plane = plane }

    /// Who was let in, and by what.
    struct Admission: Hashable, Sendable {
        var principal: Principal
        var signIn: SignIn
    }

    /// Who makes a request with these headers.
    ///
    /// - Parameter headers: the request's.
    /// - Returns: the principal, or nil when there is no credential.
    /// - Throws: ``AccessRefusal`` when there is one and it is refused.
    func principal(_ headers: HTTPFields) throws(AccessRefusal) -> Principal? { try admit(headers)?.principal }

    /// The same with the kind of credential.
    ///
    /// - Parameters:
    ///   - headers: the request's.
    ///   - address: the peer's; an enrolment token may be bound to some.
    /// - Returns: who was let in, or nil when there is no credential.
    /// - Throws: ``AccessRefusal``.
    func admit(_ headers: HTTPFields, from address: String = "") throws(AccessRefusal) -> Admission? {
        guard let credential = Credential(headers) else { return nil }
        switch credential {
        case .unreadable(let reason): throw .unauthenticated(.unreadable(reason))
        case .password(let text), .bearer(let text): return try accept(text, address)
        case .session(let text): return Admission(principal: try acceptSession(text), signIn: .session)
        }
    }

    /// Who a dashboard cookie stands for; nil when it is not, or no longer, good.
    public func person(cookie text: String) -> Principal? { try? acceptSession(text) }

    /// Signed tokens have two dots, personal ones none.
    private func accept(_ text: String, _ address: String) throws(AccessRefusal) -> Admission {
        if text.hasPrefix(EnrollmentToken.mark) {
            let principal = try Self.open(plane.authenticate(enrollment: text, from: address))
            return Admission(principal: principal, signIn: .enrollmentToken)
        }
        guard text.utf8.contains(UInt8(ascii: ".")) else {
            return Admission(principal: try Self.open(plane.authenticate(pat: text)), signIn: .personalToken)
        }
        if let admission = try remembered(text) { return admission }
        if plane.isAccessToken(text) { return try acceptAccessToken(text) }
        let (principal, until) = try Self.open(plane.accept(bearer: text))
        if case .user = principal {
            // Dashboard sessions are for the cookie only: a page's script cannot read it and so cannot send it as a header.
            throw .unauthenticated(.refused(.unknown))
        }
        // The rule behind it may change at any moment, and it is used a few times only.
        if case .enroller = principal { return Admission(principal: principal, signIn: .federated) }
        let signIn: SignIn
        if case .job = principal { signIn = .jobToken } else { signIn = .agentKey }
        let admission = Admission(principal: principal, signIn: signIn)
        remember(text, Known(admission: admission, until: until))
        return admission
    }

    /// A token of the authorization server for this service.
    private func acceptAccessToken(_ text: String) throws(AccessRefusal) -> Admission {
        let claims: AccessTokenClaims
        do {
            claims = try plane.verify(accessToken: text, audience: AccessTokenClaims.serviceAudience, at: Date())
        } catch { throw .unauthenticated(.refused(.accessToken(error))) }
        let admission = try admission(of: claims)
        let until = Date(timeIntervalSince1970: Double(claims.exp))
        remember(text, Known(admission: admission, claims: claims, keyID: SignedToken(text)?.header.kid, until: until))
        return admission
    }

    private func admission(of claims: AccessTokenClaims) throws(AccessRefusal) -> Admission {
        do { return Admission(principal: try plane.principal(of: claims), signIn: claims.signIn) } catch {
            throw .unauthenticated(.refused(error))
        }
    }

    private func acceptSession(_ text: String) throws(AccessRefusal) -> Principal {
        let principal = try Self.open(plane.authenticate(bearer: text))
        guard case .user = principal else { throw .unauthenticated(.refused(.unknown)) }
        return principal
    }

    private static func open<Accepted>(_ result: Result<Accepted, TokenRefusal>) throws(AccessRefusal) -> Accepted {
        switch result {
        case .success(let accepted): return accepted
        case .failure(let refusal): throw .unauthenticated(.refused(refusal))
        }
    }

    // MARK: Memory

    private func remembered(_ text: String) throws(AccessRefusal) -> Admission? {
        guard let entry = known.withLock({ $0[text] }), entry.until > Date() else { return nil }
        if let claims = entry.claims {
            guard plane.hasSigningKey(entry.keyID ?? "") else { return nil }
            return try admission(of: claims)
        }
        return plane.isLive(entry.admission.principal) ? entry.admission : nil
    }

    private func remember(_ text: String, _ entry: Known) {
        let now = Date()
        var entry = entry
        entry.until = min(now + Self.memory, entry.until)
        known.withLock { known in
            if known.count >= Self.capacity { known = known.filter { $0.value.until > now } }
            if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
            known[text] = entry
        }
    }
}

extension ControlPlane {
    /// Whether a listener's agent is registered, and whether a job is held by an agent; people are always.
    func isLive(_ principal: Principal) -> Bool {
        switch principal {
        case .user, .identity, .enroller: true
        case .agent(let id, let pool): read { $0.agents[id]?.pool == pool }
        case .job(let job, let run, _, _): read { $0.runs[run]?.jobs[job]?.state.lease != nil }
        }
    }
}
