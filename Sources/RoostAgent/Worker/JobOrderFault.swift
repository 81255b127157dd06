public import RoostModel

/// Why a job's message cannot be carried out.
public enum JobOrderFault: UserFacingError, Hashable {
    /// A member of the message without which nothing can be reported.
    case missing(String)
    case noSystemConnection(count: Int)
    case noAccessToken
    case duplicateStepName(String)
    case containersNotSupported(String)

    public var code: String {
        switch self {
        case .missing: "job.member-missing"
        case .noSystemConnection: "job.no-connection"
        case .noAccessToken: "job.no-token"
        case .duplicateStepName: "job.duplicate-step-name"
        case .containersNotSupported: "job.container"
        }
    }

    public var summary: String {
        switch self {
        case .missing(let member): "The job's message has no '\(member)'."
        case .noSystemConnection(let count):
            "The job's message names \(count) endpoints SystemVssConnection; there must be one."
        case .noAccessToken: "The job's message has no access token for its server."
        case .duplicateStepName(let name): "Two steps of the job have the name '\(name)'."
        case .containersNotSupported(let alias):
            "The job asks to run in the container '\(alias)', which this agent cannot do."
        }
    }

    public var advice: String? {
        switch self {
        case .missing, .noSystemConnection, .noAccessToken:
            "The server and the agent do not fit together; update the older one."
        case .duplicateStepName: "Give each step of the job a 'name' of its own."
        case .containersNotSupported:
            "Remove 'container:' from the job and install what it needs on the agent's machine."
        }
    }
}
