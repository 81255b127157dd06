/// What is wrong with a chain of audit records, at one place.
public struct AuditProblem: Hashable, Sendable {
    /// What was done to the chain.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The record is not the one that was written.
        case changed
        /// Records are missing before others.
        case removed
        /// The record is not at its place.
        case reordered
        /// The record is not of this chain.
        case inserted
        /// The chain ends too early.
        case truncated
        /// A line is no record.
        case unreadable
    }

    public var kind: Kind
    /// The number of the record, or the first of those that are missing; nil when no record can be named.
    public var number: Int?
    /// The last of those that are missing, when there are several.
    public var last: Int?
    /// The line of the export.
    public var line: Int?
    /// For a person: what was found.
    public var reason: String

    public init(_ kind: Kind, number: Int?, last: Int? = nil, line: Int? = nil, _ reason: String) {
        self.kind = kind
        self.number = number
        self.last = last == number ? nil : last
        self.line = line
        self.reason = reason
    }
}
