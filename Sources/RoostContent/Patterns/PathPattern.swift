/// A pattern of paths as minimatch reads it: parts divided by `/`, of which `**` stands for any number.
public struct PathPattern: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case anyNumber
        case one(SegmentPattern)

        func fits(_ name: Substring) -> Bool {
            if case .one(let pattern) = self { pattern.matches(name) } else { false }
        }
    }

    private let parts: [Part]
    private let matchesDots: Bool
    /// Only the last part of a path counts.
    private let isForNames: Bool
    /// A slash at the end asks for a folder's content under a name nothing has.
    private let fitsNothing: Bool

    /// - Parameters:
    ///   - text: relative or absolute; a leading `./` counts for nothing.
    ///   - options: how it is read; its braces are not expanded here.
    public init(_ text: String, options: PatternOptions = PatternOptions()) {
        var rest = text[...]
        while rest.hasPrefix("./") { rest = rest.dropFirst(2) }
        parts = rest.split(separator: "/", omittingEmptySubsequences: true).map {
            $0 == "**" ? .anyNumber : .one(SegmentPattern($0, options: options))
        }
        matchesDots = options.matchesDots
        isForNames = options.matchesBase && !rest.contains("/")
        fitsNothing = rest.last == "/"
    }

    /// Whether a whole path fits.
    public func matches(_ path: String) -> Bool {
        guard !fitsNothing else { return false }
        let names = path.split(separator: "/")
        return match(isForNames ? names.suffix(1) : names[...])
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

    /// Compares part by part.
    ///
    /// When one does not fit, only the last `**` has to take one more: to give an earlier one more as well
    /// could not lead further, so that the work is bounded by the lengths of both.
    private func match(_ path: ArraySlice<Substring>) -> Bool {
        var (place, part) = (path.startIndex, 0)
        var retry: (place: Int, part: Int)?
        while place < path.endIndex || part < parts.count {
            if part < parts.count, parts[part] == .anyNumber {
                part = parts[part...].firstIndex { $0 != .anyNumber } ?? parts.count
                // What is in a folder fits `folder/**`, the folder itself does not.
                if part == parts.count { return place < path.endIndex && path[place...].allSatisfy(isPassed) }
                retry = (place, part)
            } else if part < parts.count, place < path.endIndex, parts[part].fits(path[place]) {
                (place, part) = (place + 1, part + 1)
            } else if let last = retry, last.place < path.endIndex, isPassed(path[last.place]) {
                retry = (last.place + 1, last.part)
                (place, part) = (last.place + 1, last.part)
            } else {
                return false
            }
        }
        return true
    }

    /// Whether `**` may stand for a part of this name.
    private func isPassed(_ name: Substring) -> Bool { matchesDots || name.first != "." }
}

extension String {
    var trimmingBlanks: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}
