import Hummingbird
import Logging
import RoostModel
import Synchronization

/// Stands before each handler: finds out who asks, judges, limits, measures, and turns errors into answers.
struct RouteResponder: HTTPResponder {
    let route: Route
    let form: Route.Form
    let series: RouteSeries
    let services: RouteServices

    func respond(to request: Request, context: RoostRequestContext) async throws -> Response {
        let start = ContinuousClock.now
        if route.isHeld { services.metrics.heldOpen.add(1, ordering: .relaxed) }
        var context = context
        var response: Response
        do {
            response = try await answer(request, &context, start)
        } catch {
            response = failure(error, context)
        }
        let elapsed = ContinuousClock.now - start
        series.observe(status: response.status.code, elapsed: route.isHeld ? nil : elapsed)
        log(response, request, context, elapsed)
        if route.isHeld {
            watch(&response, request, context)
            release(&response)
        }
        return response
    }

    /// What goes on for long ends when the person or the program who asked is shut out.
    private func watch(_ response: inout Response, _ request: Request, _ context: RoostRequestContext) {
        switch context.principal {
        case .user, .identity: break
        default: return
        }
        guard response.body.contentLength == nil else { return }
        let (body, headers, authenticator) = (response.body, request.headers, services.authenticator)
        response.body = ResponseBody { writer in
            try await body.write(
                AdmittedWriter(inner: writer) { (try? authenticator.principal(headers)).flatMap(\.self) != nil }
            )
        }
    }

    /// A poll is over with its answer, a stream with the end of its body.
    private func release(_ response: inout Response) {
        let metrics = services.metrics
        guard response.body.contentLength == nil else {
            metrics.heldOpen.subtract(1, ordering: .relaxed)
            return
        }
        let body = response.body
        response.body = ResponseBody { writer in
            defer { metrics.heldOpen.subtract(1, ordering: .relaxed) }
            try await body.write(writer)
        }
    }

    private func answer(
        _ request: Request,
        _ context: inout RoostRequestContext,
        _ now: ContinuousClock.Instant
    )
        async throws -> Response
    {
        if !route.access.isAnonymous,
            let admission = try services.authenticator.admit(request.headers, from: context.clientAddress)
        {
            context.principal = admission.principal
            context.signIn = admission.signIn
        }
        try limit(context, now)
        let parameters = context.parameters
        if let refusal = route.access.refusal(of: context.principal, parameter: { parameters[$0[...]] }) {
            throw refusal
        }
        let query = QueryValues(request.uri.query)
        let call = Call(
            request: request,
            context: context,
            route: route,
            form: form,
            query: query,
            negotiation: Negotiation(request.headers, query: query),
            services: services
        )
        try call.checkPrefix()
        try await call.checkRoles()
        return try await route.handler(call)
    }

    private func limit(_ context: RoostRequestContext, _ now: ContinuousClock.Instant) throws(AccessRefusal) {
        let limiter = services.limiter
        guard !limiter.isUnlimited else { return }
        let client = context.principal.map { RateLimiter.Client.principal($0) } ?? .address(context.clientAddress)
        let allowance = limiter.take(client, at: now)
        guard !allowance.isAllowed else { return }
        throw .tooManyRequests(limit: allowance.limit, retryAfter: max(1, Int(allowance.wait.rounded(.up))))
    }

    private func failure(_ error: any Error, _ context: RoostRequestContext) -> Response {
        let failure = ServiceFailure(error, requestID: context.requestID)
        if failure.isFault {
            context.logger.error(
                "a request failed in a way nobody expected",
                metadata: [
                    "request": "\(context.requestID)", "route": "\(route.method) \(route.name)", "error": "\(error)",
                ]
            )
        }
        var response = failure.response
        if response.status == .unauthorized { services.nameAuthority(in: &response.headers) }
        if case .tooManyRequests = error as? AccessRefusal {
            response.headers[.rateLimit] = String(services.configuration.rateLimit)
            response.headers[.rateRemaining] = "0"
        }
        return response
    }

    private func log(_ response: Response, _ request: Request, _ context: RoostRequestContext, _ elapsed: Duration) {
        guard context.logger.logLevel <= .debug else { return }
        context.logger.debug(
            "request",
            metadata: [
                "request": "\(context.requestID)",
                "method": "\(request.method)",
                "path": "\(request.uri.path)",
                "route": "\(route.name)",
                "status": "\(response.status.code)",
                "ms": "\(elapsed.milliseconds)",
                "by": "\(context.principal?.auditName ?? "nobody")",
            ]
        )
    }
}

extension Duration {
    /// Thousandths of a second, as a number with a fraction.
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds / 1_000_000_000_000) / 1000
    }
}
