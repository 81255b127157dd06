import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// Packages of the agent: a version for a platform each.
func addPackageRoutes(to table: RouteTable) {
    let access = RouteAccess.scope(.agentPools).or(.listener(.any))
    let manage = RouteAccess.scope(.agentPoolsManage)
    let platform = "distributedtask/packages/{packageType}/{platform}"
    table.get("distributedtask/packages/{packageType}", access: access) { call in
        try call.list(call.packages(platform: nil))
    }
    table.get(platform, access: access) { call in
        try call.list(call.packages(platform: call.text("platform")))
    }
    table.get("\(platform)/{version}", access: access) { call in
        // Azure DevOps answers with nothing for a version that it does not have.
        let version = call.text("version").lowercased()
        let all = call.packages(platform: call.text("platform"))
        return try call.answer(all.first { $0.version?.text == AgentRelease(version)?.description })
    }
    table.put("\(platform)/{version}", access: manage) { call in
        let (type, platform) = (call.text("packageType"), call.text("platform"))
        guard type == AgentPackageStatement.type else { throw AgentPackageError.otherType(type) }
        let package = try await call.plane.addAgentPackage(
            platform: platform,
            release: call.release(),
            call.request.body,
            signature: call.packageSignature(),
            by: call.caller
        )
        return try call.answer(call.view(package))
    }
    table.delete("\(platform)/{version}", access: manage) { call in
        try await call.plane.deleteAgentPackage(call.release(), platform: call.text("platform"), by: call.caller)
        return call.nothing
    }
    table.get("roost/packages/{platform}/{version}/content", access: access) { call in
        let package = try call.plane.agentPackage(call.release(), platform: call.text("platform"))
        let file = StoredFile(
            chunks: package.chunks,
            size: package.size,
            sha256: package.sha256,
            space: AgentPackage.space,
            name: "the package of agent \(package.release)",
            type: "application/gzip"
        )
        return call.send(file)
    }
    table.get("roost/packagekeys", access: access.or(.enroller(.any))) { call in
        try await call.list([call.plane.packageKey().wire])
    }
}

extension Call {
    fileprivate func packages(platform: String?) -> [PackageMetadataWire] {
        let all = plane.agentPackages(type: text("packageType"), platform: platform).map(view)
        guard let top = query["$top"].flatMap({ Int($0) }), top >= 0 else { return all }
        return Array(all.prefix(top))
    }

    func release() throws -> AgentRelease {
        let text = text("version")
        guard let release = AgentRelease(text) else { throw AgentPackageError.noVersion(text) }
        return release
    }

    /// The signature that somebody else made, in base 64.
    fileprivate func packageSignature() throws -> PackageSignatureWire? {
        guard let text = query["signature"], !text.isEmpty else { return nil }
        guard let value = Data(base64Encoded: text), value.count == 64, let key = query["keyId"], !key.isEmpty else {
            throw ControlError.invalid(
                what: "The signature",
                problem: "it is no Ed25519 signature in base 64, or names no key",
                advice: "Make it with 'roost package sign'."
            )
        }
        return PackageSignatureWire(keyId: key, value: value)
    }

    fileprivate func view(_ package: AgentPackage) -> PackageMetadataWire {
        let path = "_apis/roost/packages/\(package.platform)/\(package.release)/content"
        return PackageMetadataWire(
            type: AgentPackageStatement.type,
            platform: package.platform,
            createdOn: package.addedAt,
            version: PackageVersionWire(package.release),
            downloadUrl: "\(plane.settings.publicURL)\(path)",
            filename: package.fileName,
            hashValue: package.sha256,
            size: package.size,
            signatures: package.signatures,
            createdBy: package.addedBy
        )
    }
}
