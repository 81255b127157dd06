import FoundationEssentials
import Hummingbird
import NIOCore
import RoostModel
import RoostWire

/// Galleries and their definitions of images, by the names and bodies of Azure's.
func addGalleryRoutes(to table: RouteTable) {
    let gallery = "galleries/{galleryName}"
    let image = "\(gallery)/images/{imageName}"
    let (read, write) = (RouteAccess.scope(.build), RouteAccess.scope(.buildExecute))

    table.get("roost/imageregions", access: read.or(.job(.any))) { call in
        try call.list(call.plane.imageRegions.names.map { ImageRegionWire(name: $0) })
    }
    table.get("galleries", access: read) { call in try call.list(call.plane.galleries().map { GalleryWire($0) }) }
    table.get(gallery, access: read.or(.job(.any))) { call in
        try call.checkImageJob()
        return try call.answer(GalleryWire(call.plane.gallery(call.text("galleryName"))))
    }
    table.put(gallery, access: write) { call in try await call.putGallery(mustExist: false) }
    table.patch(gallery, access: write) { call in try await call.putGallery(mustExist: true) }
    table.delete(gallery, access: write) { call in
        try await call.plane.deleteGallery(call.text("galleryName"), by: call.caller)
        return call.nothing
    }
    addUploadRoutes(to: table, gallery, write.or(.job(.any)))
    table.get("\(gallery)/images", access: read) { call in
        let found = try call.plane.imageDefinitions(in: call.text("galleryName"))
        return try call.list(found.map { ImageDefinitionWire($0) })
    }
    table.get(image, access: read.or(.job(.any))) { call in
        try call.checkImageJob()
        return try call.answer(ImageDefinitionWire(call.imageDefinition()))
    }
    table.put(image, access: write) { call in try await call.putImageDefinition(mustExist: false) }
    table.patch(image, access: write) { call in try await call.putImageDefinition(mustExist: true) }
    table.delete(image, access: write) { call in
        let (name, gallery) = (call.text("imageName"), call.text("galleryName"))
        try await call.plane.deleteImageDefinition(name, in: gallery, by: call.caller)
        return call.nothing
    }
    addChannelRoutes(to: table, image, write)
}

/// Chunks of an upload, before a version is made of them.
private func addUploadRoutes(to table: RouteTable, _ gallery: String, _ write: RouteAccess) {
    table.post("\(gallery)/content/missing", access: write) { call in
        try call.checkImageJob(writes: true)
        let wanted = try await call.decode(ChunkListWire.self).chunks
        let place = try call.plane.gallery(call.text("galleryName"))
        let region = call.query["region"] ?? place.location
        return try call.answer(
            ChunkListWire(await call.plane.missingImageChunks(wanted, in: place, region: region))
        )
    }
    table.put("\(gallery)/content/{chunkId}", access: write) { call in
        try call.checkImageJob(writes: true)
        let chunk = try call.chunk()
        let place = try call.plane.gallery(call.text("galleryName"))
        let bytes = Array(try await call.body().readableBytesView)
        let region = call.query["region"] ?? place.location
        try await call.plane.putImageChunk(chunk, bytes, in: place, region: region)
        return call.nothing
    }
}

private func addChannelRoutes(to table: RouteTable, _ image: String, _ write: RouteAccess) {
    table.put("\(image)/channels/{channelName}", access: write) { call in
        let version = try await call.decode(ImageChannelWire.self).version
        let definition = try await call.plane.promote(
            version,
            to: call.text("channelName"),
            of: call.text("imageName"),
            in: call.text("galleryName"),
            by: call.caller
        )
        return try call.answer(ImageDefinitionWire(definition))
    }
    table.delete("\(image)/channels/{channelName}", access: write) { call in
        try await call.plane.removeChannel(
            call.text("channelName"),
            of: call.text("imageName"),
            in: call.text("galleryName"),
            by: call.caller
        )
        return call.nothing
    }
}

extension Call {
    /// The definition that the path names.
    func imageDefinition() throws(ControlError) -> ImageDefinition {
        try plane.imageDefinition(text("imageName"), in: text("galleryName"))
    }

    fileprivate func putGallery(mustExist: Bool) async throws -> Response {
        let wire = try await decode(GalleryWire.self)
        let draft = GalleryDraft(
            location: wire.location,
            description: wire.properties?.description,
            tags: wire.tags
        )
        let made = try await plane.putGallery(text("galleryName"), draft, mustExist: mustExist, by: caller)
        return try answer(GalleryWire(made))
    }

    fileprivate func putImageDefinition(mustExist: Bool) async throws -> Response {
        let wire = try await decode(ImageDefinitionWire.self)
        let name = text("imageName")
        let definition = try await plane.putImageDefinition(
            name,
            in: text("galleryName"),
            mustExist: mustExist,
            by: caller
        ) { known, gallery, now throws(GalleryError) in
            try wire.definition(name, from: known, in: gallery, at: now, by: caller)
        }
        return try answer(ImageDefinitionWire(definition))
    }
}

extension ImageDefinitionWire {
    /// The definition asked for: from the one there is, or a new one.
    fileprivate func definition(
        _ name: String,
        from known: ImageDefinition?,
        in gallery: Gallery,
        at now: Date,
        by caller: Caller
    ) throws(GalleryError) -> ImageDefinition {
        let properties = properties ?? Properties()
        let wanted = properties.identifier
        func text(_ property: String, _ given: String?, _ before: String?) throws(GalleryError) -> String {
            guard let text = given ?? before else { throw .missing(.definition, name, property: property) }
            return text
        }
        func choice<Value: RawRepresentable & CaseIterable>(
            _ property: String,
            _ given: String?,
            _ before: Value?,
            _ usual: Value? = nil
        ) throws(GalleryError) -> Value where Value.RawValue == String {
            guard let given else {
                guard let value = before ?? usual else { throw .missing(.definition, name, property: property) }
                return value
            }
            if let value = Value.allCases.first(where: { $0.rawValue.lowercased() == given.lowercased() }) {
                return value
            }
            let known = Value.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
            throw .flaw(.definition, name, problem: "its \(property) is '\(given)'", advice: "It can be \(known).")
        }
        return ImageDefinition(
            name: known?.name ?? name,
            gallery: gallery.name,
            location: location?.lowercased() ?? known?.location ?? gallery.location,
            identifier: .init(
                publisher: try text("publisher", wanted?.publisher, known?.identifier.publisher),
                offer: try text("offer", wanted?.offer, known?.identifier.offer),
                sku: try text("sku", wanted?.sku, known?.identifier.sku)
            ),
            system: try choice("osType", properties.osType, known?.system),
            systemState: try choice("osState", properties.osState, known?.systemState, .generalized),
            generation: try choice("hyperVGeneration", properties.hyperVGeneration, known?.generation, .v2),
            architecture: try choice("architecture", properties.architecture, known?.architecture, .x64),
            settings: properties.settings(from: known?.settings ?? .init(), tags: tags),
            channels: known?.channels ?? [:],
            createdAt: known?.createdAt ?? now,
            createdBy: known?.createdBy ?? caller.auditName
        )
    }
}

extension ImageDefinitionWire.Properties {
    fileprivate func settings(
        from known: ImageDefinition.Settings,
        tags: [String: String]?
    ) -> ImageDefinition.Settings {
        var settings = known
        settings.description = description ?? known.description
        settings.eula = eula ?? known.eula
        settings.privacyStatement = privacyStatementUri ?? known.privacyStatement
        settings.releaseNotes = releaseNoteUri ?? known.releaseNotes
        settings.endOfLife = endOfLifeDate ?? known.endOfLife
        settings.processors = recommended?.vCPUs ?? known.processors
        settings.memory = recommended?.memory ?? known.memory
        settings.disallowedDisks = disallowed?.diskTypes ?? known.disallowedDisks
        settings.features = features ?? known.features
        settings.tags = tags ?? known.tags
        return settings
    }
}
