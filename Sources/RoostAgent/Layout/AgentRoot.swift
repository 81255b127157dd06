/// The folder of one agent, and the files in it that hold its configuration.
public struct AgentRoot: Hashable, Sendable {
    /// An absolute path without a slash at its end.
    public let path: String

    /// - Parameter path: absolute, or relative to the current folder.
    public init(_ path: String) {
        let full = path.hasPrefix("/") ? path : "\(FileTree.resolved(".") ?? "")/\(path)"
        let resolved = FileTree.resolved(full) ?? full
        self.path = resolved.count > 1 && resolved.hasSuffix("/") ? String(resolved.dropLast()) : resolved
    }

    /// The files of an agent, by the names Azure Pipelines' agent has for them.
    enum File: String, CaseIterable, Sendable {
        /// Who it is and where its server is.
        case settings = ".agent"
        /// The OAuth client it is.
        case credentials = ".credentials"
        /// Its private key.
        case key = ".credentials_rsaparams"
        /// The same, sealed with a key of the machine; there is one of the two.
        case sealedKey = ".credentials_sealed"
        /// Variables put into the environment of the listener at its start.
        case environment = ".env"
        /// The PATH a service has.
        case path = ".path"
        /// Capabilities that people wrote down.
        case capabilities = ".capabilities"
        /// The proxy's URL.
        case proxy = ".proxy"
        case proxyCredentials = ".proxycredentials"
        /// Patterns of URLs that need no proxy.
        case proxyBypass = ".proxybypass"
        /// Which certificates are trusted.
        case certificates = ".certificates"
        /// Keys whose signatures of packages are trusted.
        case packageKeys = ".packagekeys"
        /// Name of the service unit.
        case service = ".service"
    }

    func file(_ file: File) -> String { "\(path)/\(file.rawValue)" }

    func has(_ file: File) -> Bool { FileTree.exists(self.file(file)) }

    /// Whether an agent is configured here.
    public var isConfigured: Bool { has(.settings) }

    /// Certificates of authorities that a machine was handed.
    var handedAuthority: String { "\(path)/authority.pem" }
    /// The same with those of the system, for programs that know one file.
    var allAuthorities: String { "\(path)/authorities.pem" }
    /// Log files of the agent itself.
    var diagnostics: String { "\(path)/_diag" }
    /// What is noted about jobs that run.
    var journals: String { "\(diagnostics)/jobs" }
    /// Locked while a listener runs.
    var lockFile: String { "\(diagnostics)/listener.lock" }
    /// Versions of tools, so that a later scan need not start them.
    var toolVersions: String { "\(diagnostics)/tool-versions.json" }
}

extension AgentRoot {
    /// Where an invocation without `--root` finds its agent.
    ///
    /// The layout that is installed has the executable in `bin`, beside which the scripts stand. Everywhere else the current folder counts.
    ///
    /// - Parameters:
    ///   - executable: the path of the running program.
    ///   - named: the folder named by `--root` or `ROOST_AGENT_ROOT`.
    /// - Returns: the agent's folder.
    public static func find(executable: String, named: String?) -> AgentRoot {
        if let named, !named.isEmpty { return AgentRoot(named) }
        let parts = executable.split(separator: "/")
        if parts.dropLast().last == "bin" {
            let home = "/" + parts.dropLast(2).joined(separator: "/")
            if FileTree.isFile("\(home)/config.sh") { return AgentRoot(home) }
        }
        return AgentRoot(".")
    }
}
