import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostStore

extension ControlPlane {
    /// By name.
    func imageDefinitions(in gallery: String) throws(ControlError) -> [ImageDefinition] {
        try read { state throws(ControlError) in state.images.definitions(of: try state.images.gallery(gallery).key) }
    }

    func imageDefinition(_ name: String, in gallery: String) throws(ControlError) -> ImageDefinition {
        try read { state throws(ControlError) in try state.images.definition(name, in: gallery) }
    }

    /// Makes a definition, or changes what may be changed of the one there is.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - gallery: its gallery's.
    ///   - mustExist: a missing one is refused, not made.
    ///   - caller: who asks.
    ///   - draft: the definition wanted, from the one there is.
    /// - Returns: the definition.
    /// - Throws: ``ControlError/gallery(_:)``, and when the store refuses.
    func putImageDefinition(
        _ name: String,
        in gallery: String,
        mustExist: Bool = false,
        by caller: Caller,
        _ draft: @Sendable (ImageDefinition?, Gallery, Date) throws(GalleryError) -> ImageDefinition
    ) async throws(ControlError) -> ImageDefinition {
        try await change { state, change throws(ControlError) in
            let place = try state.images.gallery(gallery)
            let known = state.images.definitions[ImageDefinitionKey(gallery, name)]
            if mustExist { _ = try state.images.definition(name, in: gallery) }
            do throws(GalleryError) {
                let wanted = try draft(known, place, change.now)
                try state.images.check(wanted, known)
                defer {
                    change.audit(
                        caller,
                        known == nil ? "image-definition.create" : "image-definition.update",
                        "image:\(wanted.key)",
                        wanted.identifier.description
                    )
                }
                return try Self.put(wanted, &state, &change)
            } catch {
                throw .gallery(error)
            }
        }
    }

    private static func put(
        _ definition: ImageDefinition,
        _ state: inout ControlState,
        _ change: inout ControlChange
    ) throws(GalleryError) -> ImageDefinition {
        do throws(ControlError) { try state.images.put(definition, &change) } catch {
            throw .flaw(.definition, definition.name, problem: "it cannot be stored", advice: nil)
        }
        return definition
    }

    /// Deletes a definition without versions.
    func deleteImageDefinition(_ name: String, in gallery: String, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let definition = try state.images.definition(name, in: gallery)
            let count = state.images.versions(of: definition.key).count
            guard count == 0 else { throw .gallery(.notEmpty(.definition, definition.name, count: count)) }
            state.images.remove(definition: definition, &change)
            change.audit(caller, "image-definition.delete", "image:\(definition.key)")
        }
    }

    // MARK: Channels

    /// Points a channel at a version that can be used.
    func promote(
        _ text: String,
        to channel: String,
        of name: String,
        in gallery: String,
        by caller: Caller
    ) async throws(ControlError) -> ImageDefinition {
        guard ImageSelector.isChannel(channel) else { throw .gallery(.nameInvalid(.channel, channel)) }
        return try await change { state, change throws(ControlError) in
            var definition = try state.images.definition(name, in: gallery)
            let version = try state.images.version(text, of: definition)
            if let source = state.images.revoked[version.key] {
                throw .gallery(.notUsable(version.key, .revoked(source.version, reason: source.reason)))
            }
            guard version.isPublished else {
                throw .gallery(.notUsable(version.key, .notPublished(state: version.state.name)))
            }
            definition.channels[channel.lowercased()] = version.number
            try state.images.put(definition, &change)
            change.audit(caller, "image-version.promote", "image:\(version.key)", channel.lowercased())
            return definition
        }
    }

    /// Takes a channel away.
    func removeChannel(
        _ channel: String,
        of name: String,
        in gallery: String,
        by caller: Caller
    ) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            var definition = try state.images.definition(name, in: gallery)
            guard definition.channels.removeValue(forKey: channel.lowercased()) != nil else {
                let near = nearName(channel, among: definition.channels.keys)
                throw .gallery(.notFound(.channel, channel, near: near))
            }
            try state.images.put(definition, &change)
            change.audit(caller, "image-channel.delete", "image:\(definition.key)", channel.lowercased())
        }
    }
}

extension ImageLibrary {
    func definition(_ name: String, in gallery: String) throws(ControlError) -> ImageDefinition {
        let key = try self.gallery(gallery).key
        guard let definition = definitions[ImageDefinitionKey(key, name)] else {
            let near = nearName(name, among: definitions(of: key).map(\.name))
            throw .gallery(.notFound(.definition, name, near: near))
        }
        return definition
    }

    fileprivate func check(_ wanted: ImageDefinition, _ known: ImageDefinition?) throws(GalleryError) {
        if let known {
            guard let fixed = known.fixedDifference(from: wanted) else { return try checkSettings(wanted) }
            throw .fixed(.definition, known.name, property: fixed.property, now: fixed.now, wanted: fixed.wanted)
        }
        guard GalleryNames.isDefinition(wanted.name) else { throw .nameInvalid(.definition, wanted.name) }
        guard definitions(of: wanted.gallery).count < Gallery.definitionLimit else {
            throw .limitReached(.definition, limit: Gallery.definitionLimit)
        }
        if let twin = wanted.twin(among: definitions.values) {
            throw .identifierTaken(wanted.identifier.description, by: twin.name)
        }
        try checkSettings(wanted)
    }

    private func checkSettings(_ wanted: ImageDefinition) throws(GalleryError) {
        guard let flaw = wanted.flaw else { return }
        throw .flaw(.definition, wanted.name, problem: flaw.problem, advice: flaw.advice)
    }
}
