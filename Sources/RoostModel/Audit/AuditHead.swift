/// Where a chain of audit records ends: how many there are, and the hash of the last.
public struct AuditHead: Hashable, Sendable {
    public var count: Int
    public var hash: String

    public init(count: Int, hash: String) {
        self.count = count
        self.hash = hash
    }

    /// The head of a chain without records.
    public static let empty = AuditHead(count: 0, hash: String(repeating: "0", count: 64))
}
