import Glibc
public import RoostModel

/// Why an agent could not be configured, removed or started.
public enum ConfigurationFailure: UserFacingError, Hashable {
    case missingArgument(String)
    case alreadyConfigured(String)
    case notConfigured(String)
    /// A service unit runs the agent.
    case serviceInstalled(String)
    case runsAlready(String)
    case notAnURL(String)
    case notAProxy(String)
    case signInKind(String, near: String?)
    case poolNotFound(String, near: String?, known: [String])
    case hostedPool(String)
    case agentExists(String, pool: String)
    case workFolder(String, error: Int32)
    case warmUpMissing(String)
    case notWritable(path: String, error: Int32)
    case unreadable(path: String, reason: String)
    case keyUnusable(String)
    case noKeyMade
    /// The key cannot be kept in the way that was asked for.
    case keyNotProtected(String)
    /// The key is sealed and cannot be opened.
    case keySealed(String)
    case keyProtectionKind(String)
    case isolationKind(String)
    /// A number of slots or a limit that makes no sense.
    case limitValue(String, String, expected: String)
    /// What was asked for cannot be limited here.
    case limitsNotKept(String)
    case upkeep(String, reason: String)
    /// The machine's instance document does not have it.
    case machineFactUnknown(String)
    case notOnline(String, pool: String)
    /// The port at which a machine waits cannot be used.
    case port(String, error: Int32)
    /// Something that each machine has of its own could not be set.
    case ownState(String, error: Int32)
    /// The server registered the agent and gave it no OAuth client.
    case noClient
    /// Asking makes no sense any more: the input has ended.
    case inputEnded
    /// An identity got no token to register the agent with.
    case signIn(SignInFailure)
    /// The enrollment is for other pools.
    case otherPool(String, own: [String])
    case server(ServerRefusal)

    public var code: String {
        switch self {
        case .missingArgument: "configure.missing-argument"
        case .alreadyConfigured: "configure.already"
        case .notConfigured: "configure.not-yet"
        case .serviceInstalled: "configure.service-installed"
        case .runsAlready: "agent.runs-already"
        case .notAnURL: "url.invalid"
        case .notAProxy: "proxy.invalid"
        case .signInKind: "configure.auth-kind"
        case .poolNotFound: "pool.not-found"
        case .hostedPool: "pool.hosted"
        case .agentExists: "agent.name-taken"
        case .workFolder: "configure.work-folder"
        case .warmUpMissing: "configure.warm-up"
        case .notWritable: "configure.not-writable"
        case .unreadable: "configure.unreadable"
        case .keyUnusable, .noKeyMade, .keyNotProtected, .keySealed: "configure.key"
        case .keyProtectionKind: "configure.key-protection"
        case .isolationKind: "configure.isolation-kind"
        case .limitValue: "configure.limit-value"
        case .limitsNotKept: "configure.limits"
        case .upkeep: "configure.upkeep"
        case .machineFactUnknown: "machine.fact-unknown"
        case .notOnline: "agent.not-online"
        case .port: "machine.port"
        case .ownState: "machine.own-state"
        case .noClient: "server.no-client"
        case .inputEnded: "configure.input-ended"
        case .signIn(let failure): failure.code
        case .otherPool: "enrollment.other-pool"
        case .server(let refusal): refusal.code
        }
    }

    /// Another pool may help.
    var isAboutPool: Bool {
        switch self {
        case .poolNotFound, .hostedPool, .otherPool: true
        default: false
        }
    }

    public var summary: String {
        switch self {
        case .missingArgument(let name): "The argument '--\(name)' is missing."
        case .alreadyConfigured(let folder):
            "Cannot configure the agent because it is already configured in '\(folder)'."
        case .notConfigured(let folder): "No agent is configured in '\(folder)'."
        case .serviceInstalled(let unit): "The agent runs as the service '\(unit)'."
        case .runsAlready(let folder): "The agent in '\(folder)' runs already."
        case .notAnURL(let text): "'\(text)' is no address of a server."
        case .notAProxy(let text): "'\(text)' is no address of a proxy that can be used."
        case .signInKind(let kind, _): "Signing in with '--auth \(kind)' is not available."
        case .poolNotFound(let name, _, _): "There is no agent pool '\(name)', or the token may not see it."
        case .hostedPool(let name): "The pool '\(name)' is run by the service itself; no agent can join it."
        case .agentExists(let name, let pool): "The pool '\(pool)' already contains an agent with name '\(name)'."
        case .warmUpMissing(let path): "The warm-up '\(path)' is no program that can be run."
        case .workFolder(let path, let error): "The work folder '\(path)' cannot be written: \(systemMessage(error))."
        case .notWritable(let path, let error): "'\(path)' could not be written: \(systemMessage(error))."
        case .unreadable(let path, let reason): "'\(path)' cannot be read: \(reason)."
        case .keyUnusable(let path): "The key in '\(path)' is damaged."
        case .noKeyMade: "No key could be made: the machine gives no random numbers."
        case .keyNotProtected(let reason): "The agent's key cannot be kept as '--keyprotection' asks: \(reason)."
        case .keySealed(let reason): "The agent's key cannot be got back: \(reason)."
        case .keyProtectionKind(let word): "'\(word)' is no value for '--keyprotection'."
        case .isolationKind(let word): "'\(word)' is no value for '--isolation'."
        case .limitValue(let name, let text, let expected): "'\(text)' is no value for '--\(name)': it is \(expected)."
        case .limitsNotKept(let reason): "The limits of jobs cannot be kept here: \(reason)."
        case .upkeep(let text, let reason): "'\(text)' is no value for '--upkeep': \(reason)."
        case .machineFactUnknown(let name): "The machine's metadata endpoint does not know '\(name)'."
        case .notOnline(let name, let pool):
            "The agent '\(name)' did not come online in the pool '\(pool)' in two minutes."
        case .port(let path, let error): "The port '\(path)' cannot be used: \(systemMessage(error))."
        case .ownState(let what, let error): "The machine's \(what) could not be set: \(systemMessage(error))."
        case .noClient: "The server registered the agent but told it no way to sign in."
        case .inputEnded: "The input ended before all questions were answered."
        case .signIn(let failure): failure.summary
        case .otherPool(let name, let own): "The enrollment is not for the pool '\(name)' but for \(Self.list(own))."
        case .server(let refusal): refusal.summary
        }
    }

    public var location: String? {
        switch self {
        case .server(let refusal): refusal.location
        case .signIn(let failure): failure.location
        default: nil
        }
    }

    private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }

    private static var kinds: String { "What works is \(list(SignInKind.allCases.map(\.rawValue)))." }

    public var advice: String? {
        switch self {
        case .missingArgument(let name):
            "Give it, or set \(AgentInputs.prefix)\(name.uppercased()); without --unattended it is asked for."
        case .alreadyConfigured: "To configure it anew, first run './config.sh remove'."
        case .notConfigured: "Run './config.sh' there first, or name the agent's folder with --root."
        case .serviceInstalled: "Stop and uninstall the service first."
        case .runsAlready: "Stop the other one first, or configure a second agent in a folder of its own."
        case .warmUpMissing: "Give the path of a program that may be run (chmod +x)."
        case .port: "Name a serial port of this machine, as root: ttyS1 is /dev/ttyS1."
        case .ownState: "Run it as root of a machine of its own."
        case .machineFactUnknown: "Name the server or the vaults' suffix yourself."
        case .notOnline: "See the files in _diag of the agent's folder."
        case .notAnURL: "Write it as https://host:port/organization."
        case .notAProxy: "Write it as http://host:port; proxies that are spoken to over TLS or SOCKS are not available."
        case .signInKind(_, let near?): "Did you mean '--auth \(near)'? \(Self.kinds)"
        case .signInKind: Self.kinds
        case .poolNotFound(_, let near?, _): "Did you mean '\(near)'?"
        case .poolNotFound(_, nil, let known) where known.isEmpty:
            "Make the pool first, or give a token with the scope to manage agent pools."
        case .poolNotFound(_, nil, let known):
            "Pools of this server: \(Self.list(known))."
        case .hostedPool: "Choose a pool for self-hosted agents."
        case .agentExists: "Choose another name with --agent, or take its place with --replace."
        case .workFolder(_, ENOSPC), .notWritable(_, ENOSPC):
            "Free space on that disk, or choose another folder with --work."
        case .workFolder: "Choose another folder with --work, or give the agent's user the right to write there."
        case .notWritable: "Give the user who configures the agent the right to write there."
        case .unreadable: "Run './config.sh remove' and configure the agent again."
        case .keyNotProtected: "Choose another '--keyprotection', such as file."
        case .upkeep: "Give parts such as 'free=10%,least=1g,workspace=30d', or 'off'."
        case .isolationKind: "It is \(IsolationMode.allCases.map(\.rawValue).joined(separator: ", "))."
        case .limitValue(let name, _, _): "Write it as --\(name) \(JobLimits.example(name))."
        case .limitsNotKept:
            "Run the agent as a service of systemd (./svc.sh install), which hands it control groups, or as root; or configure it without --cpus, --memory and --pids."
        case .keyProtectionKind: "It is \(KeyProtection.allCases.map(\.rawValue).joined(separator: ", "))."
        case .keyUnusable, .keySealed: "Run './config.sh reauth' to make a new one."
        case .noKeyMade: nil
        case .noClient: "Only servers that sign agents in by key (Azure DevOps, Roost) can be used."
        case .inputEnded: "Give the values as arguments together with --unattended."
        case .signIn(let failure): failure.advice
        case .otherPool(_, let own) where own.count == 1: "Give --pool \(own[0]), or an enrollment for that pool."
        case .otherPool: "Give one of these with --pool, or an enrollment for that pool."
        case .server(let refusal): refusal.advice
        }
    }
}
