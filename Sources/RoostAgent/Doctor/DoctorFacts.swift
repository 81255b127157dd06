import RoostClient

/// Everything that `roost-agent doctor` looks at, as it is now; what these facts mean is for ``examine(_:)``.
struct DoctorFacts: Sendable {
    /// The files of the agent's folder.
    struct Files: Sendable, Hashable {
        var root: String
        /// Nil when there is no agent's configuration; else why it cannot be read, or nothing.
        var configuration: Configuration
        /// Who asks.
        var user: String
        /// Whose the configuration is.
        var owner: String?
        /// Files and folders that are another user's than the configuration, relative to the folder; the first few.
        var foreign: [String] = []
        /// A folder that cannot be written to, with the error's number.
        var notWritable: (path: String, error: Int32)?

        enum Configuration: Hashable, Sendable {
            case missing
            case unreadable(String)
            case present(name: String, pool: String, url: String)
        }

        static func == (left: Files, right: Files) -> Bool {
            left.root == right.root && left.configuration == right.configuration && left.user == right.user
                && left.owner == right.owner && left.foreign == right.foreign
                && left.notWritable?.path == right.notWritable?.path
                && left.notWritable?.error == right.notWritable?.error
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(root)
            hasher.combine(configuration)
        }
    }

    /// A file system that the agent writes to.
    struct Disk: Sendable, Hashable {
        var path: String
        /// Bytes.
        var free: Int
        var size: Int
        var freeFiles: Int
    }

    /// Who listens for this agent.
    struct Listener: Sendable, Hashable {
        /// Somebody holds the lock of the listener.
        var isRunning: Bool
        /// Name of the unit in `.service`.
        var service: String?
        /// What systemd says of it, such as `active`; nil without systemd or unit.
        var serviceState: String?
    }

    /// How a name was resolved.
    enum Resolution: Sendable, Hashable {
        case addresses([String])
        case failed(String)
        /// It is an address already.
        case notNeeded
    }

    /// The way to the server.
    struct Network: Sendable {
        var url: String
        /// Host of the proxy or else of the server.
        var host: String
        var resolution: Resolution
        /// Nil without a proxy.
        var proxy: String?
        /// False when what stands in the proxy's place is no address of one.
        var isProxyUsable = true
        /// Whether the proxy's port takes connections.
        var proxyAnswers = true
        var answer: Answer
    }

    /// What the server said to somebody without a credential.
    enum Answer: Sendable {
        case failed(ClientError)
        /// `skew` is how many seconds this machine's clock is ahead of the server's; nil when the server told no time.
        case status(Int, isRoost: Bool, version: String?, skew: Double?)
    }

    /// What the server says to the agent itself.
    enum Credential: Sendable {
        /// `server` is the version of Roost; nil when the server is another's.
        case accepted(status: String, isEnabled: Bool, server: String?)
        case refused(ServerTrouble)
        case unusable(String)
    }

    var files: Files
    var disks: [Disk]
    /// First line of `git --version`; nil when there is none.
    var git: String?
    var listener: Listener
    var network: Network?
    var credential: Credential?
}
