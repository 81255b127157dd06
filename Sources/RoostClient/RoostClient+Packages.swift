import FoundationEssentials
public import RoostWire

/// Packages and versions of the agent.
extension RoostClient {
    private static let packages = "_apis/distributedtask/packages/\(AgentPackageStatement.type)"

    /// Newest first.
    public func agentPackages(platform: String? = nil) async throws(ClientError) -> [PackageMetadataWire] {
        let path = platform.map { "\(Self.packages)/\(Self.escape($0))" } ?? Self.packages
        return try await call(Call(method: "GET", path: path), as: WireList<PackageMetadataWire>.self).value
    }

    /// Nil when the server does not have it.
    public func agentPackage(platform: String, version: String) async throws(ClientError) -> PackageMetadataWire? {
        try await callOptional(
            Call(method: "GET", path: "\(Self.packages)/\(Self.escape(platform))/\(Self.escape(version))"),
            as: PackageMetadataWire.self
        )
    }

    /// Adds a package; the signature is that of a key which the agents trust instead of the server's.
    public func addAgentPackage(
        platform: String,
        version: String,
        archive: String,
        signature: PackageSignatureWire? = nil
    ) async throws(ClientError) -> PackageMetadataWire {
        let call = Call(
            method: "PUT",
            path: "\(Self.packages)/\(Self.escape(platform))/\(Self.escape(version))",
            query: [("signature", signature?.value.base64EncodedString()), ("keyId", signature?.keyId)],
            contentType: "application/octet-stream",
            timeout: .seconds(1500)
        )
        return try await upload(call, file: archive)
    }

    public func deleteAgentPackage(platform: String, version: String) async throws(ClientError) {
        try await callForNothing(
            Call(method: "DELETE", path: "\(Self.packages)/\(Self.escape(platform))/\(Self.escape(version))")
        )
    }

    /// Fetches a package into a file.
    public func downloadAgentPackage(platform: String, version: String, to path: String) async throws(ClientError) {
        let call = Call(
            method: "GET",
            path: "_apis/roost/packages/\(Self.escape(platform))/\(Self.escape(version))/content",
            accept: "application/gzip",
            // That of the vendor's agent.
            timeout: .seconds(1500)
        )
        _ = try await download(call, to: path, mode: 0o600)
    }

    /// With which the server signs packages.
    public func packageKeys() async throws(ClientError) -> [PackageKeyWire] {
        try await call(Call(method: "GET", path: "_apis/roost/packagekeys"), as: WireList<PackageKeyWire>.self).value
    }

    // MARK: Updates

    /// Where the agents of a pool stand.
    public func agentUpdates(pool: Int) async throws(ClientError) -> [AgentUpdateWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/pools/\(pool)/updates"),
            as: WireList<AgentUpdateWire>.self
        ).value
    }

    public func updatePolicy(pool: Int) async throws(ClientError) -> AgentUpdatePolicyWire {
        try await call(Call(method: "GET", path: "_apis/roost/pools/\(pool)/updatepolicy"))
    }

    /// Changes what is given of it.
    public func setUpdatePolicy(
        pool: Int,
        _ policy: AgentUpdatePolicyWire
    ) async throws(ClientError) -> AgentUpdatePolicyWire {
        let body = try Self.body(policy)
        return try await call(Call(method: "PATCH", path: "_apis/roost/pools/\(pool)/updatepolicy", body: body))
    }

    /// Tries anew what failed in a pool.
    public func retryUpdates(pool: Int) async throws(ClientError) {
        try await callForNothing(Call(method: "POST", path: "_apis/roost/pools/\(pool)/updates/retry"))
    }

    /// Lets an agent update itself; gives the version.
    public func orderUpdate(pool: Int, agent: Int, version: String?) async throws(ClientError) -> AgentUpdateOrderWire {
        let path = "_apis/roost/pools/\(pool)/agents/\(agent)/updates"
        return try await call(Call(method: "POST", path: path, body: Self.body(AgentUpdateOrderWire(version: version))))
    }

    /// Keeps an agent from versions past this one; nil lets it go.
    public func pinAgent(pool: Int, agent: Int, version: String?) async throws(ClientError) {
        let path = "_apis/roost/pools/\(pool)/agents/\(agent)/pin"
        try await callForNothing(
            Call(method: "PUT", path: path, body: Self.body(AgentUpdateOrderWire(version: version ?? "")))
        )
    }

    /// The agent's own listener says how far its update is.
    public func reportUpdate(pool: Int, agent: Int, _ report: AgentUpdateReportWire) async throws(ClientError) {
        let path = "_apis/roost/pools/\(pool)/agents/\(agent)/updatereport"
        try await callForNothing(Call(method: "PUT", path: path, body: try Self.body(report)))
    }
}
