import Foundation

/// From where an issuer's keys are fetched.
struct IssuerSource: Hashable, Sendable {
    /// As `iss` has it.
    var issuer: String
    /// Authorities in PEM form, beside the system's.
    var authority: String?

    /// Where the issuer says what it is (OpenID Connect Discovery §4).
    var discovery: String {
        "\(issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer)/.well-known/openid-configuration"
    }

    /// Whether keys may be fetched from an address: https, or http on this machine alone.
    static func isSafe(_ address: String) -> Bool {
        guard address.utf8.count <= 2000, let url = URL(string: address), let host = url.host, !host.isEmpty,
            url.user == nil, url.fragment == nil
        else { return false }
        let bare = host.lowercased().trimmingCharacters(in: ["[", "]"])
        return url.scheme == "https"
            || url.scheme == "http" && ["localhost", "127.0.0.1", "::1"].contains(bare)
    }
}

/// Asks issuers for their keys.
protocol IssuerKeyFetching: Sendable {
    /// The present keys; may be called for several issuers at once.
    func keys(of source: IssuerSource) async throws(IssuerKeyFailure) -> IssuerKeySet
}
