import FoundationEssentials
import Hummingbird
import RoostModel
import RoostWire

/// Versions of images, by the names and bodies of Azure's; below them what is Roost's own.
func addImageVersionRoutes(to table: RouteTable) {
    let image = "galleries/{galleryName}/images/{imageName}"
    let version = "\(image)/versions/{versionName}"
    let (read, write) = (RouteAccess.scope(.build), RouteAccess.scope(.buildExecute))

    table.get("\(image)/versions", access: read.or(.job(.any))) { call in
        try call.checkImageJob()
        let definition = try call.imageDefinition()
        return try call.list(call.plane.imageVersions(of: definition).map { call.view($0, definition) })
    }
    table.get(version, access: read.or(.job(.any))) { call in
        try call.checkImageJob()
        let (found, definition) = try call.imageVersion()
        return try call.answer(call.view(found, definition))
    }
    table.put(version, access: write.or(.job(.any))) { call in
        try call.checkImageJob(writes: true)
        return try await call.putImageVersion(mustExist: false)
    }
    table.patch(version, access: write) { call in try await call.putImageVersion(mustExist: true) }
    table.delete(version, access: write) { call in
        try await call.plane.deleteImageVersion(call.text("versionName"), of: call.imageDefinition(), by: call.caller)
        return call.nothing
    }
    table.get("\(version)/content/{chunkId}", access: read.or(.job(.any))) { call in
        try call.checkImageJob()
        let chunk = try call.chunk()
        let stored = try await call.plane.imageChunk(
            chunk,
            of: call.imageVersion().version,
            region: call.query["region"],
            isSuspect: call.query.flag("suspect")
        )
        return call.bytes(stored, type: "application/octet-stream")
    }
    addRevocationRoutes(to: table, version, write)
    table.get("\(image)/resolve", access: read.or(.job(.any))) { call in
        try call.checkImageJob()
        return try call.resolveImage()
    }
    table.post("\(image)/retention", access: write) { call in
        guard let keep = try call.query.number("keep"), keep >= 1 else {
            throw RequestProblem.malformed(place: "keep", problem: "the query names no 'keep' of 1 or more")
        }
        let plan = try await call.plane.retainImages(
            call.text("imageName"),
            in: call.text("galleryName"),
            keep: keep,
            isTrial: call.query.flag("dryRun"),
            by: call.caller
        )
        return try call.list(plan.map { ImageRetentionWire($0) })
    }
}

private func addRevocationRoutes(to table: RouteTable, _ version: String, _ write: RouteAccess) {
    table.put("\(version)/revocation", access: write) { call in
        let reason = try await call.decode(ImageReasonWire.self).reason
        guard !reason.isEmpty, reason.utf8.count <= 1000 else {
            throw RequestProblem.malformed(place: "reason", problem: "it is empty or longer than 1000 bytes")
        }
        return try await call.revokeImage(reason)
    }
    table.delete("\(version)/revocation", access: write) { call in try await call.revokeImage(nil) }
}

extension Call {
    fileprivate func imageVersion() throws(ControlError) -> (version: ImageVersion, definition: ImageDefinition) {
        let definition = try imageDefinition()
        return (try plane.imageVersion(text("versionName"), of: definition), definition)
    }

    fileprivate func view(_ version: ImageVersion, _ definition: ImageDefinition) -> ImageVersionWire {
        let isExpanded = query["$expand"]?.lowercased().contains("replicationstatus") ?? false
        return ImageVersionWire(
            version,
            names: (definition.gallery, definition.name),
            revoked: plane.revocation(reaching: version.key),
            replication: isExpanded
                ? replicationSummary(of: version, done: plane.imageProgress.done(version.key)) : nil
        )
    }

    fileprivate func putImageVersion(mustExist: Bool) async throws -> Response {
        let wire = try await decode(ImageVersionWire.self)
        let definition = try imageDefinition()
        let version = try await plane.putImageVersion(
            text("versionName"),
            of: definition,
            wire.draft(text("versionName")),
            mustExist: mustExist,
            by: caller
        )
        return try answer(view(version, definition), status: version.state.isAtWork ? .accepted : .ok)
    }

    fileprivate func revokeImage(_ reason: String?) async throws -> Response {
        let definition = try imageDefinition()
        let name = text("versionName")
        return try answer(
            view(await plane.revokeImageVersion(name, of: definition, reason: reason, by: caller), definition)
        )
    }

    fileprivate func resolveImage() throws -> Response {
        let definition = try imageDefinition()
        let wanted = query["version"] ?? "latest"
        guard let selector = ImageSelector(wanted) else {
            throw RequestProblem.badParameter(
                name: "version",
                value: wanted,
                expected: "'latest', MAJOR, MAJOR.MINOR, MAJOR.MINOR.PATCH or a channel"
            )
        }
        var imageQuery = ImageQuery(selector, region: query["region"]?.lowercased() ?? definition.location)
        for text in query.list("exclude") ?? [] {
            guard let number = ImageVersionNumber(text) else { throw GalleryError.nameInvalid(.version, text) }
            imageQuery.excluding.insert(number)
        }
        let found = try plane.resolve(imageQuery, of: definition)
        let warnings = [
            found.version.endOfLifeWarning("version", found.version.publishing.endOfLife),
            found.version.endOfLifeWarning("image definition", definition.settings.endOfLife),
        ]
        return try answer(
            ImageResolutionWire(
                view(found.version, definition),
                passed: found.passed,
                warnings: warnings.compactMap(\.self)
            )
        )
    }
}

extension ImageVersion {
    fileprivate func endOfLifeWarning(_ what: String, _ date: Date?) -> String? {
        guard let date, date <= Date() else { return nil }
        return "The \(what) of \(key) reached its end of life on \(date.formatted(.iso8601))."
    }
}

extension ImageVersionWire {
    /// What it asks for.
    fileprivate func draft(_ name: String) throws(GalleryError) -> ImageVersionDraft {
        let properties = properties ?? Properties()
        let publishing = properties.publishingProfile
        var draft = ImageVersionDraft(location: location)
        if let regions = publishing?.targetRegions {
            draft.targets = []
            for region in regions { draft.targets?.append(try region.target(name)) }
        }
        draft.replicas = publishing?.replicaCount
        draft.isExcludedFromLatest = publishing?.excludeFromLatest
        draft.endOfLife = publishing?.endOfLifeDate
        draft.allowsRegionRemoval = properties.safetyProfile?.allowDeletionOfReplicatedLocations
        draft.isKeptUntilEndOfLife = properties.safetyProfile?.blockDeletionBeforeEndOfLife
        draft.tags = tags
        draft.upload = properties.storageProfile?.content?.manifest
        draft.source = properties.storageProfile?.source?.id
        if let hash = properties.contentHash {
            guard ChunkID(hash.lowercased()) != nil else {
                throw .flaw(.version, name, problem: "its contentHash is no SHA-256", advice: nil)
            }
            draft.contentHash = hash
        }
        draft.provenance = properties.provenance
        draft.capabilities = properties.capabilities
        return draft
    }
}

extension ImageVersionWire.Region {
    fileprivate func target(_ version: String) throws(GalleryError) -> TargetRegion {
        let kind = storageAccountType?.lowercased()
        let storage = TargetRegion.Storage.allCases.first { $0.rawValue.lowercased() == kind }
        if let storageAccountType, storage == nil {
            let known = TargetRegion.Storage.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw .flaw(
                .version,
                version,
                problem: "its storageAccountType is '\(storageAccountType)'",
                advice: "It can be \(known)."
            )
        }
        return TargetRegion(
            name.lowercased(),
            replicas: regionalReplicaCount,
            storage: storage,
            isExcludedFromLatest: excludeFromLatest ?? false
        )
    }
}
