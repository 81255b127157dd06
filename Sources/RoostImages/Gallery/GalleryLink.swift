import RoostTemplate

/// What a build has to do with galleries, found out before anything is made.
struct GalleryLink: Sendable {
    /// The version that it begins with.
    let source: GalleryImage?
    let publication: GalleryPublication?
    /// The number that the publication will have.
    let number: String?

    /// - Throws: what the gallery says, and ``GalleryFailure/noServer(image:)``.
    init(_ settings: RootfsSettings, _ context: BuildContext) async throws {
        publication = settings.publication
        let gallery = context.gallery
        if case .gallery(let version) = settings.base {
            guard let gallery else { throw GalleryFailure.noServer(image: "\(version.image.image) \(version.version)") }
            source = try await gallery.find(version)
        } else {
            source = nil
        }
        guard let publication else {
            number = nil
            return
        }
        guard let gallery else { throw GalleryFailure.noServer(image: publication.image.image) }
        number = try await gallery.number(for: publication, source: source)
    }

    /// The version that will be published, by its identifier.
    var target: String? {
        guard let publication, let number else { return nil }
        return "/galleries/\(publication.image.gallery)/images/\(publication.image.image)/versions/\(number)"
    }
}
