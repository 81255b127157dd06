/// What a machine that becomes an image is made from.
public enum ImageBase: Sendable, Hashable {
    /// An image that a publisher offers to everybody.
    case marketplace(MarketplaceImage)
    case managedImage(ManagedImageName)
    case galleryVersion(GalleryImageVersion)
    /// An image of a gallery that is open to everybody, by its identifier.
    case communityGallery(String)
    /// An image of a gallery that is shared with this tenant or subscription, by its identifier.
    case directSharedGallery(String)
    /// A file with a disk, by its address.
    case vhd(String)
    /// A disk in the cloud, by its identifier.
    case managedDisk(String)
    /// An image of containers.
    case container(ContainerImage)
    /// An image of containers that is built first.
    case containerBuild(ContainerBuild)
    /// A file system that a program makes, as LXC's templates do.
    case containerTemplate(name: String, parameters: [String])
    /// A disk with a system on it.
    case disk(DiskImage)
    /// A medium that a system is installed from.
    case installer(DiskImage)
    /// A machine that is there already, by its address; nil for none at all.
    case machine(host: String?)
    /// Nothing: what is made is written afresh.
    case none
}

/// An image that a publisher offers to everybody.
public struct MarketplaceImage: Sendable, Hashable {
    public var publisher: String
    public var offer: String
    public var sku: String
    /// `latest` is found out when the machine is made.
    public var version: String
    public var plan: MarketplacePlan?

    public init(publisher: String, offer: String, sku: String, version: String = "latest", plan: MarketplacePlan? = nil)
    {
        self.publisher = publisher
        self.offer = offer
        self.sku = sku
        self.version = version
        self.plan = plan
    }
}

/// What was bought, of an image that costs money.
public struct MarketplacePlan: Sendable, Hashable {
    public var name: String
    public var product: String
    public var publisher: String

    public init(name: String, product: String, publisher: String) {
        self.name = name
        self.product = product
        self.publisher = publisher
    }
}

/// A managed image by its name.
public struct ManagedImageName: Sendable, Hashable {
    /// Nil is that of who builds.
    public var subscription: String?
    public var resourceGroup: String
    public var name: String

    public init(subscription: String? = nil, resourceGroup: String, name: String) {
        self.subscription = subscription
        self.resourceGroup = resourceGroup
        self.name = name
    }
}

/// A definition in a gallery.
public struct GalleryImageName: Sendable, Hashable {
    /// Nil is that of who builds.
    public var subscription: String?
    public var resourceGroup: String
    public var gallery: String
    public var image: String

    public init(subscription: String? = nil, resourceGroup: String, gallery: String, image: String) {
        self.subscription = subscription
        self.resourceGroup = resourceGroup
        self.gallery = gallery
        self.image = image
    }
}

/// A version of a definition in a gallery.
public struct GalleryImageVersion: Sendable, Hashable {
    public var image: GalleryImageName
    /// `latest` is found out when the machine is made.
    public var version: String

    public init(image: GalleryImageName, version: String = "latest") {
        self.image = image
        self.version = version
    }
}

/// An image of containers by its reference.
public struct ContainerImage: Sendable, Hashable {
    public var reference: String
    /// Such as `linux/arm64`.
    public var platform: String?

    public init(reference: String, platform: String? = nil) {
        self.reference = reference
        self.platform = platform
    }
}

/// An image of containers that is built from a file first.
public struct ContainerBuild: Sendable, Hashable {
    /// Of the file with the steps.
    public var path: String
    /// Nil is the folder of the file.
    public var folder: String?
    public var arguments: [String: String]
    public var platform: String?

    public init(path: String, folder: String? = nil, arguments: [String: String] = [:], platform: String? = nil) {
        self.path = path
        self.folder = folder
        self.arguments = arguments
        self.platform = platform
    }
}

/// A file with a disk or a medium.
public struct DiskImage: Sendable, Hashable {
    /// Where it may be got, in the order in which to try.
    public var addresses: [String]
    /// Such as `sha256:…`, `file:ADDRESS` or `none`; nil when none is given.
    public var checksum: String?

    public init(addresses: [String], checksum: String? = nil) {
        self.addresses = addresses
        self.checksum = checksum
    }
}
