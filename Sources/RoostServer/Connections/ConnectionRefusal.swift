import RoostModel

/// Why a job does not get a service connection that it names.
enum ConnectionRefusal: UserFacingError, Hashable {
    case notPermitted(NotPermitted)
    /// The job's steps do not name it.
    case notNamed(String)

    var code: String {
        switch self {
        case .notPermitted(let problem): problem.code
        case .notNamed: "service-connection.not-named"
        }
    }

    var summary: String {
        switch self {
        case .notPermitted(let problem): problem.summary
        case .notNamed(let name): "No step of this job names the service connection '\(name)'."
        }
    }

    var advice: String? {
        switch self {
        case .notPermitted(let problem): problem.advice
        case .notNamed: "Give it to an input of a step that takes service connections."
        }
    }
}
