/// How far something is, as one word with a mark and a colour.
enum Outcome: String {
    case pending, queued, running, canceling, succeeded, succeededWithIssues, failed, canceled, skipped, abandoned,
        unknown

    /// Of a run, by the two words builds use.
    init(status: String?, result: String?) {
        switch status?.lowercased() {
        case "notstarted", "postponed": self = .queued
        case "inprogress": self = .running
        case "cancelling", "canceling": self = .canceling
        case "completed": self = Outcome(result: result)
        default: self = .unknown
        }
    }

    /// Of a timeline's record.
    init(state: String?, result: String?) {
        switch state?.lowercased() {
        case "pending": self = .pending
        case "inprogress": self = .running
        case "completed": self = Outcome(result: result)
        default: self = .unknown
        }
    }

    private init(result: String?) {
        switch result?.lowercased() {
        case "succeeded": self = .succeeded
        case "succeededwithissues", "partiallysucceeded": self = .succeededWithIssues
        case "failed": self = .failed
        case "canceled", "cancelled": self = .canceled
        case "skipped": self = .skipped
        case "abandoned": self = .abandoned
        default: self = .unknown
        }
    }

    var word: String {
        switch self {
        case .succeededWithIssues: "succeeded with issues"
        case .abandoned: "machine lost"
        default: rawValue
        }
    }

    var mark: String {
        switch self {
        case .pending, .queued: "○"
        case .running, .canceling: "●"
        case .succeeded: "✓"
        case .succeededWithIssues: "!"
        case .failed, .abandoned: "✗"
        case .canceled: "■"
        case .skipped: "–"
        case .unknown: "?"
        }
    }

    /// The code that a command ends with that waited for this.
    var exit: RoostExit {
        switch self {
        case .succeeded, .succeededWithIssues, .skipped: .success
        case .canceled: .canceled
        default: .failed
        }
    }

    private var style: Terminal.Style {
        switch self {
        case .pending, .queued, .skipped, .unknown: .dim
        case .running: .cyan
        case .succeeded: .green
        case .canceling, .canceled, .succeededWithIssues: .yellow
        case .failed, .abandoned: .red
        }
    }

    func word(_ terminal: Terminal) -> String { terminal.styled(word, style) }
    func mark(_ terminal: Terminal) -> String { terminal.styled(mark, style) }
}
