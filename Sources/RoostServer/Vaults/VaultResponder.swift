import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOFoundationEssentialsCompat
import RoostModel
import RoostWire

/// Answers everything that comes to the host name of a vault, and nothing else does.
struct VaultResponder: Sendable {
    let plane: ControlPlane
    let host: VaultHost
    let gate: VaultGate
    let limiter: RateLimiter
    /// The server's, ending in a slash.
    let address: String
    let bodyLimit: Int
    let metrics: ServerMetrics

    /// Answers a request to a host of vaults; nil when it is to another host.
    func respond(to request: Request, context: RoostRequestContext) async -> Response? {
        guard let name = host.name(in: request.head.authority) else { return nil }
        let begin = ContinuousClock.now
        let response: Response
        do {
            response = try await answer(request, context, vault: name)
        } catch {
            response = refusal(error, request, context)
        }
        metrics.series(of: VaultRequest(request.method, request.uri.path))
            .observe(status: response.status.code, elapsed: ContinuousClock.now - begin)
        return response
    }

    private func answer(_ request: Request, _ context: RoostRequestContext, vault name: String) async throws -> Response
    {
        let admission = try admit(request, context)
        guard let vault = try? plane.vault(name) else { throw VaultError.noVault(name) }
        guard let asked = VaultRequest(request.method, request.uri.path) else {
            throw VaultError.noRoute(method: request.method.rawValue, path: String(request.uri.path.prefix(300)))
        }
        if let secret = asked.secretName, !Vault.isSecretName(secret) {
            throw VaultError.badParameter("a secret's name has 1 to 127 letters, digits and dashes", at: "secret-name")
        }
        let caller = Caller(admission.principal, signIn: admission.signIn, requestID: context.requestID)
        let work = VaultWork(plane: plane, vault: vault, caller: caller, address: context.clientAddress)
        try await judge(asked, admission, work)
        let page = VaultPage(vault: vault, base: base(request), query: QueryValues(request.uri.query))
        return try await VaultAnswer(work: work, page: page, body: { try await self.body(request) }).answer(asked)
    }

    private func admit(_ request: Request, _ context: RoostRequestContext) throws -> VaultGate.Admission {
        let admission: VaultGate.Admission
        do { admission = try gate.admit(request.headers) } catch {
            try limit(.address(context.clientAddress))
            throw error
        }
        try limit(.principal(admission.principal))
        return admission
    }

    private func limit(_ client: RateLimiter.Client) throws(VaultError) {
        guard !limiter.isUnlimited else { return }
        let allowance = limiter.take(client, at: .now)
        guard !allowance.isAllowed else { return }
        throw .tooManyRequests(retryAfter: max(1, Int(allowance.wait.rounded(.up))))
    }

    private func judge(_ asked: VaultRequest, _ admission: VaultGate.Admission, _ work: VaultWork) async throws {
        let right = asked.right
        let problem: VaultError?
        if let scopes = admission.scopes, !right.scope.isGranted(by: scopes) {
            problem = .noScope(right.scope.rawValue)
        } else if !work.vault.rights(of: admission.principal).contains(right) {
            problem = .noRight(right, vault: work.vault.name, who: admission.principal.auditName)
        } else {
            problem = nil
        }
        guard let problem else { return }
        let detail = "\(right.rawValue) from \(work.address)"
        try await work.note("secret.refused", subject: work.subject(asked.secretName), detail)
        throw problem
    }

    /// What ids begin with: the address as the client wrote it.
    private func base(_ request: Request) -> String {
        let scheme = address.hasPrefix("https:") ? "https" : "http"
        return "\(scheme)://\(request.head.authority ?? host.suffix)"
    }

    private func body(_ request: Request) async throws -> Data {
        do {
            return Data(buffer: try await request.body.collect(upTo: bodyLimit))
        } catch is NIOTooManyBytesError {
            throw VaultError.tooLarge(limit: bodyLimit)
        }
    }

    // MARK: Refusals

    private func refusal(_ error: any Error, _ request: Request, _ context: RoostRequestContext) -> Response {
        let problem = VaultError(error, request: context.requestID)
        if case .fault = problem {
            context.logger.error(
                "a request to a vault failed in a way nobody expected",
                metadata: ["request": "\(context.requestID)", "path": "\(request.uri.path)", "error": "\(error)"]
            )
        }
        var response = VaultAnswer.json(problem.wire, status: problem.status)
        switch problem {
        case .unauthenticated(let reason): response.headers[.wwwAuthenticate] = challenge(isRefused: reason != nil)
        case .tooManyRequests(let seconds): response.headers[.retryAfterSeconds] = String(seconds)
        default: break
        }
        return response
    }

    /// Says where a token for the vault is to be had.
    private func challenge(isRefused: Bool) -> String {
        let authority = "\(address)\(plane.instanceID.uuidString.lowercased())"
        let challenge = "Bearer authorization=\"\(authority)\", resource=\"\(host.resource)\""
        return isRefused ? "\(challenge), error=\"invalid_token\"" : challenge
    }
}

extension VaultError {
    init(_ error: any Error, request: String) {
        switch error {
        case let error as VaultError: self = error
        case let error as RequestProblem: self = .badParameter(error.summary, at: error.location)
        case ControlError.vaultNotFound(let name): self = .noVault(name)
        case let error as ControlError: self = .unavailable(error.summary)
        case is CancellationError: self = .unavailable(ControlError.shuttingDown.summary)
        default: self = .fault(request: request)
        }
    }

    var wire: VaultErrorWire {
        let message = [location.map { "\($0): \(summary)" } ?? summary, advice].compactMap(\.self).joined(
            separator: " "
        )
        let inner = innerCode.map { VaultErrorWire.Problem.Inner(code: $0) }
        return VaultErrorWire(error: .init(code: code, message: message, innererror: inner))
    }
}
