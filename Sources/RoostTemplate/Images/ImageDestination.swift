/// Where an image that was made is put.
public struct ImageDestination: Sendable, Hashable {
    /// What may become of an image.
    public enum Place: Sendable, Hashable {
        case managedImage(ManagedImageStore)
        case gallery(GalleryPublication)
        case vhd(VHDStore)
        case container(ContainerStore)
        case files(FileStore)
        /// It is thrown away, or there is none.
        case nothing
    }

    /// By which the result is known: the name of the output in Image Builder, of the source in Packer.
    public var name: String
    /// Put on what is made.
    public var tags: [String: String]
    public var place: Place

    public init(name: String, tags: [String: String] = [:], place: Place) {
        self.name = name
        self.tags = tags
        self.place = place
    }
}

/// A managed image that is made.
public struct ManagedImageStore: Sendable, Hashable {
    public var image: ManagedImageName
    /// Nil is that of the machine.
    public var location: String?
    public var storageAccountType: String?
    public var isZoneResilient: Bool

    public init(
        image: ManagedImageName,
        location: String? = nil,
        storageAccountType: String? = nil,
        isZoneResilient: Bool = false
    ) {
        self.image = image
        self.location = location
        self.storageAccountType = storageAccountType
        self.isZoneResilient = isZoneResilient
    }
}

/// A version in a gallery that is made.
public struct GalleryPublication: Sendable, Hashable {
    /// How the version gets its number.
    public enum Version: Sendable, Hashable {
        /// `MAJOR.MINOR.PATCH` as given.
        case exact(String)
        /// The next above the highest there is, of one major number or of all.
        case next(major: Int?)
        /// Made from the number of the image it comes from.
        case ofSource
        /// Whatever number comes out, which is not used yet.
        case generated
    }

    /// Whether every region gets copies of its own.
    public enum Mode: String, Sendable, Hashable { case full = "Full", shallow = "Shallow" }

    public var image: GalleryImageName
    public var version: Version
    /// That of the machine is always one of them, also when it is not named.
    public var regions: [GalleryRegion]
    /// Whether `latest` passes it over.
    public var isExcludedFromLatest: Bool
    /// As written: a moment of RFC 3339.
    public var endOfLife: String?
    public var mode: Mode

    public init(
        image: GalleryImageName,
        version: Version,
        regions: [GalleryRegion] = [],
        isExcludedFromLatest: Bool = false,
        endOfLife: String? = nil,
        mode: Mode = .full
    ) {
        self.image = image
        self.version = version
        self.regions = regions
        self.isExcludedFromLatest = isExcludedFromLatest
        self.endOfLife = endOfLife
        self.mode = mode
    }
}

/// A region that a version is copied to.
public struct GalleryRegion: Sendable, Hashable {
    /// As written, such as `westeurope` or `West Europe`.
    public var name: String
    public var replicas: Int
    public var storageAccountType: String?
    /// The identifier of a disk encryption set.
    public var diskEncryptionSet: String?

    public init(name: String, replicas: Int = 1, storageAccountType: String? = nil, diskEncryptionSet: String? = nil) {
        self.name = name
        self.replicas = replicas
        self.storageAccountType = storageAccountType
        self.diskEncryptionSet = diskEncryptionSet
    }
}

/// A file with a disk that is put into a store.
public struct VHDStore: Sendable, Hashable {
    /// Where such files are put.
    public enum Location: Sendable, Hashable {
        /// At an address.
        case address(String)
        /// In an account that belongs to the build.
        case staging
        /// In a container of an account, under a name that begins so.
        case account(resourceGroup: String, name: String, container: String, prefix: String)
    }

    public var location: Location

    public init(_ location: Location) { self.location = location }
}

/// An image of containers that is kept where the build runs, or sent to a registry.
public struct ContainerStore: Sendable, Hashable {
    /// Nil when it is known by its digest only.
    public var repository: String?
    public var tags: [String]
    public var isPushed: Bool

    public init(repository: String? = nil, tags: [String] = [], isPushed: Bool = false) {
        self.repository = repository
        self.tags = tags
        self.isPushed = isPushed
    }
}

/// Files that are written where the build runs.
public struct FileStore: Sendable, Hashable {
    /// A file, or a folder that must not be there yet.
    public var path: String
    public var isFolder: Bool
    /// Such as `qcow2` or `tar`; nil when it is any file.
    public var format: String?

    public init(path: String, isFolder: Bool = false, format: String? = nil) {
        self.path = path
        self.isFolder = isFolder
        self.format = format
    }
}
