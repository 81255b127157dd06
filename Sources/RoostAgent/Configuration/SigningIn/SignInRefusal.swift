import RoostClient
public import RoostModel

/// The answer of an authority that gives no token, told apart so that each has its own next step.
public struct SignInRefusal: UserFacingError, Hashable {
    /// The kinds of refusal.
    public enum Kind: String, Sendable, CaseIterable {
        case wrongSecret = "identity.wrong-secret"
        case expiredSecret = "identity.expired-secret"
        case unknownClient = "identity.unknown"
        case disabledClient = "identity.disabled"
        case unknownCertificate = "identity.unknown-certificate"
        case expiredCertificate = "identity.expired-certificate"
        case badAssertion = "identity.bad-assertion"
        case clockSkew = "clock.skew"
        case noFederation = "identity.no-federation"
        case unknownTenant = "identity.unknown-tenant"
        case scope = "identity.scope"
        case codeExpired = "device-code.expired"
        case codeDeclined = "device-code.declined"
        /// No trust rule lets the token in.
        case notTrusted = "trust.refused"
        case noMachineIdentity = "machine.no-identity"
        case tooMany = "access.too-many-requests"
        case refused = "identity.refused"
    }

    public let kind: Kind
    /// The endpoint.
    public let url: String
    /// Its own words, as one line.
    public let reason: String
    /// Nothing that gives tokens is at the address.
    let isUnknownAddress: Bool
    private let ownCode: String?
    private let ownAdvice: String?

    init(_ refusal: IdentityRefusal, as signIn: SignInKind) {
        kind = Self.kind(refusal, signIn)
        url = refusal.url
        isUnknownAddress = refusal.status == 404 || refusal.status == 405
        reason = Self.line(refusal.message.isEmpty ? refusal.error : refusal.message)
        ownCode = refusal.code
        ownAdvice = refusal.advice.map(Self.line)
    }

    private static func kind(_ refusal: IdentityRefusal, _ signIn: SignInKind) -> Kind {
        if let known = refusal.number.flatMap({ numbers[$0] }) { return known }
        switch refusal.error {
        case "expired_token": return .codeExpired
        case "authorization_declined", "access_denied": return .codeDeclined
        case "invalid_scope": return .scope
        default: break
        }
        if refusal.status == 429 { return .tooMany }
        if refusal.number != nil { return .refused }
        switch signIn {
        case .federated: return .notTrusted
        case .machine: return .noMachineIdentity
        default: return .refused
        }
    }

    /// The numbers that people search for.
    private static let numbers: [Int: Kind] = [
        7_000_215: .wrongSecret, 7_000_222: .expiredSecret, 700_016: .unknownClient, 7_000_112: .disabledClient,
        700_027: .unknownCertificate, 50_027: .badAssertion, 700_023: .badAssertion, 700_024: .clockSkew,
        70_021: .noFederation, 700_211: .noFederation, 700_212: .noFederation, 700_213: .noFederation,
        90_002: .unknownTenant, 70_011: .scope, 500_011: .scope, 70_019: .codeExpired, 70_020: .codeExpired,
        65_004: .codeDeclined,
    ]

    /// An authority's words may hold the verdicts of several rules.
    private static let longest = 2000

    /// The first line without control characters, which would reach the terminal.
    static func line(_ text: String) -> String {
        let first = text.split(whereSeparator: \.isNewline).first ?? ""
        let plain = String(first.unicodeScalars.filter { !($0.properties.generalCategory == .control) }.prefix(longest))
        return plain.isEmpty ? "it gave no reason" : plain
    }

    public var code: String { ownCode ?? kind.rawValue }

    public var summary: String {
        let words = reason.hasSuffix(".") ? reason : "\(reason)."
        return isWhole ? words : "\(Self.sentence(kind)): \(words)"
    }

    /// A Roost server's exchange says all itself, with what to do.
    private var isWhole: Bool { ownCode?.hasPrefix("trust.") == true }

    private static func sentence(_ kind: Kind) -> String {
        switch kind {
        case .wrongSecret: "The client secret is wrong"
        case .expiredSecret: "The client secret has expired"
        case .unknownClient: "The authority knows no client of this id"
        case .disabledClient: "The identity is disabled"
        case .unknownCertificate: "The authority does not accept the certificate"
        case .expiredCertificate: "The certificate has expired"
        case .badAssertion: "The authority cannot read the proof of this client"
        case .clockSkew: "The clocks of this machine and the authority differ too much"
        case .noFederation: "The identity does not trust this token"
        case .unknownTenant: "The authority has no such tenant"
        case .scope: "The identity may not have a token for this server"
        case .codeExpired: "Nobody confirmed the code in time"
        case .codeDeclined: "The sign-in was declined"
        case .notTrusted: "No trust rule of the server lets this token in"
        case .noMachineIdentity: "This machine has no such identity"
        case .tooMany: "The authority was asked too often"
        case .refused: "The authority refuses the sign-in"
        }
    }

    public var location: String? { url }

    public var advice: String? { ownAdvice ?? (isWhole ? nil : Self.advice(kind)) }

    private static func advice(_ kind: Kind) -> String? {
        switch kind {
        case .wrongSecret: "Give the secret's value, not its id; 'roost identity add-secret' makes a new one."
        case .expiredSecret: "Make a new one with 'roost identity add-secret'."
        case .unknownClient: "Check --clientid, and --tenantid: 'roost identity list' shows the ids."
        case .disabledClient: "Let it in again with 'roost identity enable'."
        case .unknownCertificate, .expiredCertificate:
            "Register it, or a newer one, with 'roost identity add-certificate'."
        case .badAssertion: "Check that the file holds one whole token, made for this authority."
        case .clockSkew: "Set this machine's clock (timedatectl, chrony), then run the command again."
        case .noFederation:
            "Compare the token's issuer, subject and audience with the identity's: 'roost identity add-federated'."
        case .unknownTenant: "Check --tenantid; without it the server's own tenant is used."
        case .scope: "Ask an administrator of the server for the scope to manage agent pools."
        case .codeExpired: "Run the command again and confirm the code in time."
        case .codeDeclined: "Run the command again, or sign in another way."
        case .notTrusted: "See the rules with 'roost trust list', and try the token with 'roost trust test'."
        case .noMachineIdentity: "Give the machine an identity; with several, choose one with --clientid."
        case .tooMany: "Wait a minute, then run the command again."
        case .refused: nil
        }
    }
}
