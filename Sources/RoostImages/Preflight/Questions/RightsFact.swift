/// One of the roles that somebody has: what it allows, without what it takes out again.
public struct RightsFact: Sendable, Hashable {
    public var actions: [String]
    public var excluded: [String]

    public init(actions: [String], excluded: [String] = []) {
        self.actions = actions
        self.excluded = excluded
    }

    /// Whether the role allows an action, such as `Microsoft.Compute/images/write`.
    public func allows(_ action: String) -> Bool {
        actions.contains { Self.matches($0, action) } && !excluded.contains { Self.matches($0, action) }
    }

    /// A star stands for any text; letter case does not matter.
    static func matches(_ pattern: String, _ action: String) -> Bool {
        let parts = pattern.lowercased().split(separator: "*", omittingEmptySubsequences: false)
        var rest = Substring(action.lowercased())
        guard let first = parts.first, rest.hasPrefix(first) else { return false }
        guard parts.count > 1 else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(parts[parts.count - 1])
    }
}
