import FoundationEssentials

/// Authorities that a machine was handed together with what it joins: the agent trusts them, and so do the programs of its jobs.
struct HandedAuthority: Sendable {
    let root: AgentRoot
    /// In PEM.
    let certificates: Data

    /// Where systems keep all authorities that they trust in one file.
    private static let systems = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// What programs read: OpenSSL, curl, git and Python take a file in the place of the system's, Node one beside its own.
    private var variables: [(String, String)] {
        let all = ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "REQUESTS_CA_BUNDLE"]
        return all.map { ($0, root.allAuthorities) } + [("NODE_EXTRA_CA_CERTS", root.handedAuthority)]
    }

    /// Writes the files, and the variables that name them into `.env`.
    ///
    /// - Throws: ``ConfigurationFailure/notWritable(path:error:)``.
    func write() throws(ConfigurationFailure) {
        let own = String(decoding: certificates, as: UTF8.self)
        let known = Self.systems.lazy.compactMap { FileManager.default.contents(atPath: $0) }.first ?? Data()
        try write(own, to: root.handedAuthority)
        try write("\(String(decoding: known, as: UTF8.self))\n\(own)", to: root.allAuthorities)
        let lines = variables.map { "\($0)=\($1)\n" }.joined()
        try write((SmallFile.read(root.file(.environment)) ?? "") + lines, to: root.file(.environment))
    }

    private func write(_ text: String, to path: String) throws(ConfigurationFailure) {
        let error = SmallFile.write(text, to: path, mode: 0o644)
        guard error == 0 else { throw .notWritable(path: path, error: error) }
    }
}
