import RoostModel

/// What can be wrong with a request before it reaches the control plane.
enum RequestProblem: UserFacingError, Hashable {
    case noSuchRoute(method: String, path: String, near: String?)
    /// Listed among the resources, for clients refuse to work with a server that does not know a location, but not served here.
    case notServed(area: String, resource: String, method: String)
    case wrongMethod(String, path: String, allowed: [String])
    case bodyTooLarge(limit: ByteCount?)
    /// The place is `line:column`, or a path in the JSON such as `value[0].id`.
    case malformed(place: String?, problem: String)
    case badParameter(name: String, value: String, expected: String)
    case badHeader(name: String, problem: String)
    case needsProject(path: String)
    case notFound(what: String)

    var code: String {
        switch self {
        case .noSuchRoute: "request.no-such-route"
        case .notServed: "request.not-served"
        case .wrongMethod: "request.wrong-method"
        case .bodyTooLarge: "request.body-too-large"
        case .malformed: "request.malformed"
        case .badParameter: "request.bad-parameter"
        case .badHeader: "request.bad-header"
        case .needsProject: "request.needs-project"
        case .notFound: "request.not-found"
        }
    }

    var summary: String {
        switch self {
        case .noSuchRoute(let method, let path, _): "There is nothing at \(method) \(path)."
        case .notServed(let area, let resource, let method):
            "The resource '\(resource)' of the area '\(area)' is known but not served by this server (\(method))."
        case .wrongMethod(let method, let path, let allowed):
            "\(path) does not take \(method), only \(allowed.joined(separator: ", "))."
        case .bodyTooLarge(let limit):
            limit.map { "The request's body is larger than \($0), the most that is taken." }
                ?? "The request's body is too large."
        case .malformed(_, let problem): "The request's body cannot be understood: \(problem)."
        case .badParameter(let name, let value, let expected): "'\(value)' is no \(expected), which '\(name)' must be."
        case .badHeader(let name, let problem): "The header \(name) cannot be understood: \(problem)."
        case .needsProject(let path): "\(path) must be asked of a project."
        case .notFound(let what): "There is no \(what)."
        }
    }

    var location: String? {
        if case .malformed(let place, _) = self { place.map { "body:\($0)" } } else { nil }
    }

    var advice: String? {
        switch self {
        case .noSuchRoute(_, _, let near): near.map { "Did you mean \($0)?" } ?? "OPTIONS /_apis lists what is served."
        case .bodyTooLarge: "Send less at once, or raise 'body-limit' in the server's configuration."
        case .needsProject: "Put its name or id before '_apis', as in /PROJECT/_apis/."
        default: nil
        }
    }
}
