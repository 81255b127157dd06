import RoostTemplate

/// How an image gets to one of the places that its template names.
enum ImageDistribution: Sendable {
    /// A file with this name, in the folder where the build is started.
    case file(String)
    case gallery(GalleryPublication)

    /// Nil for places that nothing here stores.
    init?(_ destination: ImageDestination) {
        switch destination.place {
        case .managedImage(let store) where Self.isFileName(store.image.name):
            self = .file("\(store.image.name).tar.zst")
        case .gallery(let publication): self = .gallery(publication)
        default: return nil
        }
    }

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("/") && !name.hasPrefix(".") && !name.contains("\0")
    }

    /// As Image Builder calls it.
    var kind: String {
        switch self {
        case .file: "ManagedImage"
        case .gallery: "SharedImage"
        }
    }

    var title: String {
        switch self {
        case .file(let name): name
        case .gallery(let publication): "/galleries/\(publication.image.gallery)/images/\(publication.image.image)"
        }
    }
}
