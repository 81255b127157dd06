/// What becomes of a call of a provider that goes wrong.
enum ProviderFault: String, CaseIterable, Sendable {
    /// It is done, and the answer does not come.
    case answerLost
    /// It is not done, and no answer comes either.
    case callLost
    /// It is not done, and the answer says so.
    case refused
    /// It is not done, and the answer says that it is.
    case lied
    /// It is done twice, one after the other.
    case repeated
    /// It is done later.
    case delayed
    case throttled
    case quota
    /// The listing before is given once more.
    case listedOld
    /// Some machines are left out.
    case listedInPart
    case listingFailed

    /// Those of a call that makes something.
    static let ofCreations: [ProviderFault] = [
        .answerLost, .callLost, .refused, .lied, .repeated, .delayed, .throttled, .quota,
    ]
    static let ofChanges: [ProviderFault] = [.answerLost, .callLost, .refused, .lied, .repeated, .delayed, .throttled]
    static let ofListings: [ProviderFault] = [.listedOld, .listedInPart, .listingFailed, .delayed, .throttled]
}
