/// How a pattern is read and what it fits.
public struct PatternOptions: Hashable, Sendable {
    /// Wildcards fit names that begin with a dot.
    public var matchesDots: Bool
    public var ignoresCase: Bool
    /// A pattern without `/` is compared with the last part of a path, in whatever folder it is.
    public var matchesBase: Bool
    /// `{a,b}` and `{1..3}` stand for several patterns.
    public var expandsBraces: Bool

    public init(
        matchesDots: Bool = true,
        ignoresCase: Bool = false,
        matchesBase: Bool = false,
        expandsBraces: Bool = false
    ) {
        self.matchesDots = matchesDots
        self.ignoresCase = ignoresCase
        self.matchesBase = matchesBase
        self.expandsBraces = expandsBraces
    }
}
