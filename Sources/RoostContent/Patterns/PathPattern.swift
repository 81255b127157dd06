/// A pattern of paths as minimatch reads it: parts divided by `/`, of which `**` stands for any number.
public struct PathPattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case anyNumber
        case one(SegmentPattern)
    }

    private let parts: [Part]

    /// - Parameter text: relative or absolute; a leading `./` counts for nothing.
    public init(_ text: String) {
        var rest = text[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        parts = rest.split(separator: "/", omittingEmptySubsequences: true).map {
            $0 == "**" ? .anyNumber : .one(SegmentPattern($0))
        }
    }

    /// Whether a whole path fits.
    public func matches(_ path: String) -> Bool {
        Self.match(parts[...], path.split(separator: "/")[...])
    }

    /// The parts at its beginning that are literal names, as a path; where a search may begin.
    public static func root(of text: String) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: true)
        let literal = parts.prefix { $0 != "**" && SegmentPattern($0).isLiteral }
        let path = (literal.count == parts.count ? literal.dropLast() : literal[...]).joined(separator: "/")
        return text.hasPrefix("/") ? "/\(path)" : path
    }

    /// Whether a text has anything but literal names.
    public static func hasWildcards(_ text: String) -> Bool {
        text.split(separator: "/").contains { !SegmentPattern($0).isLiteral }
    }

    private static func match(_ parts: ArraySlice<Part>, _ path: ArraySlice<Substring>) -> Bool {
        guard let first = parts.first else { return path.isEmpty }
        switch first {
        case .one(let pattern):
            guard let name = path.first, pattern.matches(name) else { return false }
            return match(parts.dropFirst(), path.dropFirst())
        case .anyNumber:
            let rest = parts.drop { $0 == .anyNumber }
            if rest.isEmpty { return true }
            return (path.startIndex..<path.endIndex).contains { match(rest, path[$0...]) }
        }
    }
}

/// Patterns one a line, read in order: one adds what it fits, one behind `!` takes it away again, `#` begins a comment.
///
/// A list that only takes away begins with everything.
public struct PatternList: Hashable, Sendable {
    private struct Rule: Hashable, Sendable {
        var pattern: PathPattern
        var isExclusion: Bool
    }

    private let rules: [Rule]

    public init(_ text: String) {
        self.init(lines: text.split(whereSeparator: \.isNewline).map(String.init))
    }

    public init(lines: [String]) {
        rules = lines.compactMap { line in
            var rest = line.trimmingBlanks[...]
            guard !rest.isEmpty, rest.first != "#" else { return nil }
            var isExclusion = false
            while rest.first == "!", rest.dropFirst().first != "(" {
                isExclusion.toggle()
                rest = rest.dropFirst()
            }
            return Rule(pattern: PathPattern(String(rest)), isExclusion: isExclusion)
        }
    }

    /// Nothing is asked for: everything fits.
    public var isEmpty: Bool { rules.isEmpty }

    public func matches(_ path: String) -> Bool {
        guard let first = rules.first else { return true }
        var isIn = first.isExclusion && rules.allSatisfy(\.isExclusion)
        for rule in rules where rule.isExclusion == isIn && rule.pattern.matches(path) { isIn.toggle() }
        return isIn
    }
}

extension String {
    var trimmingBlanks: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
