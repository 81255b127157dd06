import FoundationEssentials

/// Authorities that a machine was handed together with what it joins: the agent trusts them, and so do the programs of its jobs.
struct HandedAuthority: Sendable {
    let root: AgentRoot
    /// In PEM.
    let certificates: Data

    /// What programs read.
    private var variables: [(String, String)] {
        JobNetwork.bundleVariables.map { ($0, root.allAuthorities) }
            + JobNetwork.authorityVariables.map { ($0, root.handedAuthority) }
    }

    /// Writes the files, and the variables that name them into `.env`.
    ///
    /// - Throws: ``ConfigurationFailure/notWritable(path:error:)``.
    func write() throws(ConfigurationFailure) {
        let own = String(decoding: certificates, as: UTF8.self)
        try write(own, to: root.handedAuthority)
        try write(AuthorityBundle.text(adding: own), to: root.allAuthorities)
        let lines = variables.map { "\($0)=\($1)\n" }.joined()
        try write((SmallFile.read(root.file(.environment)) ?? "") + lines, to: root.file(.environment))
    }

    private func write(_ text: String, to path: String) throws(ConfigurationFailure) {
        let error = SmallFile.write(text, to: path, mode: 0o644)
        guard error == 0 else { throw .notWritable(path: path, error: error) }
    }
}
