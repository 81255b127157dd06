public import RoostModel

/// Why a job's message cannot be carried out.
public enum JobOrderFault: UserFacingError, Hashable {
    /// A member of the message without which nothing can be reported.
    case missing(String)
    case noSystemConnection(count: Int)
    case noAccessToken
    case duplicateStepName(String)

    public var code: String {
        switch self {
        case .missing: "job.member-missing"
        case .noSystemConnection: "job.no-connection"
        case .noAccessToken: "job.no-token"
        case .duplicateStepName: "job.duplicate-step-name"
        }
    }

    public var summary: String {
        switch self {
        case .missing(let member): "The job's message has no '\(member)'."
        case .noSystemConnection(let count):
            "The job's message names \(count) endpoints SystemVssConnection; there must be one."
        case .noAccessToken: "The job's message has no access token for its server."
        case .duplicateStepName(let name): "Two steps of the job have the name '\(name)'."
        }
    }

    public var advice: String? {
        switch self {
        case .missing, .noSystemConnection, .noAccessToken:
            "The server and the agent do not fit together; update the older one."
        case .duplicateStepName: "Give each step of the job a 'name' of its own."
        }
    }
}
