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

    /// What a person keeps once for all slots of an agent is in the agent's folder, the rest in the slot's.
    func file(_ file: File) -> String {
        switch file {
        case .environment, .path, .capabilities, .service: "\(home)/\(file.rawValue)"
        default: "\(path)/\(file.rawValue)"
        }
    }

    func has(_ file: File) -> Bool { FileTree.exists(self.file(file)) }

    /// Whether an agent is configured here.
    public var isConfigured: Bool { has(.settings) }

    /// Holds the folders of an agent's slots.
    static let slotsFolder = "_slots"

    /// The folder of a slot of this agent; slots are counted from 1.
    func slot(_ number: Int) -> AgentRoot { AgentRoot("\(path)/\(Self.slotsFolder)/\(number)") }

    /// The folders of the slots that are configured, in their order; none for an agent that runs one job at a time.
    var slots: [AgentRoot] {
        let numbers = FileTree.names(in: "\(path)/\(Self.slotsFolder)").compactMap { Int($0) }
        return numbers.sorted().map(slot).filter(\.isConfigured)
    }

    /// The number of the slot that this folder is; nil for an agent's own folder.
    var slotNumber: Int? {
        let parts = path.split(separator: "/")
        guard parts.count > 2, parts.dropLast().last == Self.slotsFolder[...], let last = parts.last else { return nil }
        return Int(last)
    }

    /// The folder with the agent's program: that above for a slot, else the folder itself.
    var home: String {
        guard slotNumber != nil else { return path }
        return "/" + path.split(separator: "/").dropLast(2).joined(separator: "/")
    }

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
