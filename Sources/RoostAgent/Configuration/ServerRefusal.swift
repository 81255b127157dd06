import RoostClient
public import RoostModel

/// Why a server did not take part in configuring an agent, told apart so that each has its own next step.
public struct ServerRefusal: UserFacingError, Hashable {
    /// The kinds of refusal.
    public enum Kind: String, Sendable, CaseIterable {
        case wrongToken = "token.unknown"
        case expiredToken = "token.expired"
        case revokedToken = "token.revoked"
        case expiredEnrollment = "enrollment.expired"
        case revokedEnrollment = "enrollment.revoked"
        case usedToken = "enrollment.used-up"
        case elsewhereToken = "enrollment.wrong-address"
        case otherPool = "enrollment.other-pool"
        case narrowToken = "token.scope"
        case clockSkew = "clock.skew"
        case unknownName = "server.unknown-name"
        case nobodyListens = "server.nobody-listens"
        case tls = "server.tls"
        case proxyRefuses = "proxy.refused"
        case proxyDeclines = "proxy.declined"
        case proxyAway = "proxy.unreachable"
        case unreachable = "server.unreachable"
        case timedOut = "server.timed-out"
        case otherServer = "server.other"
        case refused = "server.refused"
    }

    public let kind: Kind
    /// The organization that was asked.
    public let url: String
    /// The server's or the system's own words.
    public let reason: String
    private let ownAdvice: String?
    private let signIn: SignInKind

    /// - Parameters:
    ///   - error: what the client met.
    ///   - signIn: who signed in.
    ///   - isAgent: the agent itself signed in, with its key.
    init(_ error: ClientError, as signIn: SignInKind = .pat, isAgent: Bool = false) {
        self.signIn = signIn
        let address = error.location ?? ""
        url = address.utf8Range(of: "_apis/").map { String(address[..<$0.lowerBound]) } ?? address
        ownAdvice = error.advice
        (kind, reason) = Self.read(error, isAgent: isAgent)
    }

    private static func read(_ error: ClientError, isAgent: Bool) -> (Kind, String) {
        switch error {
        case .unauthorized(_, let reason, let code, _):
            (isAgent ? key(reason) : code.flatMap { signInKinds[$0] } ?? token(reason), reason)
        case .unreachable(_, let reason): (connection(reason), reason)
        case .tlsFailure(_, let reason): (.tls, reason)
        case .proxy(_, _, .refuses): (.proxyRefuses, error.summary)
        case .proxy(_, _, .declines): (.proxyDeclines, error.summary)
        case .proxy(_, _, .away): (.proxyAway, error.summary)
        case .timedOut: (.timedOut, "it did not answer in time")
        case .notAService(_, let reason), .malformedAnswer(_, let reason): (.otherServer, reason)
        case .file(_, let reason): (.refused, reason)
        case .invalidURL(let text): (.unknownName, "'\(text)' is no address")
        case .refused(let refusal) where refusal.code.flatMap { signInKinds[$0] } != nil:
            (refusal.code.flatMap { signInKinds[$0] } ?? .refused, refusal.messageWithoutAdvice)
        case .refused(let refusal) where refusal.status == 403: (.narrowToken, refusal.messageWithoutAdvice)
        case .refused(let refusal) where refusal.typeKey.isEmpty && refusal.status < 500:
            (.otherServer, "it answered \(refusal.status)")
        case .refused(let refusal): (.refused, refusal.messageWithoutAdvice)
        }
    }

    /// What a Roost server names by its code.
    private static let signInKinds: [String: Kind] = Dictionary(
        uniqueKeysWithValues: [
            Kind.wrongToken, .expiredToken, .revokedToken, .expiredEnrollment, .revokedEnrollment, .usedToken,
            .elsewhereToken, .otherPool,
        ].map { ($0.rawValue, $0) }
    )

    private static func key(_ reason: String) -> Kind {
        reason.lowercased().contains("current server time is") ? .clockSkew : .wrongToken
    }

    /// Other servers have only words.
    private static func token(_ reason: String) -> Kind {
        let text = reason.lowercased()
        if text.contains("expired") { return .expiredToken }
        return text.contains("revoked") ? .revokedToken : .wrongToken
    }

    private static func connection(_ reason: String) -> Kind {
        let text = reason.lowercased()
        if text.contains("refused") { return .nobodyListens }
        return text.contains("name") ? .unknownName : .unreachable
    }

    public var code: String { kind.rawValue }

    public var summary: String {
        switch kind {
        case .wrongToken: "The server does not accept the \(signIn.subject): \(sentence)"
        case .expiredToken: "The token has expired: \(sentence)"
        case .revokedToken: "The token has been revoked: \(sentence)"
        case .expiredEnrollment, .revokedEnrollment, .usedToken, .elsewhereToken, .otherPool, .proxyRefuses,
            .proxyDeclines,
            .proxyAway:
            sentence
        case .narrowToken: "The \(signIn.subject) is valid but may not do this: \(sentence)"
        case .clockSkew: "The clocks of this machine and the server differ too much: \(sentence)"
        case .unknownName: "The server's name is not known to this machine: \(sentence)"
        case .nobodyListens: "Nothing listens at the server's address: \(sentence)"
        case .tls: "No secure connection to the server is possible: \(sentence)"
        case .unreachable: "The server cannot be reached: \(sentence)"
        case .timedOut: "The server cannot be reached: \(sentence)"
        case .otherServer: "This is no Roost or Azure DevOps server: \(sentence)"
        case .refused: reason.hasSuffix(".") ? reason : "\(reason)."
        }
    }

    private var sentence: String { reason.hasSuffix(".") ? reason : "\(reason)." }

    public var location: String? { url.isEmpty ? nil : url }

    public var advice: String? {
        switch kind {
        case .wrongToken where signIn == .pat: "Check that it is whole and was made on this server."
        case .wrongToken: "See whether the server knows it and lets it in: 'roost identity list'."
        case .expiredToken, .revokedToken: "Make a new one with 'roost token create', or on the server's token page."
        case .expiredEnrollment, .revokedEnrollment:
            "Make a new one with 'roost pool create-enrollment-token'."
        case .usedToken: "Make a new one with 'roost pool create-enrollment-token', with more --uses."
        case .elsewhereToken: "Make one for this network with 'roost pool create-enrollment-token --from'."
        case .otherPool: "Make one for that pool with 'roost pool create-enrollment-token', or give another --pool."
        case .narrowToken where signIn != .pat:
            "Give it the scope to manage agent pools, 'vso.agentpools_manage', or the pool itself."
        case .narrowToken: "Use a token with the scope Agent Pools (read & manage), 'vso.agentpools_manage'."
        case .clockSkew: "Set this machine's clock (timedatectl, chrony), then run the command again."
        case .unknownName: "Check the URL's host, and the DNS of this machine."
        case .nobodyListens: "Check the URL's port, and that the server runs."
        case .tls: "Give the certificate of its authority with --sslcacert."
        case .proxyRefuses:
            "Give --proxyusername, and the password in the variable \(AgentInputs.prefix)PROXYPASSWORD or with --proxypassword -."
        case .proxyDeclines: ownAdvice
        case .proxyAway: "Check the address given with --proxyurl (or .proxy, or http_proxy), and that the proxy runs."
        case .unreachable, .timedOut: "Check the URL, and that no firewall or proxy stands between (--proxyurl)."
        case .otherServer: "Give the URL of the organization, such as https://host/DefaultCollection."
        case .refused: ownAdvice
        }
    }
}
