import RoostModel

/// Why the keys of an issuer cannot be had.
enum IssuerKeyFailure: UserFacingError, Hashable {
    /// The cause is a clause without a full stop.
    case unreadable(url: String, cause: String)
    case insecure(url: String)
    case otherIssuer(url: String, claimed: String, expected: String)
    case pinned(rule: String, cause: String)

    var code: String { "trust.keys-unavailable" }

    var summary: String {
        switch self {
        case .unreadable(let url, let cause): "\(url) cannot be read: \(cause)."
        case .insecure(let url): "\(url) is not asked: keys are fetched by https only."
        case .otherIssuer(let url, let claimed, let expected):
            "\(url) speaks for the issuer '\(ClaimText.short(claimed))', not for '\(expected)'."
        case .pinned(let rule, let cause): "The keys that the rule '\(rule)' holds cannot be used: \(cause)."
        }
    }

    var location: String? {
        switch self {
        case .unreadable(let url, _), .insecure(let url), .otherIssuer(let url, _, _): url
        case .pinned: nil
        }
    }

    var advice: String? {
        switch self {
        case .unreadable: "Check the issuer and the network, or give the rule the issuer's keys with --keys-file."
        case .insecure: "Use an issuer with an https address; http is for this machine alone."
        case .otherIssuer: "Write the rule's issuer letter by letter as the issuer's discovery document has it."
        case .pinned: "Give the rule the issuer's present keys with 'roost trust update --keys-file'."
        }
    }
}

/// Words of others, for messages.
enum ClaimText {
    /// Short and on one line.
    static func short(_ text: String) -> String {
        String(text.unicodeScalars.prefix(200).map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
    }
}
