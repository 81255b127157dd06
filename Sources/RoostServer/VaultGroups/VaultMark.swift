import RoostModel

/// Stands in a job's variables for a value that comes from a vault when the job starts.
///
/// It is part of a run's variables from its queueing on, so that the rules of precedence hold for it as for any value. Characters of
/// Unicode's private area enclose it. Whoever writes one by hand gains nothing: only groups that the run was allowed to name are read.
struct VaultMark: Hashable, Sendable {
    var group: VariableGroupID
    var name: String

    private static let edge: Character = "\u{E05A}"
    private static let word = "vault:"

    var text: String { "\(Self.edge)\(Self.word)\(group)/\(name)\(Self.edge)" }

    /// All in a text, in order.
    static func all(in text: String) -> [VaultMark] { split(text).compactMap(\.mark) }

    /// A text with the values in the place of the marks; a mark without a value becomes nothing.
    static func fill(_ text: String, _ value: (VaultMark) -> String?) -> String {
        split(text).map { $0.mark.map { value($0) ?? "" } ?? String($0.text) }.joined()
    }

    static func isIn(_ text: String) -> Bool { text.contains(edge) && !all(in: text).isEmpty }

    private static func split(_ text: String) -> [(text: Substring, mark: VaultMark?)] {
        var parts: [(Substring, VaultMark?)] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: edge) {
            let inner = rest[rest.index(after: start)...]
            guard let end = inner.firstIndex(of: edge), let mark = VaultMark(inner[..<end]) else {
                parts.append((rest[...start], nil))
                rest = inner
                continue
            }
            parts.append((rest[..<start], nil))
            parts.append((rest[start...end], mark))
            rest = inner[inner.index(after: end)...]
        }
        return parts + [(rest, nil)]
    }

    init(group: VariableGroupID, name: String) {
        self.group = group
        self.name = name
    }

    private init?(_ inner: Substring) {
        guard inner.hasPrefix(Self.word) else { return nil }
        let parts = inner.dropFirst(Self.word.count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let id = Int(parts[0]) else { return nil }
        group = VariableGroupID(id)
        name = String(parts[1])
    }
}
