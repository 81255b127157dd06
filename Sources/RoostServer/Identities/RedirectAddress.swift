import Foundation

/// Where a browser is sent with a code.
struct RedirectAddress: Hashable, Sendable {
    let text: String
    /// Scheme, host and port.
    let origin: String
    /// On the machine of the browser.
    let isLoopback: Bool
    private let path: String

    /// Nil for what a browser must not be sent to.
    init?(_ text: String) {
        guard text.utf8.count <= 2000, let url = URL(string: text), let scheme = url.scheme, let host = url.host,
            !host.isEmpty, url.user == nil, url.fragment == nil,
            !text.unicodeScalars.contains(where: {
                $0.value <= 32 || $0.value == 127 || "\"'<>;,\\".unicodeScalars.contains($0)
            })
        else { return nil }
        isLoopback = Loopback.isHost(host)
        guard scheme == "https" || scheme == "http" && isLoopback else { return nil }
        self.text = text
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        origin = "\(scheme)://\(bracketed)\(url.port.map { ":\($0)" } ?? "")"
        path = url.path
    }

    /// Whether one that is asked for is among those that are registered: exactly, but for the port of a loopback address (RFC 8252 §7.3).
    func isRegistered(_ registered: [String]) -> Bool {
        registered.contains { text in
            if text == self.text { return true }
            guard isLoopback, let known = RedirectAddress(text), known.isLoopback else { return false }
            return known.plainPath == plainPath
        }
    }

    private var plainPath: String { path == "/" ? "" : path }

    /// With more in its query.
    func adding(_ values: [(String, String)]) -> String {
        let more = values.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
        return text + (text.contains("?") ? "&" : "?") + more
    }
}
