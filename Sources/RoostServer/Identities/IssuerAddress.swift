import Foundation

/// The address of an issuer of tokens: https, or http on this machine alone.
struct IssuerAddress: Hashable, Sendable {
    let text: String

    /// Nil when the text is no such address.
    init?(_ text: String) {
        guard text.utf8.count <= 2000, let url = URL(string: text), let host = url.host, !host.isEmpty, url.user == nil,
            url.query == nil, url.fragment == nil
        else { return nil }
        guard url.scheme == "https" || url.scheme == "http" && Loopback.isHost(host) else { return nil }
        self.text = text
    }
}

/// Names of this machine.
enum Loopback {
    static func isHost(_ host: String) -> Bool {
        let bare = host.lowercased().trimmingCharacters(in: ["[", "]"])
        return bare == "localhost" || bare == "127.0.0.1" || bare == "::1"
    }
}
