/// Chooses targets by patterns of their names: `*`, `?`, `[a-z]`, `{one,other}`; a dot is a sign like any other.
public struct PackerTargetFilter: Sendable {
    private let only: [(text: String, pattern: FilePattern)]
    private let except: [(text: String, pattern: FilePattern)]

    /// Patterns as `-only` and `-except` take them.
    public init(only: [String] = [], except: [String] = []) throws {
        self.only = try only.map { ($0, try FilePattern($0)) }
        self.except = try except.map { ($0, try FilePattern($0)) }
    }

    /// Whether a target is built.
    public func includes(_ name: String) -> Bool {
        if !only.isEmpty, !only.contains(where: { $0.pattern.matches(name) }) { return false }
        return !except.contains { $0.pattern.matches(name) }
    }

    /// Patterns that no target has, which are most likely misspelt.
    public func unmatched(among names: [String]) -> [String] {
        (only + except).filter { entry in !names.contains { entry.pattern.matches($0) } }.map(\.text)
    }
}
