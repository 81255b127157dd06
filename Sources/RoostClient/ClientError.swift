public import RoostModel

/// What can go wrong between a client and its server.
public enum ClientError: UserFacingError, Hashable {
    /// No connection: a name that is not found, a port that nobody listens on.
    case unreachable(url: String, reason: String)
    case tlsFailure(url: String, reason: String)
    /// The proxy on the way to the server.
    case proxy(url: String, proxy: String, ProxyTrouble)
    case timedOut(url: String)
    /// No credential, or one that is refused; the code is the server's own, when it has one.
    case unauthorized(url: String, reason: String, code: String? = nil, advice: String? = nil)
    /// The service's own refusal, with its key.
    case refused(Refusal)
    /// The answer is none of such a service.
    case notAService(url: String, reason: String)
    /// The body is not what the service promises.
    case malformedAnswer(url: String, reason: String)
    case invalidURL(String)
    /// A file of this machine that is sent or written.
    case file(path: String, reason: String)

    /// The service puts its advice behind the message, for clients that know nothing else.
    static func message(_ message: String, without advice: String?) -> String {
        guard let advice, message.hasSuffix(advice) else { return message }
        return message.dropLast(advice.count).trimmingSuffix(" ")
    }

    /// What is wrong with a proxy.
    public enum ProxyTrouble: Hashable, Sendable {
        /// It wants another user or password than these.
        case refuses(user: String?)
        /// It is there, and could not or may not connect to the server.
        case declines(status: Int?)
        /// It cannot be reached.
        case away(String)
    }

    /// An error answer of the service.
    public struct Refusal: Hashable, Sendable {
        /// HTTP status.
        public var status: Int
        /// Such as `TaskAgentNotFoundException`; empty when the answer named none.
        public var typeKey: String
        public var message: String
        public var url: String
        public var code: String?
        public var location: String?
        public var advice: String?
        /// Seconds to wait before another try.
        public var retryAfter: Double?

        /// What happened, without what to do.
        public var messageWithoutAdvice: String { ClientError.message(message, without: advice) }
    }

    /// The service's key of a refusal.
    public var typeKey: String? {
        if case .refused(let refusal) = self { return refusal.typeKey }
        return nil
    }

    /// The far side may answer later: it is away, or says so itself.
    public var isPassing: Bool {
        switch self {
        case .unreachable, .timedOut, .proxy(_, _, .away), .proxy(_, _, .declines): true
        case .refused(let refusal): [408, 429, 500, 502, 503, 504].contains(refusal.status)
        // Asking on with a wrong password may lock an account.
        case .proxy(_, _, .refuses): false
        case .tlsFailure, .unauthorized, .notAService, .malformedAnswer, .invalidURL, .file: false
        }
    }

    public var code: String {
        switch self {
        case .unreachable: "server.unreachable"
        case .tlsFailure: "server.tls"
        case .proxy(_, _, .refuses): "proxy.refused"
        case .proxy(_, _, .declines): "proxy.declined"
        case .proxy(_, _, .away): "proxy.unreachable"
        case .timedOut: "server.timed-out"
        case .unauthorized: "token.refused"
        case .refused(let refusal): refusal.code ?? (refusal.status == 403 ? "forbidden" : "server.refused")
        case .notAService: "server.other"
        case .malformedAnswer: "server.malformed"
        case .invalidURL: "url.invalid"
        case .file: "file.unusable"
        }
    }

    public var summary: String {
        switch self {
        case .unreachable(_, let reason): "The server cannot be reached: \(reason)."
        case .tlsFailure(_, let reason): "No secure connection to the server: \(reason)."
        case .proxy(_, let proxy, .refuses(nil)): "The proxy \(proxy) wants a user and a password."
        case .proxy(_, let proxy, .refuses(let user?)):
            "The proxy \(proxy) refuses the user '\(user)' or the password."
        case .proxy(_, let proxy, .declines(let status)):
            "The server cannot be reached: the proxy \(proxy) could not or may not connect to it"
                + (status.map { " (it answers \($0))." } ?? ".")
        case .proxy(_, let proxy, .away(let reason)): "The proxy \(proxy) cannot be reached: \(reason)."
        case .timedOut: "The server did not answer in time."
        case .unauthorized(_, let reason, _, _): reason
        case .refused(let refusal): refusal.messageWithoutAdvice
        case .notAService(_, let reason): "This is no Roost or Azure DevOps server: \(reason)."
        case .malformedAnswer(_, let reason): "The server's answer cannot be understood: \(reason)."
        case .invalidURL(let text): "'\(text)' is no URL of a server."
        case .file(let path, let reason): "The file '\(path)' cannot be used: \(reason)."
        }
    }

    public var location: String? {
        switch self {
        case .unreachable(let url, _), .tlsFailure(let url, _), .proxy(let url, _, _), .timedOut(let url),
            .unauthorized(let url, _, _, _),
            .notAService(let url, _), .malformedAnswer(let url, _):
            url
        case .refused(let refusal): refusal.location ?? refusal.url
        case .file(let path, _): path
        case .invalidURL: nil
        }
    }

    public var advice: String? {
        switch self {
        case .unreachable: "Check the URL, and that the server runs and no firewall or proxy stands between."
        case .tlsFailure: "Give the certificate of its authority with --sslcacert, or check the server's certificate."
        case .proxy(_, _, .refuses): "Give the proxy's user and password; it was not asked again."
        case .proxy(_, _, .declines): "Check that the server runs, and that the proxy allows CONNECT to its port."
        case .proxy(_, _, .away): "Check the proxy's address, and that it runs."
        case .timedOut: "Try again; if it goes on, look at the server's log and load."
        case .unauthorized(_, _, _, let advice):
            advice ?? "Make a new token with 'roost token create', or check that it is whole and meant for this server."
        case .refused(let refusal): refusal.advice
        case .notAService: "Give the URL of the organization, such as https://host/DefaultCollection."
        case .malformedAnswer, .file: nil
        case .invalidURL: "Write it as https://host:port/organization."
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var rest = self
        while rest.last == character { rest = rest.dropLast() }
        return String(rest)
    }
}
