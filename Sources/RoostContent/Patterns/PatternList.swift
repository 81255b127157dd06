/// Patterns one a line, read in order: one adds what it fits, one behind `!` takes it away again, `#` begins a comment.
public struct PatternList: Hashable, Sendable {
    /// What a list means that only takes away.
    public enum Beginning: Hashable, Sendable {
        case everything
        case nothing
    }

    private struct Rule: Hashable, Sendable {
        var pattern: PathPattern
        var isExclusion: Bool
        /// It begins with a slash and is compared with absolute paths.
        var isRooted: Bool
    }

    private let rules: [Rule]
    private let beginning: Beginning

    /// A list of artifacts' tasks: without lines everything fits, and one that only takes away begins with everything.
    public init(_ text: String) {
        self.init(lines: text.split(whereSeparator: \.isNewline).map(String.init))
    }

    /// As ``init(_:)``, of lines.
    public init(lines: [String]) {
        beginning = .everything
        rules = lines.compactMap { line in
            Self.split(line, keepsGroups: true).map { rest, isExclusion in
                Rule(pattern: PathPattern(rest), isExclusion: isExclusion, isRooted: false)
            }
        }
    }

    /// A list of tasks that find files: without a line that adds, nothing fits, and every `!` at the beginning takes away.
    ///
    /// - Throws: ``PatternFault`` when braces stand for too much.
    public init(_ text: String, options: PatternOptions) throws(PatternFault) {
        beginning = .nothing
        var rules: [Rule] = []
        for line in text.split(whereSeparator: \.isNewline) {
            guard let (rest, isExclusion) = Self.split(String(line), keepsGroups: false) else { continue }
            for text in options.expandsBraces ? try BraceExpansion.expand(rest) : [rest] {
                let pattern = PathPattern(text, options: options)
                rules.append(Rule(pattern: pattern, isExclusion: isExclusion, isRooted: text.hasPrefix("/")))
            }
        }
        self.rules = rules
    }

    /// The pattern of a line and whether it takes away; nil when it has none.
    private static func split(_ line: String, keepsGroups: Bool) -> (String, Bool)? {
        var rest = line.trimmingBlanks[...]
        guard !rest.isEmpty, rest.first != "#" else { return nil }
        var isExclusion = false
        while rest.first == "!", !keepsGroups || rest.dropFirst().first != "(" {
            isExclusion.toggle()
            rest = rest.dropFirst()
        }
        return (String(rest), isExclusion)
    }

    /// There is no pattern.
    public var isEmpty: Bool { rules.isEmpty }

    /// Whether a path is in what the lines come to.
    public func matches(_ path: String) -> Bool { matches(path, below: nil) }

    /// Whether a path is in what the lines come to.
    ///
    /// - Parameters:
    ///   - path: relative to the root.
    ///   - root: an absolute path; lines that begin with a slash are compared with the path below it.
    /// - Returns: whether the last line that changed something about it added it.
    public func matches(_ path: String, below root: String?) -> Bool {
        guard let first = rules.first else { return beginning == .everything }
        var isIn = beginning == .everything && first.isExclusion && rules.allSatisfy(\.isExclusion)
        for rule in rules where rule.isExclusion == isIn {
            let isWhole = rule.isRooted && root != nil
            if rule.pattern.matches(isWhole ? "\(root ?? "")/\(path)" : path) { isIn.toggle() }
        }
        return isIn
    }
}
