import FoundationEssentials
import RoostLanguage
import RoostModel
import RoostStore

extension ControlPlane {
    /// By name.
    func galleries() -> [Gallery] {
        read { $0.images.galleries.values.sorted { $0.key < $1.key } }
    }

    func gallery(_ name: String) throws(ControlError) -> Gallery {
        try read { state throws(ControlError) in try state.images.gallery(name) }
    }

    /// Makes a gallery, or changes what may be changed of the one there is.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - draft: what is nil stays as it is.
    ///   - mustExist: a missing one is refused, not made.
    ///   - caller: who asks.
    /// - Returns: the gallery.
    /// - Throws: ``ControlError/gallery(_:)``, and when the store refuses.
    func putGallery(
        _ name: String,
        _ draft: GalleryDraft,
        mustExist: Bool = false,
        by caller: Caller
    ) async throws(ControlError) -> Gallery {
        let regions = imageRegions.names
        return try await change { state, change throws(ControlError) in
            var gallery: Gallery
            if let known = try? state.images.gallery(name) {
                if let place = draft.location, place.lowercased() != known.location {
                    throw .gallery(
                        .fixed(.gallery, known.name, property: "location", now: known.location, wanted: place)
                    )
                }
                gallery = known
            } else if mustExist {
                gallery = try state.images.gallery(name)
            } else {
                gallery = try state.images.newGallery(name, draft, regions, change.now, caller)
            }
            let isNew = state.images.galleries[gallery.key] == nil
            gallery.description = draft.description ?? gallery.description
            gallery.tags = draft.tags ?? gallery.tags
            try state.images.put(gallery, &change)
            change.audit(caller, isNew ? "gallery.create" : "gallery.update", "gallery:\(gallery.name)")
            return gallery
        }
    }

    /// Deletes a gallery without definitions.
    func deleteGallery(_ name: String, by caller: Caller) async throws(ControlError) {
        try await change { state, change throws(ControlError) in
            let gallery = try state.images.gallery(name)
            let count = state.images.definitions(of: name).count
            guard count == 0 else { throw .gallery(.notEmpty(.gallery, gallery.name, count: count)) }
            state.images.remove(gallery: gallery, &change)
            change.audit(caller, "gallery.delete", "gallery:\(gallery.name)")
        }
    }
}

/// What is asked of a gallery.
struct GalleryDraft: Sendable {
    var location: String?
    var description: String?
    var tags: [String: String]?
}

extension ImageLibrary {
    func gallery(_ name: String) throws(ControlError) -> Gallery {
        guard let gallery = galleries[name.lowercased()] else {
            throw .gallery(.notFound(.gallery, name, near: nearName(name, among: galleries.values.map(\.name))))
        }
        return gallery
    }

    fileprivate func newGallery(
        _ name: String,
        _ draft: GalleryDraft,
        _ regions: [String],
        _ now: Date,
        _ caller: Caller
    ) throws(ControlError) -> Gallery {
        guard GalleryNames.isGallery(name) else { throw .gallery(.nameInvalid(.gallery, name)) }
        guard galleries.count < Gallery.limit else { throw .gallery(.limitReached(.gallery, limit: Gallery.limit)) }
        let location = (draft.location ?? ImageRegionList.local).lowercased()
        guard regions.contains(location) else { throw .gallery(.regionUnknown(location, known: regions)) }
        return Gallery(id: UUID(), name: name, location: location, createdAt: now, createdBy: caller.auditName)
    }
}

extension ImageRegionList {
    /// The region that is always there.
    static let local = "local"
}
