import FoundationEssentials
import RoostContent
import RoostLanguage
import RoostModel
import RoostStore

extension ControlPlane {
    /// The lowest first.
    func imageVersions(of definition: ImageDefinition) -> [ImageVersion] {
        read { $0.images.versions(of: definition.key) }
    }

    func imageVersion(_ text: String, of definition: ImageDefinition) throws(ControlError) -> ImageVersion {
        try read { state throws(ControlError) in try state.images.version(text, of: definition) }
    }

    /// What reaches a version of all revocations.
    func revocation(reaching key: ImageVersionKey) -> RevokedBy? { read { $0.images.revoked[key] } }

    // MARK: Making and changing

    /// Makes a version of an upload or of another version's content, or changes where the one there is is published.
    func putImageVersion(
        _ text: String,
        of definition: ImageDefinition,
        _ draft: ImageVersionDraft,
        mustExist: Bool = false,
        by caller: Caller
    ) async throws -> ImageVersion {
        guard let number = ImageVersionNumber(text) else { throw ControlError.gallery(.nameInvalid(.version, text)) }
        let key = ImageVersionKey(definition.key, number)
        if let known = read({ $0.images[key] }) {
            guard known.accepts(draft) else { throw ControlError.gallery(.exists(key)) }
            return try await changeImageVersion(key, draft, by: caller)
        }
        if mustExist { _ = try imageVersion(text, of: definition) }
        let version = try await newImageVersion(key, draft, by: caller)
        let made = try await change { state, change throws(ControlError) in
            _ = try state.images.definition(definition.name, in: definition.gallery)
            if let rival = state.images[key] {
                guard rival.accepts(draft) else { throw .gallery(.exists(key)) }
                return rival
            }
            let count = state.images.versions.reduce(0) { $0 + $1.value.count }
            guard count < Gallery.versionLimit else {
                throw .gallery(.limitReached(.version, limit: Gallery.versionLimit))
            }
            try state.images.put(version, &change)
            change.audit(caller, "image-version.create", "image:\(key)", "\(version.content.size) bytes")
            change.effects.append { $0.imageWork.signal() }
            return version
        }
        return made
    }

    private func newImageVersion(
        _ key: ImageVersionKey,
        _ draft: ImageVersionDraft,
        by caller: Caller
    ) async throws -> ImageVersion {
        let gallery = try gallery(key.definition.gallery)
        let home = (draft.location ?? gallery.location).lowercased()
        let publishing = draft.publishing(from: nil, home: home)
        try check(publishing, of: key, home: home)
        let (content, source) = try await content(of: draft, key, home, gallery)
        return ImageVersion(
            key: key,
            location: home,
            content: content,
            contentHash: draft.contentHash?.lowercased() ?? source?.contentHash,
            copiedFrom: source?.key,
            seeds: source?.replicas.filter { $0.state == .completed }.map(\.key) ?? [],
            provenance: draft.provenance ?? ImageProvenance(),
            capabilities: draft.capabilities ?? source?.capabilities ?? [:],
            publishing: publishing,
            createdAt: Date(),
            createdBy: caller.auditName
        )
    }

    private func check(
        _ publishing: ImageVersion.Publishing,
        of key: ImageVersionKey,
        home: String,
        before: ImageVersion? = nil
    ) throws(ControlError) {
        let regions = imageRegions.names
        guard let fault = publishing.fault(home: home, known: Set(regions), before: before) else { return }
        throw .gallery(.publishing(key, fault, regions: regions))
    }

    private func content(
        of draft: ImageVersionDraft,
        _ key: ImageVersionKey,
        _ home: String,
        _ gallery: Gallery
    ) async throws -> (ContentReference, ImageVersion?) {
        if let pages = draft.upload {
            return (try await acceptImage(pages, in: gallery, home: home, key), nil)
        }
        guard let text = draft.source else {
            throw ControlError.gallery(.missing(.version, key.number.description, property: "source"))
        }
        guard let sourceKey = ImageVersionKey(resource: text), let source = read({ $0.images[sourceKey] }) else {
            throw ControlError.gallery(.notFound(.version, text, near: nil))
        }
        if let revoked = revocation(reaching: sourceKey) {
            throw ControlError.gallery(.notUsable(sourceKey, .revoked(revoked.version, reason: revoked.reason)))
        }
        guard source.isPublished else {
            throw ControlError.gallery(.notUsable(sourceKey, .notPublished(state: source.state.name)))
        }
        return (source.content, source)
    }

    /// The content of an upload, all of which must be there.
    private func acceptImage(
        _ pages: [ContentChunk],
        in gallery: Gallery,
        home: String,
        _ key: ImageVersionKey
    ) async throws -> ContentReference {
        let store = try imageRegions.store(ReplicaKey(home, 1))
        let absent = try await store.missing(pages.map(\.id), in: gallery.space)
        guard absent.isEmpty else { throw ContentError.chunksMissing(count: absent.count) }
        var content = ContentReference(space: gallery.space, manifest: pages, files: 0, size: 0)
        let arrived = ImageContent(content: content, owner: "", store: store)
        let manifest = try await arrived.manifest()
        let missing = try await arrived.missing(manifest)
        guard missing == 0 else { throw ContentError.chunksMissing(count: missing) }
        (content.files, content.size) = (manifest.fileCount, manifest.size)
        guard manifest.fileCount > 0 else {
            throw ControlError.gallery(
                .flaw(.version, key.number.description, problem: "its content has no file", advice: nil)
            )
        }
        return content
    }

    private func changeImageVersion(
        _ key: ImageVersionKey,
        _ draft: ImageVersionDraft,
        by caller: Caller
    ) async throws(ControlError) -> ImageVersion {
        try await change { state, change throws(ControlError) in
            guard let known = state.images[key] else {
                throw .gallery(.notFound(.version, key.number.description, near: nil))
            }
            let publishing = draft.publishing(from: known.publishing, home: known.location)
            try self.check(publishing, of: key, home: known.location, before: known)
            let version = known.applying(.put(publishing), at: change.now)
            try state.images.put(version, &change)
            change.audit(caller, "image-version.update", "image:\(key)")
            change.effects.append { $0.imageWork.signal() }
            return version
        }
    }

    // MARK: Deleting and revoking

    /// Deletes a version that nothing keeps; its content goes with the next sweep of the regions.
    func deleteImageVersion(
        _ text: String,
        of definition: ImageDefinition,
        by caller: Caller
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let definition = try state.images.definition(definition.name, in: definition.gallery)
            let version = try state.images.version(text, of: definition)
            if let keeper = keeper(of: version, channels: definition.channels, at: change.now) {
                throw .gallery(.kept(version.key, keeper))
            }
            try state.images.remove(version: version.key, &change)
            change.audit(caller, "image-version.delete", "image:\(version.key)")
        }
    }

    /// Deletes what retention does not keep.
    ///
    /// - Returns: what was decided for each version.
    func retainImages(
        _ name: String,
        in gallery: String,
        keep: Int,
        isTrial: Bool,
        by caller: Caller
    ) async throws(ControlError) -> [RetentionDecision] {
        try await change { state, change throws(ControlError) in
            let definition = try state.images.definition(name, in: gallery)
            let plan = planImageRetention(
                state.images.versions(of: definition.key),
                keep: keep,
                channels: definition.channels,
                revoked: Set(state.images.revoked.keys),
                at: change.now
            )
            for decision in plan where decision.isDeleted && !isTrial {
                let key = ImageVersionKey(definition.key, decision.number)
                try state.images.remove(version: key, &change)
                change.audit(caller, "image-version.delete", "image:\(key)", "retention, \(keep) kept")
            }
            return plan
        }
    }

    /// Revokes a version, or takes its revocation back when the reason is nil.
    func revokeImageVersion(
        _ text: String,
        of definition: ImageDefinition,
        reason: String?,
        by caller: Caller
    ) async throws(ControlError) -> ImageVersion {
        try await change { state, change throws(ControlError) in
            var version = try state.images.version(text, of: definition)
            if reason == nil, version.revocation == nil { throw .gallery(.notRevoked(version.key)) }
            version.revocation = reason.map { ImageRevocation(reason: $0, by: caller.auditName) }
            try state.images.put(version, &change)
            let action = reason == nil ? "image-version.unrevoke" : "image-version.revoke"
            change.audit(caller, action, "image:\(version.key)", reason ?? "")
            return version
        }
    }

    // MARK: Finding

    /// The version a query asks for.
    func resolve(
        _ query: ImageQuery,
        of definition: ImageDefinition
    ) throws(ControlError) -> (version: ImageVersion, passed: [ImageResolution.Passed]) {
        guard imageRegions.folders[query.region] != nil else {
            throw .gallery(.regionUnknown(query.region, known: imageRegions.names))
        }
        if case .channel(let name) = query.selector, definition.channels[name] == nil {
            throw .gallery(.notFound(.channel, name, near: nearName(name, among: definition.channels.keys)))
        }
        let found = read { state in
            resolveImage(
                query,
                among: state.images.versions(of: definition.key),
                channels: definition.channels,
                revoked: state.images.revoked
            )
        }
        guard let version = found.version else {
            throw .gallery(.unresolved(definition.key, query, passed: found.passed))
        }
        return (version, found.passed)
    }
}

extension ImageLibrary {
    func version(_ text: String, of definition: ImageDefinition) throws(ControlError) -> ImageVersion {
        guard let number = ImageVersionNumber(text) else { throw .gallery(.nameInvalid(.version, text)) }
        guard let version = versions[definition.key]?[number] else {
            throw .gallery(.notFound(.version, text, near: nil))
        }
        return version
    }
}

extension ImageVersion {
    /// A draft says nothing else than this about what never changes.
    fileprivate func accepts(_ draft: ImageVersionDraft) -> Bool {
        (draft.upload ?? content.manifest) == content.manifest
            && (draft.source.map { ImageVersionKey(resource: $0) } ?? copiedFrom) == copiedFrom
            && (draft.contentHash?.lowercased() ?? contentHash) == contentHash
            && (draft.provenance ?? provenance) == provenance
            && (draft.capabilities ?? capabilities) == capabilities
            && (draft.location?.lowercased() ?? location) == location
    }
}
