import FoundationEssentials
import RoostClient
import RoostImages
import RoostModel

/// Where a cloud is.
struct AzureEndpoints: Sendable, Hashable {
    /// Of the resource manager, without a slash at its end.
    var resourceManager: String
    /// Where one signs in, without a slash at its end.
    var authority: String
    /// Whom tokens are for.
    var audience: String

    init(resourceManager: String, authority: String, audience: String) {
        self.resourceManager = Self.plain(resourceManager)
        self.authority = Self.plain(authority)
        self.audience = audience
    }

    /// Of a cloud that is built in, as templates name it; nil for another.
    init?(cloud: String) {
        var name = cloud.lowercased()
        if name.hasPrefix("azure") { name.removeFirst(5) }
        if name.hasSuffix("cloud") { name.removeLast(5) }
        let names = [
            "": "AzureCloud", "public": "AzureCloud", "china": "AzureChinaCloud", "usgovernment": "AzureUSGovernment",
        ]
        guard let known = names[name].flatMap({ Cloud(named: $0) }) else { return nil }
        self.init(known)
    }

    private init(_ cloud: Cloud) {
        self.init(
            resourceManager: cloud.endpoints[Cloud.Field.resourceManager] ?? "",
            authority: cloud.endpoints[Cloud.Field.authority] ?? "",
            audience: cloud.endpoints[Cloud.Field.audience] ?? ""
        )
    }

    /// What a cloud says of itself at `/metadata/endpoints`: one object, or a list of which the first counts.
    init?(metadata: Data, host: String) {
        let decoder = JSONDecoder()
        let one = try? decoder.decode(AzureMetadataWire.self, from: metadata)
        guard let wire = one ?? (try? decoder.decode([AzureMetadataWire].self, from: metadata))?.first,
            let audience = wire.authentication.audiences.first
        else { return nil }
        self.init(
            resourceManager: wire.resourceManager ?? host,
            authority: wire.authentication.loginEndpoint,
            audience: audience
        )
    }

    /// What `az cloud show` prints.
    init?(session: String) {
        guard let wire = try? JSONDecoder().decode(AzureCloudWire.self, from: Data(session.utf8)) else { return nil }
        self.init(
            resourceManager: wire.endpoints.resourceManager,
            authority: wire.endpoints.activeDirectory,
            audience: wire.endpoints.activeDirectoryResourceId ?? wire.endpoints.resourceManager
        )
    }

    private static func plain(_ text: String) -> String {
        var text = text
        while text.hasSuffix("/") { text.removeLast() }
        return text
    }

    /// Whether a token may be sent there: with TLS, or to this machine.
    static func isSafe(_ url: String) -> Bool {
        guard let parsed = URL(string: url), let host = parsed.host else { return false }
        return parsed.scheme == "https"
            || parsed.scheme == "http" && (host == "localhost" || host.hasPrefix("127.") || host == "::1")
    }
}

private struct AzureMetadataWire: Decodable {
    struct Authentication: Decodable {
        var loginEndpoint: String
        var audiences: [String]
    }

    var resourceManager: String?
    var authentication: Authentication
}

private struct AzureCloudWire: Decodable {
    struct Endpoints: Decodable {
        var resourceManager: String
        var activeDirectory: String
        var activeDirectoryResourceId: String?
    }

    var endpoints: Endpoints
}
