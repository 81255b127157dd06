import HTTPTypes
import Hummingbird
import Logging
import RoostModel

/// What pages for people work with.
public struct PageServices: Sendable {
    /// What pages show and change.
    public let plane: ControlPlane
    /// How the server runs.
    public let configuration: ServerConfiguration
    /// The address people use, ending in a slash.
    public let address: String
    /// Reads the login cookie.
    public let authenticator: Authenticator
    /// Begins runs of pull requests that people approve.
    let triggers: TriggerService

    init(_ services: RouteServices) {
        plane = services.plane
        configuration = services.configuration
        address = services.address
        authenticator = services.authenticator
        triggers = services.triggers
    }

    /// Name of the login cookie; its value is made by ``ControlPlane/issueDashboardSession(pat:lifetime:)``.
    public static let cookieName = Credential.cookieName
}

/// Stands before every page: it knows the person by cookie or header, and refuses what is no person.
///
/// A page without a person decides itself what it shows; ``RoostRequestContext/principal`` is then nil.
struct PageGate: RouterMiddleware {
    let services: RouteServices

    func handle(
        _ request: Request,
        context: RoostRequestContext,
        next: (Request, RoostRequestContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        do {
            // An old cookie is no error: the page asks for a new login.
            if request.headers[.authorization] == nil {
                context.principal = try? services.authenticator.principal(request.headers)
            } else {
                context.principal = try services.authenticator.principal(request.headers)
            }
            if let principal = context.principal,
                let refusal = RouteAccess.person.refusal(of: principal, parameter: { _ in nil })
            {
                throw refusal
            }
            try limit(context)
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            throw error
        } catch {
            let failure = ServiceFailure(error, requestID: context.requestID)
            if failure.isFault {
                context.logger.error(
                    "a page failed in a way nobody expected",
                    metadata: ["request": "\(context.requestID)", "path": "\(request.uri.path)", "error": "\(error)"]
                )
            }
            return failure.response
        }
    }

    private func limit(_ context: RoostRequestContext) throws(AccessRefusal) {
        guard !services.limiter.isUnlimited else { return }
        let client = context.principal.map { RateLimiter.Client.principal($0) } ?? .address(context.clientAddress)
        let allowance = services.limiter.take(client, at: .now)
        if allowance.isAllowed { return }
        throw .tooManyRequests(limit: allowance.limit, retryAfter: max(1, Int(allowance.wait.rounded(.up))))
    }
}
