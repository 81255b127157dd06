import HTTPTypes
import Synchronization

/// What the HTTP side of the server counts.
final class ServerMetrics: Sendable {
    /// In the order of the route table.
    let series: [RouteSeries]
    /// Requests to vaults, by what is asked; the last is for what is no request of a vault.
    let vaults: [RouteSeries]
    /// Long polls and streams that are open.
    let heldOpen = Atomic<Int>(0)
    let startedAt = ContinuousClock.now

    init(_ routes: [Route]) {
        series = routes.map { RouteSeries(method: $0.method.rawValue, name: $0.name) }
        vaults =
            VaultRequest.routes.map { RouteSeries(method: $0.method, name: "vault/\($0.template)") }
            + [RouteSeries(method: "*", name: "vault")]
    }

    /// Where a request to a vault is counted.
    func series(of asked: VaultRequest?) -> RouteSeries { vaults[asked?.routeIndex ?? vaults.count - 1] }
}
