import HTTPTypes
import Synchronization

/// What the HTTP side of the server counts.
final class ServerMetrics: Sendable {
    /// In the order of the route table.
    let series: [RouteSeries]
    /// Long polls and streams that are open.
    let heldOpen = Atomic<Int>(0)
    let startedAt = ContinuousClock.now

    init(_ routes: [Route]) {
        series = routes.map { RouteSeries(method: $0.method.rawValue, name: $0.name) }
    }
}
