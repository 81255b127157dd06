import FoundationEssentials
import HTTPTypes
import Hummingbird
import RoostModel

/// The first to see a request and the last to see its answer.
struct FrontResponder: Sendable {
    let identifiers = RequestIdentifiers()
    let clock = ResponseClock()
    let index: RouteIndex
    /// Everything below `_apis`.
    let service: RouterResponder<RoostRequestContext>
    /// Pages, health and metrics.
    let root: RouterResponder<RoostRequestContext>
    let bodyLimit: ByteCount
    /// Everything at the host names of vaults.
    let vaults: VaultResponder

    /// Answers a request; no error leaves it.
    func respond(to request: Request, source: ApplicationRequestContextSource) async -> Response {
        var context = RoostRequestContext(source: source)
        context.requestID = identifiers.id(request.headers)
        var response: Response
        do {
            response = try await route(request, context)
        } catch {
            response = ServiceFailure(error, requestID: context.requestID).response
        }
        finish(&response, context.requestID)
        return response
    }

    /// Whether the body that is announced would be refused, so that the client need not send it.
    func refusesBody(of request: Request) -> Bool {
        guard let length = request.headers[.contentLength].flatMap({ Int($0) }) else { return false }
        return length > (Self.isPackage(request) ? ControlPlane.packageLimit : bodyLimit.bytes)
    }

    /// Packages of tasks are read part by part, so that they may be larger than what is held in memory.
    private static func isPackage(_ request: Request) -> Bool {
        request.method == .put
            && ["tasks", "packages"].contains { request.uri.path.contains("/_apis/distributedtask/\($0)/") }
    }

    private func route(_ request: Request, _ context: RoostRequestContext) async throws -> Response {
        if refusesBody(of: request) { throw RequestProblem.bodyTooLarge(limit: bodyLimit) }
        if let response = await vaults.respond(to: request, context: context) { return response }
        let response = try await send(request, context)
        guard response.status == .notFound, context.endpointPath == Self.unmatched else { return response }
        let path = request.uri.path
        if let spelled = index.respelled(path) {
            var head = request.head
            head.path = spelled + (request.uri.query.map { "?\($0)" } ?? "")
            let again = try await send(Request(head: head, body: request.body), context)
            if again.status != .notFound || context.endpointPath != Self.unmatched { return again }
        }
        throw unmatched(request.method, index.respelled(path) ?? path)
    }

    /// What Hummingbird's router notes when no route matched.
    private static let unmatched = "NotFound"

    private func send(_ request: Request, _ context: RoostRequestContext) async throws -> Response {
        if Self.isService(request.uri.path) { return try await service.respond(to: request, context: context) }
        return try await root.respond(to: request, context: context)
    }

    private func unmatched(_ method: HTTPRequest.Method, _ path: String) -> RequestProblem {
        let allowed = index.methods(path)
        if !allowed.isEmpty { return .wrongMethod(method.rawValue, path: path, allowed: allowed) }
        if let known = ListedLocations.resource(at: path) {
            return .notServed(area: known.area, resource: known.resource, method: method.rawValue)
        }
        return .noSuchRoute(method: method.rawValue, path: String(path.prefix(300)), near: nil)
    }

    /// Whether one of the first three parts is `_apis`.
    static func isService(_ path: String) -> Bool {
        var seen = 0
        for part in path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 3) {
            if part.elementsEqual("_apis".utf8) { return true }
            seen += 1
            if seen == 3 { return false }
        }
        return false
    }

    private func finish(_ response: inout Response, _ id: String) {
        response.headers.reserveCapacity(response.headers.count + 5)
        response.headers.append(HTTPField(name: .activityID, value: id))
        response.headers.append(HTTPField(name: .e2eID, value: id))
        response.headers.append(HTTPField(name: .requestID, value: id))
        response.headers.append(HTTPField(name: .date, value: clock.date))
        response.headers.append(HTTPField(name: .server, value: "Roost"))
    }
}
