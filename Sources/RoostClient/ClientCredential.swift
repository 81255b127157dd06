public import NIOCore
public import RoostModel
public import RoostWire

/// How a client proves who it is.
public enum ClientCredential: Sendable {
    case none
    /// A personal access token, sent as the password of basic authentication.
    case personalToken(Secret)
    /// A token that is sent as it is, such as a job's.
    case bearer(Secret)
    /// An agent's key: a token is fetched for it when one is needed, and again before it ends.
    case agent(client: ClientID, tokenURL: String, audience: String, key: AgentKey)
}

/// How a client connects.
public struct ClientOptions: Sendable {
    /// Product and version, such as `RoostAgent/4.270.0`.
    public var userAgent: String
    /// Of one request; polls have their own.
    public var timeout: Duration
    /// Tries after the first, when the server is away.
    public var retries: Int
    /// PEM file of an authority that is trusted beside the system's.
    public var authorityFile: String?
    public var verifiesCertificates: Bool
    /// Through which the server is reached; nil is the direct way.
    public var proxy: Proxy?
    /// Connections that may be open at once.
    public var connections: Int
    /// Serves the connections; nil for the loops that all clients of the process share.
    public var loop: (any EventLoop)?

    public init(
        userAgent: String,
        timeout: Duration = .seconds(100),
        retries: Int = 3,
        authorityFile: String? = nil,
        verifiesCertificates: Bool = true,
        proxy: Proxy? = nil,
        connections: Int = 4,
        loop: (any EventLoop)? = nil
    ) {
        self.userAgent = userAgent
        self.timeout = timeout
        self.retries = retries
        self.authorityFile = authorityFile
        self.verifiesCertificates = verifiesCertificates
        self.proxy = proxy
        self.connections = connections
        self.loop = loop
    }
}

/// How long to wait between tries.
public enum RetryPolicy {
    /// First pause.
    public static let base = Duration.milliseconds(200)
    /// Longest pause.
    public static let ceiling = Duration.seconds(60)

    /// The pause before a try: doubling, between half and the whole of it by `jitter`, never below what the server asked.
    ///
    /// - Parameters:
    ///   - attempt: 1 for the first repetition.
    ///   - jitter: 0 … 1, random.
    ///   - asked: the server's `Retry-After`.
    /// - Returns: how long to wait.
    public static func delay(attempt: Int, jitter: Double, asked: Duration? = nil) -> Duration {
        let doubled = base * (1 << min(max(attempt, 1) - 1, 12))
        let capped = min(doubled, ceiling)
        return max(capped * (0.5 + jitter / 2), asked ?? .zero)
    }
}
