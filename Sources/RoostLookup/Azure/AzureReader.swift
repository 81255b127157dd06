import FoundationEssentials
import RoostClient
import RoostImages
import RoostModel
import RoostTemplate

/// Reads what questions ask for from a resource manager.
struct AzureReader: Sendable {
    let connection: AzureConnection
    let deadline: ContinuousClock.Instant

    private static let groupVersion = "2021-04-01"
    private static let subscriptionVersion = "2022-12-01"
    private static let rightsVersion = "2022-04-01"
    private static let computeVersion = "2022-11-01"
    private static let sizesVersion = "2021-07-01"

    /// The version of the interface by which things of a type are read and made; nil for types that are not known here.
    static func version(of type: String) -> String? {
        let versions = [
            "": groupVersion, AzureType.gallery: "2022-03-03", AzureType.definition: "2022-03-03",
            AzureType.version: "2022-03-03", AzureType.managedImage: computeVersion, AzureType.disk: "2023-04-02",
            AzureType.diskEncryption: "2023-04-02", AzureType.network: "2023-09-01", AzureType.subnet: "2023-09-01",
            AzureType.storageAccount: "2023-01-01", AzureType.identity: "2023-01-31",
        ]
        return versions.first { $0.key.lowercased() == type.lowercased() }?.value
    }

    /// What is known; nil when there is no such thing.
    func fact(_ question: AzureQuestion) async throws(AzureObstacle) -> PreflightFact? {
        switch question {
        case .signIn: return .signedIn(subscription: connection.subscription)
        case .subscription(let name): return try await subscription(name)
        case .regions(let name): return try await regions(name)
        case .resource(let id): return try await resource(id).map { .resource($0) }
        case .versions(let id): return try await versions(id)
        case .networks(let name): return try await networks(name)
        case .rights(let id): return try await rights(id)
        case .quota(let name, let region): return try await quota(name, region)
        case .sizes(let name, let region): return try await sizes(name, region)
        case .marketplace(let name, let region, let image):
            return try await marketplace(name, region, image).map { .resource($0) }
        }
    }

    // MARK: Subscriptions

    /// The path of a subscription; an empty name is the one that signing in leads to.
    private func path(_ subscription: String) throws(AzureObstacle) -> String {
        let name = subscription.isEmpty ? connection.subscription : subscription
        guard !name.isEmpty else {
            throw .signIn(
                reason: "it leads to no subscription",
                address: connection.endpoints.resourceManager,
                advice: "Give \"subscription_id\", or choose one with 'az account set'."
            )
        }
        return "/subscriptions/\(RoostClient.escape(name))"
    }

    private func subscription(_ name: String) async throws(AzureObstacle) -> PreflightFact? {
        let url = connection.address(try path(name), Self.subscriptionVersion)
        let wire = try await connection.read(url, as: AzureSubscriptionWire.self, by: deadline)
        return wire.map { .subscription(state: $0.state ?? "Enabled") }
    }

    private func regions(_ name: String) async throws(AzureObstacle) -> PreflightFact? {
        let url = connection.address("\(try path(name))/locations", Self.subscriptionVersion)
        let regions = try await connection.list(url, of: AzureRegionWire.self, by: deadline)
        return regions.map { regions in
            .regions(
                Dictionary(regions.map { ($0.name.lowercased(), $0.displayName ?? $0.name) }) { first, _ in first }
            )
        }
    }

    // MARK: Resources

    /// The path of a group or a resource.
    func path(_ id: AzureResourceID) throws(AzureObstacle) -> String {
        var path = try path(id.subscription)
        guard !id.resourceGroup.isEmpty else { return path }
        path += "/resourceGroups/\(RoostClient.escape(id.resourceGroup))"
        let parts = id.type.split(separator: "/").map(String.init)
        guard let namespace = parts.first else { return path }
        let pairs = zip(parts.dropFirst(), id.names).map { "/\($0)/\(RoostClient.escape($1))" }
        return "\(path)/providers/\(namespace)\(pairs.joined())"
    }

    func address(_ id: AzureResourceID, _ query: String = "") throws(AzureObstacle) -> String {
        let path = try path(id)
        guard let version = Self.version(of: id.type) else {
            throw .refused(AzureRefusal(url: path, status: 0, code: "", message: "nothing is known here of \(id.type)"))
        }
        return connection.address(path, version, query)
    }

    func wire(_ id: AzureResourceID) async throws(AzureObstacle) -> AzureResourceWire? {
        try await connection.read(try address(id), by: deadline)
    }

    private func resource(_ id: AzureResourceID) async throws(AzureObstacle) -> AzureResourceFact? {
        try await wire(id)?.fact(isDefinition: id.isOf(AzureType.definition))
    }

    private func versions(_ id: AzureResourceID) async throws(AzureObstacle) -> PreflightFact? {
        guard let version = Self.version(of: AzureType.version) else { return nil }
        let url = connection.address("\(try path(id))/versions", version)
        return try await connection.list(url, of: AzureResourceWire.self, by: deadline).map { versions in
            .versions(versions.compactMap(\.version))
        }
    }

    private func networks(_ name: String) async throws(AzureObstacle) -> PreflightFact? {
        let path = "\(try path(name))/providers/\(AzureType.network)"
        let url = connection.address(path, Self.version(of: AzureType.network) ?? "")
        return try await connection.list(url, of: AzureResourceWire.self, by: deadline).map { networks in
            .networks(networks.compactMap(\.network))
        }
    }

    private func rights(_ id: AzureResourceID) async throws(AzureObstacle) -> PreflightFact? {
        let url = connection.address(
            "\(try path(id))/providers/Microsoft.Authorization/permissions",
            Self.rightsVersion
        )
        return try await connection.list(url, of: AzureRightsWire.self, by: deadline).map { rights in
            .rights(rights.map { RightsFact(actions: $0.actions ?? [], excluded: $0.notActions ?? []) })
        }
    }

    // MARK: Machines

    private func compute(_ name: String, _ region: String) throws(AzureObstacle) -> String {
        "\(try path(name))/providers/Microsoft.Compute/locations/\(RoostClient.escape(region))"
    }

    private func quota(_ name: String, _ region: String) async throws(AzureObstacle) -> PreflightFact? {
        let url = connection.address("\(try compute(name, region))/usages", Self.computeVersion)
        return try await connection.list(url, of: AzureUsageWire.self, by: deadline).map { usages in
            .quota(
                usages.map {
                    QuotaFact(
                        name: $0.name.value,
                        title: $0.name.localizedValue,
                        used: $0.currentValue,
                        limit: $0.limit
                    )
                }
            )
        }
    }

    private func sizes(_ name: String, _ region: String) async throws(AzureObstacle) -> PreflightFact? {
        let filter = "$filter=\(RoostClient.escape("location eq '\(region)'"))"
        let url = connection.address("\(try path(name))/providers/Microsoft.Compute/skus", Self.sizesVersion, filter)
        return try await connection.list(url, of: AzureSKUWire.self, by: deadline).map { skus in
            .sizes(skus.compactMap(\.size))
        }
    }

    private func marketplace(
        _ name: String,
        _ region: String,
        _ image: MarketplaceImage
    ) async throws(AzureObstacle) -> AzureResourceFact? {
        let parts = [
            ("publishers", image.publisher), ("artifacttypes/vmimage/offers", image.offer), ("skus", image.sku),
        ]
        let path = parts.reduce(try compute(name, region)) { "\($0)/\($1.0)/\(RoostClient.escape($1.1))" } + "/versions"
        guard image.version.lowercased() == "latest" else { return try await offered(path, image.version) }
        let url = connection.address(path, Self.computeVersion)
        let versions = try await connection.read(url, as: [AzureResourceWire].self, by: deadline)
        let names = (versions ?? []).compactMap(\.name)
        guard let newest = names.max(by: { Self.numbers($0).lexicographicallyPrecedes(Self.numbers($1)) }) else {
            return nil
        }
        return try await offered(path, newest)
    }

    private func offered(_ path: String, _ version: String) async throws(AzureObstacle) -> AzureResourceFact? {
        let url = connection.address("\(path)/\(RoostClient.escape(version))", Self.computeVersion)
        return try await connection.read(url, as: AzureResourceWire.self, by: deadline)?.fact()
    }

    /// Versions are compared number by number.
    private static func numbers(_ version: String) -> [Int] { version.split(separator: ".").map { Int($0) ?? 0 } }
}
