import FoundationEssentials
import HTTPTypes

/// Why the authorization server gives no token, with the numbers that clients show and people search for.
enum GrantRefusal: Error, Hashable {
    case unknownTenant(String)
    case missing(parameter: String)
    case unsupportedGrant(String)
    case scope(RequestedScope.Problem)
    case tooManyRequests(retryAfter: Int)
    // Who the client is
    case unknownClient(String)
    case disabledClient(String)
    case notThisKind(client: String)
    case noProof
    case wrongSecret(client: String)
    case expiredSecret(client: String, at: Date)
    // Assertions
    case malformedAssertion(String)
    case assertionTime(from: Date?, until: Date, now: Date)
    case assertionAudience(got: String, expected: String)
    case unknownCertificate(client: String, thumbprint: String)
    case expiredCertificate(client: String, at: Date)
    case assertionSignature
    case assertionElsewhere
    case noFederation(issuer: String, subject: String, audience: String, differs: String)
    case issuerKeys(issuer: String, reason: String)
    // People
    case disabledUser(String)
    case device(DeviceProblem)
    case code(CodeProblem)
    case refresh(RefreshProblem)

    enum DeviceProblem: Hashable { case pending, slowDown, expired, declined, unknown, tooMany }
    enum CodeProblem: Hashable { case unknown, redeemed, otherRedirect, wrongVerifier }
    enum RefreshProblem: Hashable { case unknown, expired, revoked, reused }

    /// By RFC 6749 §5.2 and RFC 8628 §3.5.
    var error: String {
        switch self {
        case .unknownTenant, .missing: "invalid_request"
        case .unsupportedGrant: "unsupported_grant_type"
        case .scope: "invalid_scope"
        case .tooManyRequests: "temporarily_unavailable"
        case .unknownClient, .disabledClient, .notThisKind: "unauthorized_client"
        case .noProof, .wrongSecret, .expiredSecret, .malformedAssertion, .assertionTime, .assertionAudience,
            .unknownCertificate, .expiredCertificate, .assertionSignature, .assertionElsewhere, .noFederation,
            .issuerKeys:
            "invalid_client"
        case .device(.pending): "authorization_pending"
        case .device(.slowDown): "slow_down"
        case .device(.expired): "expired_token"
        case .device(.declined): "authorization_declined"
        case .device(.unknown): "bad_verification_code"
        case .device(.tooMany): "temporarily_unavailable"
        case .code, .refresh, .disabledUser: "invalid_grant"
        }
    }

    /// The number after AADSTS.
    var number: Int {
        switch self {
        case .unknownTenant: 90_002
        case .missing: 900_144
        case .unsupportedGrant: 70_003
        case .scope: 70_011
        case .tooManyRequests, .device(.tooMany), .device(.slowDown): 50_196
        case .unknownClient: 700_016
        case .disabledClient: 7_000_112
        case .notThisKind: 700_025
        case .noProof: 7_000_218
        case .wrongSecret: 7_000_215
        case .expiredSecret: 7_000_222
        case .malformedAssertion, .assertionSignature, .assertionElsewhere: 50_027
        case .assertionTime: 700_024
        case .assertionAudience: 700_023
        case .unknownCertificate, .expiredCertificate: 700_027
        case .noFederation: 70_021
        case .issuerKeys: 50_166
        case .disabledUser: 50_057
        case .device(.pending): 70_016
        case .device(.expired): 70_019
        case .device(.declined): 65_004
        case .device(.unknown): 70_018
        case .code(.unknown): 70_008
        case .code(.redeemed): 54_005
        case .code(.otherRedirect): 50_011
        case .code(.wrongVerifier): 501_481
        case .refresh(.unknown): 70_000
        case .refresh(.expired): 700_082
        case .refresh(.revoked), .refresh(.reused): 50_173
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .tooManyRequests, .device(.tooMany): .tooManyRequests
        default: error == "invalid_client" ? .unauthorized : .badRequest
        }
    }
}

extension GrantRefusal {
    /// What happened and what to do, without the number.
    var sentence: String {
        switch self {
        case .unknownTenant(let name):
            "Tenant '\(name.prefix(80))' not found. Use this server's id, its organization's name, 'organizations' or 'common'."
        case .missing(let parameter): "The request body must contain the following parameter: '\(parameter)'."
        case .unsupportedGrant(let grant): "The grant type '\(grant.prefix(120))' is not supported."
        case .scope(.missing): "The request must name a scope, such as '\(AccessTokenClaims.serviceAudience)/.default'."
        case .scope(.malformed(let scope)):
            "The scope '\(scope.prefix(200))' is not valid. Programs ask for 'RESOURCE/.default'."
        case .scope(.severalResources): "The scope names more than one resource."
        case .tooManyRequests(let seconds): "Too many requests from this address. Try again in \(seconds) seconds."
        case .unknownClient(let id):
            "Application with identifier '\(id.prefix(80))' was not found here. 'roost identity list' shows those that exist."
        case .disabledClient(let name):
            "The identity '\(name)' is disabled. An administrator enables it with 'roost identity enable'."
        case .notThisKind(let name): "The client '\(name)' cannot use this grant."
        case .noProof: "The request body must contain 'client_assertion' or 'client_secret'."
        case .wrongSecret(let name):
            "Invalid client secret provided for '\(name)'. Give the secret's value, not its id; 'roost identity add-secret' makes another."
        case .expiredSecret(let name, let date):
            "The client secret of '\(name)' expired on \(date.ISO8601Format()). Make another with 'roost identity add-secret'."
        default: assertionSentence ?? personSentence
        }
    }

    private var assertionSentence: String? {
        switch self {
        case .malformedAssertion(let reason): "The client assertion is no JSON Web Token that can be used: \(reason)."
        case .assertionTime(let start, let end, let now):
            "The client assertion is not within its valid time range: from \(start?.ISO8601Format() ?? "any time") until \(end.ISO8601Format()); it is \(now.ISO8601Format()) here."
        case .assertionAudience(let got, let expected):
            "The client assertion is meant for '\(got.prefix(300))' and not for '\(expected)'."
        case .unknownCertificate(let name, let thumbprint):
            "The certificate with the thumbprint '\(thumbprint.prefix(80))' is not registered for '\(name)'. Register it with 'roost identity add-certificate'."
        case .expiredCertificate(let name, let date):
            "The certificate of '\(name)' expired on \(date.ISO8601Format()). Register another with 'roost identity add-certificate'."
        case .assertionSignature: "The client assertion's signature is wrong, or its algorithm is not accepted."
        case .assertionElsewhere: "The client assertion was used before from another address."
        case .noFederation(let issuer, let subject, let audience, let differs):
            "No matching federated credential for issuer '\(issuer.prefix(300))', subject '\(subject.prefix(300))' and audience '\(audience.prefix(300))': \(differs). Add one with 'roost identity add-federated'."
        case .issuerKeys(let issuer, let reason): "The keys of the issuer '\(issuer)' cannot be read: \(reason)."
        default: nil
        }
    }

    private var personSentence: String {
        switch self {
        case .disabledUser(let name):
            "The person '\(name)' is disabled. An administrator enables them with 'roost user enable \(name)'."
        case .device(.pending): "The person has not entered and approved the code yet."
        case .device(.slowDown): "The client asks too often."
        case .device(.expired): "The code has expired. Begin again."
        case .device(.declined): "The person declined the sign-in."
        case .device(.unknown): "The device code is not known, or was used before."
        case .device(.tooMany): "Too many sign-ins are under way. Try again in a few minutes."
        case .code(.unknown): "The code is not known or has expired. Begin again."
        case .code(.redeemed): "The code was redeemed before; what it gave is revoked. Begin again."
        case .code(.otherRedirect): "The redirect address is not the one the code was made for."
        case .code(.wrongVerifier): "The code verifier does not match the code challenge."
        case .refresh(.unknown): "The refresh token is not known here, or is another client's."
        case .refresh(.expired): "The refresh token has expired. Sign in again."
        case .refresh(.revoked): "The sign-in was revoked. Sign in again."
        case .refresh(.reused): "The refresh token was used before, so the sign-in is revoked. Sign in again."
        default: "The token cannot be given."
        }
    }
}
