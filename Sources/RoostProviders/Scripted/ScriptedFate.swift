/// What becomes of one call of a scripted provider.
public enum ScriptedFate: Hashable, Sendable {
    case works
    /// It is not done, and the answer says why.
    case fails(String)
    /// It is done, and the answer is lost.
    case answerIsLost
    /// It is not done, and the answer says that it is.
    case lies
    /// Two are made of one order; only of creations.
    case twins
    /// Nothing is done before this time has passed.
    case throttled(Duration)
    /// It works; what was made is left out of this many listings. Only of creations and reimages.
    case listedLate(listings: Int)
    /// It works; what was made runs and its program never starts. Only of creations and reimages.
    case bootsNever
    /// It works; what was made ends by itself once it has started. Only of creations and reimages.
    case dies
    /// The answer is that of the listing before; only of listings.
    case stale
    /// The answer leaves out every other machine; only of listings.
    case partial
}

/// A call of a provider.
public enum ScriptedCall: String, Hashable, Sendable, CaseIterable {
    case create
    case reimage
    case delete
    case list
}
