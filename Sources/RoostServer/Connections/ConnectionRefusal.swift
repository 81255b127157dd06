import RoostModel

/// Why a job does not get a service connection that it names.
enum ConnectionRefusal: UserFacingError, Hashable {
    case notPermitted(NotPermitted)
    /// Whoever wrote the commit chose what the job does.
    case fork(String)
    /// The job's steps do not name it.
    case notNamed(String)

    var code: String {
        switch self {
        case .notPermitted(let problem): problem.code
        case .fork: "service-connection.fork"
        case .notNamed: "service-connection.not-named"
        }
    }

    var summary: String {
        switch self {
        case .notPermitted(let problem): problem.summary
        case .fork(let name): "The service connection '\(name)' is not given to runs of a fork."
        case .notNamed(let name): "No step of this job names the service connection '\(name)'."
        }
    }

    var advice: String? {
        switch self {
        case .notPermitted(let problem): problem.advice
        case .fork: "Take the step out of runs of forks with a condition on 'System.PullRequest.IsFork'."
        case .notNamed: "Give it to an input of a step that takes service connections."
        }
    }
}
