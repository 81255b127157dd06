public import Hummingbird

/// The pages for people, as ``ServerApp`` takes them.
public enum Dashboard {
    /// Adds the pages to the server's router.
    ///
    /// - Throws: when a built-in template does not parse.
    public static func pages() throws -> @Sendable (Router<RoostRequestContext>, PageServices) -> Void {
        let templates = try DashboardTemplates()
        return { router, services in
            DashboardRoutes(
                plane: services.plane,
                triggers: services.triggers,
                templates: templates,
                isSecure: services.address.hasPrefix("https://"),
                sessionLifetime: services.configuration.dashboardSession
            )
            .add(to: router)
        }
    }
}
