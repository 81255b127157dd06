import FoundationEssentials

/// The authorities that the system trusts and others in one file, for programs that know one file.
enum AuthorityBundle {
    /// Where systems keep all authorities that they trust in one file.
    static let systems = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// - Parameter own: in PEM.
    /// - Returns: the same with the system's before it.
    static func text(adding own: String) -> String {
        let known = systems.lazy.compactMap { FileManager.default.contents(atPath: $0) }.first ?? Data()
        return "\(String(decoding: known, as: UTF8.self))\n\(own)"
    }

    /// Writes the file of an agent, anew at each of its starts, because the system's authorities change.
    ///
    /// - Parameters:
    ///   - authority: PEM file of an authority; nil leaves programs to the system's.
    ///   - root: the agent's folder.
    /// - Returns: the path; nil without an authority.
    /// - Throws: ``ConfigurationFailure`` when the one cannot be read or the other not be written.
    static func write(_ authority: String?, _ root: AgentRoot) throws(ConfigurationFailure) -> String? {
        guard let authority else { return nil }
        guard let own = FileManager.default.contents(atPath: authority) else {
            throw .unreadable(path: authority, reason: "the authority that --sslcacert named is not there any more")
        }
        let text = text(adding: String(decoding: own, as: UTF8.self))
        let path = root.allAuthorities
        // Jobs that run read it: it is the same file for them, or not touched at all.
        if SmallFile.read(path) == text { return path }
        let error = SmallFile.write(text, to: path, mode: 0o644)
        guard error == 0 else { throw .notWritable(path: path, error: error) }
        return path
    }
}
