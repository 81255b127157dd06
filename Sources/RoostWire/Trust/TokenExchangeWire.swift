/// Asks for a token for that of another issuer; names as RFC 8693 §2.1 has them.
public struct TokenExchangeWire: Codable, Sendable, Hashable {
    public var grant_type: String?
    public var subject_token: String?
    public var subject_token_type: String?
    /// Only Roost: name or number of the pool in which an agent is to be registered.
    public var pool: String?

    public init(
        grant_type: String? = "urn:ietf:params:oauth:grant-type:token-exchange",
        subject_token: String? = nil,
        subject_token_type: String? = "urn:ietf:params:oauth:token-type:id_token",
        pool: String? = nil
    ) {
        self.grant_type = grant_type
        self.subject_token = subject_token
        self.subject_token_type = subject_token_type
        self.pool = pool
    }
}

/// The token that is given (RFC 8693 §2.2.1).
public struct TokenExchangeAnswerWire: Codable, Sendable, Hashable {
    public var access_token: String?
    public var issued_token_type: String?
    public var token_type: String?
    /// Seconds.
    public var expires_in: Int?
    /// Only Roost: the rule that accepted the other issuer's token.
    public var rule: String?

    public init(
        access_token: String? = nil,
        issued_token_type: String? = nil,
        token_type: String? = nil,
        expires_in: Int? = nil,
        rule: String? = nil
    ) {
        self.access_token = access_token
        self.issued_token_type = issued_token_type
        self.token_type = token_type
        self.expires_in = expires_in
        self.rule = rule
    }
}

/// Why none is given (RFC 6749 §5.2).
public struct TokenExchangeErrorWire: Codable, Sendable, Hashable {
    public var error: String?
    public var error_description: String?
    /// Only Roost: stable, such as `trust.wrong-audience`.
    public var code: String?

    public init(error: String? = nil, error_description: String? = nil, code: String? = nil) {
        self.error = error
        self.error_description = error_description
        self.code = code
    }
}
