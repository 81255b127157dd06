public import RoostModel

/// Why a build cannot use a gallery.
public enum GalleryFailure: UserFacingError, Equatable {
    /// The template names a gallery, and no server is known.
    case noServer(image: String)
    /// A version of a gallery holds nothing that a root file system can be made from.
    case noRootfs(id: String, files: [String])
    /// An earlier publication failed, or this one.
    case notPublished(id: String, reason: String)
    /// Another version of the definition has the number.
    case numberTaken(id: String)
    /// The number of the source is asked for, which is no version.
    case noSourceVersion(definition: String)

    public var code: String {
        switch self {
        case .noServer: "image-gallery.no-server"
        case .noRootfs: "image-gallery.no-rootfs"
        case .notPublished: "image-gallery.not-published"
        case .numberTaken: "image-gallery.number-taken"
        case .noSourceVersion: "image-gallery.no-source-version"
        }
    }

    public var summary: String {
        switch self {
        case .noServer(let image): "The template names \(image) of a gallery, and no server is known"
        case .noRootfs(let id, let files):
            "\(id) holds no root file system: its files are \(files.isEmpty ? "none" : files.joined(separator: ", "))"
        case .notPublished(let id, let reason): "\(id) is not published: \(reason)"
        case .numberTaken(let id): "\(id) is there already"
        case .noSourceVersion(let definition):
            "The version of \(definition) is to follow that of its source, and the source is no version of a gallery"
        }
    }

    public var advice: String? {
        switch self {
        case .noServer: "Sign in with 'roost login URL', or give --url or ROOST_URL."
        case .noRootfs: "Versions that roost-rootfs published hold a file rootfs.tar.zst, or a disk."
        case .notPublished: "Try again with 'roost image-version update', or delete the version."
        case .numberTaken: "Take a higher number, or leave \"image_version\" out, which takes the next."
        case .noSourceVersion: "Build from a version of a gallery, or give the number."
        }
    }
}
