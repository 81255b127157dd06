import FoundationEssentials

/// Finds the vault that a request's host names: `team.vault.example` is the vault `team` below the suffix `vault.example`.
struct VaultHost: Sendable {
    /// In lower case, without a port.
    let suffix: String
    /// Nil for the usual one.
    let port: Int?

    init(suffix: String, port: Int? = nil) {
        self.suffix = suffix.lowercased()
        self.port = port
    }

    /// What access tokens for vaults are for.
    ///
    /// Azure's clients take a challenge only when the vault's address ends with this one, its port included.
    var resource: String { "https://\(suffix)" + (port.map { ":\($0)" } ?? "") }

    /// The name before the suffix, which is no vault's when it is empty or has a dot; nil when the host is none of vaults.
    ///
    /// - Parameter authority: host and port as the client wrote them.
    /// - Returns: the name in lower case.
    func name(in authority: String?) -> String? {
        guard var host = authority?.lowercased() else { return nil }
        if let colon = host.lastIndex(of: ":"), host[host.index(after: colon)...].allSatisfy(\.isNumber) {
            host = String(host[..<colon])
        }
        if host.hasSuffix(".") { host.removeLast() }
        if host == suffix { return "" }
        guard host.hasSuffix(".\(suffix)") else { return nil }
        return String(host.dropLast(suffix.count + 1))
    }
}
