/// What came of the verification of a chain of audit records.
public struct AuditReport: Hashable, Sendable {
    /// How many records were read.
    public var records: Int
    /// Where the chain that was read ends.
    public var head: AuditHead
    /// All that is wrong, by number.
    public var problems: [AuditProblem]

    public init(records: Int, head: AuditHead, problems: [AuditProblem]) {
        self.records = records
        self.head = head
        self.problems = problems
    }

    public var isWhole: Bool { problems.isEmpty }
}
