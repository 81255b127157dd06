/// How a step, a job, a stage or a run ended; the spelling is the wire's.
public enum TaskResult: String, Hashable, Sendable, Codable, CaseIterable {
    case succeeded, succeededWithIssues, failed, canceled, skipped
    /// The machine that ran it was lost; not the fault of what ran.
    case abandoned

    /// The worse of two results of parts, as the whole takes it: skipped parts do not count, a cancel wins over all.
    public func merged(with other: TaskResult) -> TaskResult {
        severity >= other.severity ? self : other
    }

    private var severity: Int {
        switch self {
        case .skipped: 0
        case .succeeded: 1
        case .succeededWithIssues: 2
        case .failed: 3
        case .abandoned: 4
        case .canceled: 5
        }
    }
}
