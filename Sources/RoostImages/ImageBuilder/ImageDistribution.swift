import RoostTemplate

/// How an image gets to one of the places that its template names.
enum ImageDistribution: Sendable {
    /// A file with this name, in the folder where the build is started.
    case file(String)
    /// A disk of a fixed size with this name, in the same folder.
    case disk(String)
    case gallery(GalleryPublication)

    /// Nil for places that nothing here stores.
    init?(_ destination: ImageDestination) {
        switch destination.place {
        case .managedImage(let store) where Self.isFileName(store.image.name):
            self = .file("\(store.image.name).tar.zst")
        case .gallery(let publication): self = .gallery(publication)
        case .vhd(let store):
            guard let name = Self.diskName(store.location, destination.name) else { return nil }
            self = .disk(name)
        default: return nil
        }
    }

    /// The name that an address ends with, else that of the output.
    private static func diskName(_ location: VHDStore.Location, _ output: String) -> String? {
        var name = "\(output).vhd"
        switch location {
        case .staging: break
        case .address(let address):
            let path = address.prefix { $0 != "?" && $0 != "#" }
            if path.hasSuffix(".vhd"), let last = path.split(separator: "/").last { name = String(last) }
        case .account: return nil
        }
        return isFileName(name) ? name : nil
    }

    private static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && !name.contains("/") && !name.hasPrefix(".") && !name.contains("\0")
    }

    /// As Image Builder calls it.
    var kind: String {
        switch self {
        case .file: "ManagedImage"
        case .disk: "VHD"
        case .gallery: "SharedImage"
        }
    }

    var title: String {
        switch self {
        case .file(let name), .disk(let name): name
        case .gallery(let publication): "/galleries/\(publication.image.gallery)/images/\(publication.image.image)"
        }
    }
}
