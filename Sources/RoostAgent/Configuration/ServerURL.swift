import FoundationEssentials

/// Addresses of servers.
enum ServerURL {
    /// With a slash at its end and without blanks; nil when it is no address of a server.
    static func normalized(_ text: String) -> String? {
        let trimmed = text.filter { !$0.isWhitespace }
        guard let url = URL(string: trimmed), let scheme = url.scheme?.lowercased(),
            scheme == "http" || scheme == "https",
            url.host?.isEmpty == false, url.query == nil
        else { return nil }
        return trimmed.hasSuffix("/") ? trimmed : "\(trimmed)/"
    }

    static func host(of url: String) -> String? { URL(string: url)?.host }

    /// An address with scheme, host and port of another: a server is asked where the agent knows it, whatever it calls itself.
    static func moved(_ address: String, to server: String) -> String {
        guard let path = afterOrigin(address), let rest = afterOrigin(server) else { return address }
        return String(server.dropLast(rest.count)) + path
    }

    /// What follows scheme, host and port.
    private static func afterOrigin(_ url: String) -> Substring? {
        guard let slashes = url.utf8Range(of: "://") else { return nil }
        return url[slashes.upperBound...].firstIndex { "/?#".contains($0) }.map { url[$0...] } ?? ""
    }
}
