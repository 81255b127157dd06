import HTTPTypes
import Hummingbird

/// One method of one address, who may use it, and what it does.
struct Route: Sendable {
    /// Where an address stands.
    enum Place: Hashable, Sendable {
        /// At the root of the server, such as `/healthz`.
        case root
        /// Below `_apis`, with or without the organization before it.
        case service(ProjectPart)
    }

    /// What the path says of a project, before `_apis`.
    enum ProjectPart: Hashable, Sendable {
        /// It is about the organization; a project that is named must exist and changes nothing.
        case ignored
        case optional
        case required
        /// The plan's scope, which follows from the plan itself and is not looked at.
        case scope
    }

    typealias Handler = @Sendable (Call) async throws -> Response

    let method: HTTPRequest.Method
    /// Such as `distributedtask/pools/{poolId}`.
    let template: String
    let place: Place
    let access: RouteAccess
    /// What people must be allowed by their roles; nil where roles say nothing.
    let need: RouteNeed?
    /// Its answer may take long by design: a poll or a stream, whose time says nothing.
    let isHeld: Bool
    var handler: Handler

    /// The template below its place, as logs and metrics show it.
    var name: String {
        switch place {
        case .root: "/\(template)"
        case .service: "_apis/\(template)"
        }
    }

    /// How many parts stand before `_apis`: none, organization or project, both.
    enum Form: Int, CaseIterable, Sendable {
        case bare, one, two

        var prefix: String {
            switch self {
            case .bare: "/_apis/"
            case .one: "/{a}/_apis/"
            case .two: "/{a}/{b}/_apis/"
            }
        }
    }
}
