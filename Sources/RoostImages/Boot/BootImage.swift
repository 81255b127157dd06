import Foundation
public import RoostTemplate

/// What is started.
public enum BootImage: Sendable, Hashable {
    /// An archive, a folder or a disk of this machine, by its path.
    case path(String)
    /// A version of a gallery.
    case version(GalleryImageVersion)

    /// How people call it.
    var name: String {
        switch self {
        case .path(let path): path
        case .version(let version): "\(version.image.gallery)/\(version.image.image)/\(version.version)"
        }
    }

    /// Whether it is a disk; nil when that is seen only once it was fetched.
    public var isDisk: Bool? {
        get throws {
            switch self {
            case .path(let path): try DiskFile.isOne(path)
            case .version: nil
            }
        }
    }
}
