/// How a name fares with a filter.
public enum FilterVerdict: Hashable, Sendable {
    /// The pattern that takes it.
    case included(String)
    /// The pattern that leaves it out.
    case excluded(String)
    /// No pattern fits.
    case unmatched

    public var isIncluded: Bool { if case .included = self { true } else { false } }
}

extension NameFilter {
    /// Judges a branch or tag by its full ref: patterns are short names of branches, or full refs.
    public func verdict(ofRef ref: String) -> FilterVerdict { verdict { Self.fits(ref, $0, short: "refs/heads/") } }

    /// Judges a tag by its full ref: patterns are short names of tags, or full refs.
    public func verdict(ofTag ref: String) -> FilterVerdict { verdict { Self.fits(ref, $0, short: "refs/tags/") } }

    /// Whether some pattern speaks of tags.
    public var namesTags: Bool { (include + exclude).contains { $0.hasPrefix("refs/tags/") } }

    private static func fits(_ ref: String, _ pattern: String, short: String) -> Bool {
        if pattern.hasPrefix("refs/") { return WildcardName(pattern).matches(ref) }
        return ref.hasPrefix(short) && WildcardName(pattern).matches(ref.dropFirst(short.count))
    }

    private func verdict(_ fits: (String) -> Bool) -> FilterVerdict {
        if let pattern = exclude.first(where: fits) { return .excluded(pattern) }
        if let pattern = include.first(where: fits) { return .included(pattern) }
        return .unmatched
    }

    /// Judges a path from the root of the repository; an inclusion below an excluded folder takes its files back in.
    public func verdict(ofPath path: String) -> FilterVerdict {
        let excluding = exclude.filter { Self.covers($0, path) }.max { Self.weight($0) < Self.weight($1) }
        let including = include.filter { Self.covers($0, path) }.max { Self.weight($0) < Self.weight($1) }
        switch (including, excluding) {
        case (nil, nil): return .unmatched
        case (let including?, nil): return .included(including)
        case (nil, let excluding?): return .excluded(excluding)
        case (let including?, let excluding?):
            return Self.weight(including) > Self.weight(excluding) ? .included(including) : .excluded(excluding)
        }
    }

    private static func covers(_ pattern: String, _ path: String) -> Bool { plain(pattern).matchesPath(path) }

    private static func weight(_ pattern: String) -> Int { plain(pattern).weight }

    /// The pattern without slashes at its ends; `/` alone and the empty one are the whole repository.
    private static func plain(_ pattern: String) -> WildcardName {
        var text = pattern[...]
        while text.first == "/" { text = text.dropFirst() }
        while text.last == "/" { text = text.dropLast() }
        return WildcardName(text.isEmpty ? "*" : text)
    }
}
