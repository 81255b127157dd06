import RoostModel

/// Puts the address under which this agent reaches the server in the place of the one the server knows of itself.
///
/// A server behind address translation, or one that was configured by another name, sends addresses the agent may not reach.
enum ServerAddresses {
    /// The order with scheme, host and port of the configured server wherever those of the server's own stood.
    static func rewriting(_ order: JobOrder, to configured: String) -> JobOrder {
        let servertype = order.variables.first { $0.key.lowercased() == "system.servertype" }?.value.value
        guard servertype?.lowercased() != "hosted", let new = origin(of: configured),
            let connection = order.systemConnection, let old = origin(of: connection.url),
            old.lowercased() != new.lowercased()
        else { return order }
        var order = order
        for index in order.endpoints.indices {
            order.endpoints[index].url = replacing(old, by: new, in: order.endpoints[index].url)
        }
        for index in order.repositories.indices {
            order.repositories[index].url = replacing(old, by: new, in: order.repositories[index].url)
        }
        for (name, variable) in order.variables where addressVariables.contains(name.lowercased()) {
            order.variables[name]?.value = replacing(old, by: new, in: variable.value)
        }
        return order
    }

    private static let addressVariables: Set<String> = [
        "system.collectionuri", "system.teamfoundationcollectionuri", "system.teamfoundationserveruri",
        "system.taskdefinitionsuri", "build.repository.uri",
    ]

    private static func replacing(_ old: String, by new: String, in url: String) -> String {
        guard let own = origin(of: url), own.lowercased() == old.lowercased() else { return url }
        return new + url.dropFirst(own.count)
    }

    /// `scheme://host:port` at the begin of an address.
    private static func origin(of url: String) -> String? {
        guard let slashes = url.utf8Range(of: "://") else { return nil }
        let end = url[slashes.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex
        return String(url[..<end])
    }
}
