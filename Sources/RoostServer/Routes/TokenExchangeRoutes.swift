import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// Where a token of another issuer becomes one that registers agents (RFC 8693 §2).
func addTokenExchangeRoutes(to table: RouteTable) {
    table.post("roost/enrollment/exchange", access: .anonymous) { call in
        try call.limitExchange()
        do {
            return try await call.exchange(try await call.exchangeRequest())
        } catch let refusal as TrustRefusal {
            try await call.plane.auditRefusedExchange(
                refusal,
                from: call.context.clientAddress,
                requestID: call.context.requestID
            )
            let text = refusal.summary + (refusal.advice.map { " \($0)" } ?? "")
            let body = TokenExchangeErrorWire(error: refusal.error, error_description: text, code: refusal.code)
            let isPassing = refusal.error == "temporarily_unavailable"
            return try JSONAnswer.one(body, call.negotiation, status: isPassing ? .serviceUnavailable : .badRequest)
        }
    }
}

extension Call {
    private static let grant = "urn:ietf:params:oauth:grant-type:token-exchange"
    /// What the token may be called; it is looked at in one way.
    private static let kinds: Set = [
        "urn:ietf:params:oauth:token-type:id_token", "urn:ietf:params:oauth:token-type:jwt",
        "urn:ietf:params:oauth:token-type:access_token",
    ]

    /// Each exchange costs checks of signatures and a record of the audit, so that an address has few.
    fileprivate func limitExchange() throws(AccessRefusal) {
        let limiter = services.exchangeLimiter
        let allowance = limiter.take(.address(context.clientAddress), at: .now)
        guard !allowance.isAllowed else { return }
        throw .tooManyRequests(limit: allowance.limit, retryAfter: max(1, Int(allowance.wait.rounded(.up))))
    }

    /// The body, as a form or as JSON.
    fileprivate func exchangeRequest() async throws -> TokenExchangeWire {
        let isForm = request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") ?? false
        guard isForm else { return try await decode(TokenExchangeWire.self) }
        let form = QueryValues(String(buffer: try await body()))
        return TokenExchangeWire(
            grant_type: form["grant_type"],
            subject_token: form["subject_token"],
            subject_token_type: form["subject_token_type"],
            pool: form["pool"]
        )
    }

    fileprivate func exchange(_ wanted: TokenExchangeWire) async throws -> Response {
        guard wanted.grant_type == Self.grant else {
            throw TrustRefusal.badRequest("The grant_type must be \(Self.grant).")
        }
        guard let token = wanted.subject_token, !token.isEmpty else {
            throw TrustRefusal.badRequest("A subject_token is needed.")
        }
        if let kind = wanted.subject_token_type, !Self.kinds.contains(kind) {
            throw TrustRefusal.badRequest("The subject_token_type must be urn:ietf:params:oauth:token-type:id_token.")
        }
        let pool = try wanted.pool.map { try exchangePool($0) }
        let rules = plane.trustRules().filter(\.isEnabled)
        let found = try await TrustCheck(keys: services.issuerKeys).accept(token, rules, pool: pool, at: Date())
        let issued = try await plane.issueEnrollmentBearer(
            found.rule,
            subject: found.claims.subject ?? "",
            pool: pool,
            requestID: context.requestID
        )
        let answer = TokenExchangeAnswerWire(
            access_token: issued.token.exposed,
            issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
            token_type: "Bearer",
            expires_in: issued.lifetime,
            rule: found.rule.name
        )
        var response = try self.answer(answer)
        response.headers[.cacheControl] = "no-store"
        return response
    }

    /// Pools that do not exist are no other than those a rule does not reach, for whoever asks has shown nothing yet.
    private func exchangePool(_ nameOrID: String) throws(TrustRefusal) -> PoolID {
        if let pool = plane.pool(named: nameOrID) { return pool.id }
        return PoolID(Int(nameOrID) ?? 0)
    }
}
