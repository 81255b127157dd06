public import FoundationEssentials

/// Something that lets somebody in until a certain moment.
public struct ExpiringCredential: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case personalToken, enrollmentToken, identitySecret, identityCertificate, connectionCertificate, pinnedKeys,
            serverCertificate
    }

    public var kind: Kind
    /// As people know it.
    public var name: String
    /// Who made it or whose it is.
    public var owner: String
    /// Nil when it is not known since when it is good.
    public var begins: Date?
    public var ends: Date

    public init(kind: Kind, name: String, owner: String, begins: Date?, ends: Date) {
        self.kind = kind
        self.name = name
        self.owner = owner
        self.begins = begins
        self.ends = ends
    }
}

/// Says that a credential dies soon, or died a short while ago.
public struct CredentialWarning: Hashable, Sendable {
    public var credential: ExpiringCredential
    public var isExpired: Bool

    public init(_ credential: ExpiringCredential, isExpired: Bool) {
        self.credential = credential
        self.isExpired = isExpired
    }
}

extension ExpiringCredential {
    /// Longest time before its end at which a warning begins, and after its end at which it is still shown.
    public static let notice: TimeInterval = 14 * 86_400

    /// When a warning begins: in the last quarter of its life, but at most two weeks before its end.
    public var warnsFrom: Date {
        guard let begins, begins < ends else { return ends - Self.notice }
        return ends - min(Self.notice, ends.timeIntervalSince(begins) / 4)
    }
}

/// The warnings of a moment, the most urgent first.
///
/// For example a token of 30 days is named from a week before its end until two weeks after it.
public func planCredentialWarnings(_ credentials: [ExpiringCredential], at now: Date) -> [CredentialWarning] {
    credentials.filter { $0.warnsFrom <= now && now < $0.ends + ExpiringCredential.notice }
        .sorted { ($0.ends, $0.kind.rawValue, $0.name) < ($1.ends, $1.kind.rawValue, $1.name) }
        .map { CredentialWarning($0, isExpired: $0.ends <= now) }
}
