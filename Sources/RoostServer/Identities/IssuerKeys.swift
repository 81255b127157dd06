import JWTKit

/// Finds the public keys of other issuers of tokens.
protocol IssuerKeys: Sendable {
    /// The keys that an issuer publishes now.
    ///
    /// - Parameter issuer: as tokens name it in `iss`.
    /// - Returns: those of kinds that are known.
    /// - Throws: an error whose description says what was asked and why it failed.
    func keys(for issuer: String) async throws -> JWKS
}
