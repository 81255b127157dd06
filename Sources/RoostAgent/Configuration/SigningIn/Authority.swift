import FoundationEssentials

/// An authorization server and the tenant that is asked.
struct Authority: Hashable, Sendable {
    /// Such as `https://host/tenant`, without a slash at its end.
    let url: String

    /// - Parameters:
    ///   - text: with or without a tenant.
    ///   - tenant: takes the place of the one in the text.
    ///   - server: the organization that is to be joined.
    /// - Throws: ``SignInFailure``.
    init(_ text: String, tenant: String?, server: String) throws(SignInFailure) {
        guard let normal = ServerURL.normalized(text) else { throw .notAnAuthority(text) }
        // A secret must not cross the network in clear only because an answer says so.
        guard normal.lowercased().hasPrefix("https:") || server.lowercased().hasPrefix("http:") else {
            throw .insecureAuthority(text)
        }
        var parts = normal.split(separator: "/", omittingEmptySubsequences: false).dropLast().map(String.init)
        if let tenant {
            if parts.count > 3 { parts.removeLast() }
            parts.append(tenant)
        }
        guard parts.count > 3 else { throw .notAnAuthority(text) }
        url = parts.joined(separator: "/")
    }

    var tokenEndpoint: String { "\(url)/oauth2/v2.0/token" }
    var deviceEndpoint: String { "\(url)/oauth2/v2.0/devicecode" }
}
