import Crypto
import FoundationEssentials
import NIOCore
import RoostContent
import RoostModel
import RoostStore
import RoostWire

extension ControlPlane {
    /// Newest first.
    func agentPackages(type: String, platform: String? = nil) -> [AgentPackage] {
        guard type == AgentPackageStatement.type else { return [] }
        return read { $0.updates.packages(platform: platform) }
    }

    func agentPackage(_ release: AgentRelease, platform: String) throws(AgentPackageError) -> AgentPackage {
        guard let package = read({ $0.updates.package(release, platform) }) else {
            throw .notFound(release.description, platform: platform)
        }
        return package
    }

    /// Takes a package in, and signs it unless somebody else has.
    ///
    /// - Parameters:
    ///   - platform: such as `linux-x64`.
    ///   - release: its version; there must be no package of it.
    ///   - body: a tar archive compressed with gzip.
    ///   - signature: of a key that agents trust instead of the server's.
    ///   - caller: who does it.
    /// - Returns: the package.
    /// - Throws: ``AgentPackageError``, ``TaskPackageError/tooLarge(limit:)``.
    func addAgentPackage(
        platform: String,
        release: AgentRelease,
        _ body: some AsyncSequence<ByteBuffer, any Error>,
        signature: PackageSignatureWire?,
        by caller: Caller
    ) async throws -> AgentPackage {
        guard AgentPackage.platforms.contains(platform) else { throw AgentPackageError.otherPlatform(platform) }
        guard read({ $0.updates.package(release, platform) }) == nil else {
            throw AgentPackageError.known(release, platform: platform)
        }
        let file = try await PackageFile(body, folder: "\(settings.dataFolder)/uploads", limit: Self.packageLimit)
        var chunks: [ContentChunk] = []
        try await file.pieces { bytes in
            let chunk = ContentChunk(id: ChunkCodec.id(of: bytes), size: bytes.count)
            if try await !self.chunks.missing([chunk.id], in: AgentPackage.space).isEmpty {
                try await self.chunks.put(chunk.id, ChunkCodec.encode(bytes), in: AgentPackage.space)
            }
            chunks.append(chunk)
        }
        var package = AgentPackage(
            platform: platform,
            release: release,
            chunks: chunks,
            size: file.size,
            sha256: file.sha256,
            signatures: signature.map { [$0] } ?? [],
            addedAt: Date(),
            addedBy: caller.auditName
        )
        if signature == nil { package.signatures = [try await sign(package.statement)] }
        let (added, value) = (package, try JSONEncoder().encode(package))
        let isAdded = try await change { state, change throws(ControlError) in
            // Another may have been added while this one came.
            guard state.updates.package(release, platform) == nil else { return false }
            state.updates.put(added)
            change.store.append(.putSetting(name: added.settingName, value: value))
            let detail = "\(release) for \(platform), SHA-256 \(added.sha256)"
            change.audit(caller, "agent-package.add", "agent-package:\(platform):\(release)", detail)
            for pool in state.pools.keys { state.updatesChanged(in: pool, &change) }
            return true
        }
        guard isAdded else { throw AgentPackageError.known(release, platform: platform) }
        return package
    }

    /// Removes a package; agents that have the version keep it.
    func deleteAgentPackage(_ release: AgentRelease, platform: String, by caller: Caller) async throws {
        let package = try agentPackage(release, platform: platform)
        try await change { state, change in
            state.updates.remove(package)
            change.store.append(.deleteSetting(name: package.settingName))
            let detail = "\(release) for \(platform)"
            change.audit(caller, "agent-package.delete", "agent-package:\(platform):\(release)", detail)
            for pool in state.pools.keys { state.updatesChanged(in: pool, &change) }
        }
    }

    // MARK: Signatures

    /// The key with which this server signs packages; made when it is first asked for.
    func packageKey() async throws -> PackageKey {
        if let key = read({ $0.updates.key }) { return key }
        let made = Curve25519.Signing.PrivateKey()
        let text = made.rawRepresentation.base64EncodedString()
        let key = PackageKey(
            id: PackageKeyWire.id(of: made.publicKey.rawRepresentation),
            publicKey: made.publicKey.rawRepresentation,
            sealed: try sealer.seal(text, for: PackageKey.place)
        )
        let value = try JSONEncoder().encode(key)
        return try await change { state, change in
            // Somebody else may have been quicker.
            if let known = state.updates.key { return known }
            state.updates.key = key
            change.store.append(.putSetting(name: PackageKey.settingName, value: value))
            change.audit(.system, "agent-package-key.create", PackageKey.settingName, key.id)
            return key
        }
    }

    private func sign(_ statement: AgentPackageStatement) async throws -> PackageSignatureWire {
        let key = try await packageKey()
        guard let bytes = Data(base64Encoded: try sealer.open(key.sealed, for: PackageKey.place)) else {
            throw SigningKey.KeyUnreadable()
        }
        let signer = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes)
        return PackageSignatureWire(keyId: key.id, value: try signer.signature(for: statement.bytes))
    }
}
