import HTTPTypes
import Hummingbird

/// All routes of the server while they are put together.
///
/// A route cannot be added without an access declaration, and a handler is only ever reached through ``RouteResponder``, which
/// judges by it.
final class RouteTable {
    private(set) var routes: [Route] = []

    func add(
        _ method: HTTPRequest.Method,
        _ template: String,
        _ place: Route.Place = .service(.ignored),
        access: RouteAccess,
        isHeld: Bool = false,
        _ handler: @escaping Route.Handler
    ) {
        routes.append(
            Route(
                method: method,
                template: template,
                place: place,
                access: access,
                need: RouteNeed.derived(method, template, access),
                isHeld: isHeld,
                handler: handler
            )
        )
    }

    /// Keeps who may use each route, and lets all of them do the same.
    func replaceHandlers(by handler: @escaping Route.Handler) {
        routes = routes.map { route in
            var route = route
            route.handler = handler
            return route
        }
    }

    func get(
        _ template: String,
        _ place: Route.Place = .service(.ignored),
        access: RouteAccess,
        isHeld: Bool = false,
        _ handler: @escaping Route.Handler
    ) { add(.get, template, place, access: access, isHeld: isHeld, handler) }

    func post(
        _ template: String,
        _ place: Route.Place = .service(.ignored),
        access: RouteAccess,
        _ handler: @escaping Route.Handler
    ) { add(.post, template, place, access: access, handler) }

    func put(
        _ template: String,
        _ place: Route.Place = .service(.ignored),
        access: RouteAccess,
        _ handler: @escaping Route.Handler
    ) { add(.put, template, place, access: access, handler) }

    func patch(
        _ template: String,
        _ place: Route.Place = .service(.ignored),
        access: RouteAccess,
        _ handler: @escaping Route.Handler
    ) { add(.patch, template, place, access: access, handler) }

    func delete(
        _ template: String,
        _ place: Route.Place = .service(.ignored),
        access: RouteAccess,
        _ handler: @escaping Route.Handler
    ) { add(.delete, template, place, access: access, handler) }

    /// Puts the routes into the routers of services and pages.
    func mount(services: RouteServices, service: Router<RoostRequestContext>, root: Router<RoostRequestContext>) {
        for (number, route) in routes.enumerated() {
            switch route.place {
            case .root:
                let responder = RouteResponder(
                    route: route,
                    form: .bare,
                    series: services.metrics.series[number],
                    services: services
                )
                root.on(RouterPath("/\(route.template)"), method: route.method, responder: responder)
            case .service:
                for form in Route.Form.allCases {
                    let responder = RouteResponder(
                        route: route,
                        form: form,
                        series: services.metrics.series[number],
                        services: services
                    )
                    service.on(RouterPath(form.prefix + route.template), method: route.method, responder: responder)
                }
            }
        }
    }
}
