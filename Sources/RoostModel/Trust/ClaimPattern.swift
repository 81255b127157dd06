/// What a claim's value must look like: `*` stands for any characters, also none; all others stand for themselves.
///
/// Letter case counts, for issuers tell subjects apart by it.
public struct ClaimPattern: Hashable, Sendable, CustomStringConvertible {
    public let text: String
    public init(_ text: String) { self.text = text }
    public var description: String { text }

    /// Whether it takes any value.
    public var isOpen: Bool { !text.isEmpty && text.allSatisfy { $0 == "*" } }

    /// Whether a value is like this.
    ///
    /// When a `*` matched too little it grows by one; only the last `*` ever has to, so the time is at most the product of both lengths.
    public func matches(_ value: String) -> Bool {
        let (pattern, value) = (Array(text.utf8), Array(value.utf8))
        var (at, seen) = (0, 0)
        var star: (after: Int, seen: Int)?
        while seen < value.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                at += 1
                star = (at, seen)
            } else if at < pattern.count, pattern[at] == value[seen] {
                at += 1
                seen += 1
            } else if let last = star {
                star = (last.after, last.seen + 1)
                (at, seen) = (last.after, last.seen + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
