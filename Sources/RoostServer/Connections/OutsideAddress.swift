import FoundationEssentials

/// Which addresses of others this server sends secrets to.
enum OutsideAddress {
    /// Secrets travel in the clear on this machine only.
    static func isSecure(_ url: String) -> Bool {
        guard let parsed = URL(string: url), let host = parsed.host, !host.isEmpty else { return false }
        return parsed.scheme == "https"
            || parsed.scheme == "http" && ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host)
    }
}
