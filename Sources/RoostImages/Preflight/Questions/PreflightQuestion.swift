public import RoostTemplate

/// Something that has to be known before a build can be called likely to succeed.
public enum PreflightQuestion: Sendable, Hashable {
    /// Of a cloud, as whoever signs in there sees it.
    case azure(AzureSignIn, AzureQuestion)
    /// Of the galleries of a Roost server.
    case gallery(GalleryQuestion)
    /// Of the machine that builds.
    case machine(MachineQuestion)
}

/// A question about a cloud.
///
/// A subscription that is empty is the one that signing in leads to.
public enum AzureQuestion: Sendable, Hashable {
    case signIn
    case subscription(String)
    /// Regions that a subscription may use.
    case regions(String)
    /// A resource group or a resource.
    case resource(AzureResourceID)
    /// All versions of a definition in a gallery.
    case versions(AzureResourceID)
    /// All virtual networks of a subscription.
    case networks(String)
    /// What one may do in a resource group.
    case rights(AzureResourceID)
    /// What is used and what may be used of a region.
    case quota(subscription: String, region: String)
    /// Sizes of machines that a region has.
    case sizes(subscription: String, region: String)
    case marketplace(subscription: String, region: String, MarketplaceImage)
}

/// A question about the galleries of a Roost server.
public enum GalleryQuestion: Sendable, Hashable {
    case regions
    case gallery(String)
    case definition(gallery: String, image: String)
    case versions(gallery: String, image: String)
    /// Which version a selector such as `latest`, `1.4` or a channel means.
    case resolution(gallery: String, image: String, selector: String)
}

/// A question about the machine that builds.
public enum MachineQuestion: Sendable, Hashable {
    /// What is at an absolute path, and what its file system has room for.
    case place(String)
    /// A program in the folders of `PATH`, or at an absolute path.
    case program(String)
}

extension PreflightQuestion: CustomStringConvertible {
    /// What is asked for, in a few words.
    public var description: String {
        switch self {
        case .azure(_, let question): question.description
        case .gallery(let question): question.description
        case .machine(let question): question.description
        }
    }
}

extension AzureQuestion: CustomStringConvertible {
    public var description: String {
        switch self {
        case .signIn: "signing in"
        case .subscription(let name): name.isEmpty ? "the subscription" : "subscription \(name)"
        case .regions: "regions of the subscription"
        case .resource(let id): id.title
        case .versions(let id): "versions of \(id.title)"
        case .networks: "virtual networks of the subscription"
        case .rights(let id): "rights in \(id.title)"
        case .quota(_, let region): "quota in \(region)"
        case .sizes(_, let region): "sizes of machines in \(region)"
        case .marketplace(_, let region, let image):
            "image \(image.publisher):\(image.offer):\(image.sku):\(image.version) in \(region)"
        }
    }
}

extension GalleryQuestion: CustomStringConvertible {
    public var description: String {
        switch self {
        case .regions: "regions of the server"
        case .gallery(let name): "gallery \(name) of the server"
        case .definition(let gallery, let image): "image definition \(gallery)/\(image) of the server"
        case .versions(let gallery, let image): "versions of \(gallery)/\(image) of the server"
        case .resolution(let gallery, let image, let selector):
            "version \(selector) of \(gallery)/\(image) of the server"
        }
    }
}

extension MachineQuestion: CustomStringConvertible {
    public var description: String {
        switch self {
        case .place(let path): path
        case .program(let name): "program \(name)"
        }
    }
}

extension AzureResourceID {
    /// What it is and how it is called.
    public var title: String {
        switch type.lowercased() {
        case "": "resource group \"\(resourceGroup)\""
        case AzureType.gallery.lowercased(): "gallery \"\(name)\" in \"\(resourceGroup)\""
        case AzureType.definition.lowercased():
            "image definition \"\(name)\" of gallery \"\(names.first ?? "")\" in \"\(resourceGroup)\""
        case AzureType.managedImage.lowercased(): "managed image \"\(name)\" in \"\(resourceGroup)\""
        case AzureType.network.lowercased(): "virtual network \"\(name)\" in \"\(resourceGroup)\""
        case AzureType.subnet.lowercased():
            "subnet \"\(name)\" of virtual network \"\(names.first ?? "")\" in \"\(resourceGroup)\""
        case AzureType.storageAccount.lowercased(): "storage account \"\(name)\" in \"\(resourceGroup)\""
        case AzureType.identity.lowercased(): "managed identity \"\(name)\" in \"\(resourceGroup)\""
        case AzureType.diskEncryption.lowercased(): "disk encryption set \"\(name)\" in \"\(resourceGroup)\""
        default: "\(type) \"\(name)\" in \"\(resourceGroup)\""
        }
    }

    /// The group that it is in.
    public var group: AzureResourceID { AzureResourceID(subscription: subscription, resourceGroup: resourceGroup) }
}

/// Types of things in a cloud.
public enum AzureType {
    public static let gallery = "Microsoft.Compute/galleries"
    public static let definition = "Microsoft.Compute/galleries/images"
    public static let version = "Microsoft.Compute/galleries/images/versions"
    public static let managedImage = "Microsoft.Compute/images"
    public static let disk = "Microsoft.Compute/disks"
    public static let diskEncryption = "Microsoft.Compute/diskEncryptionSets"
    public static let network = "Microsoft.Network/virtualNetworks"
    public static let subnet = "Microsoft.Network/virtualNetworks/subnets"
    public static let storageAccount = "Microsoft.Storage/storageAccounts"
    public static let identity = "Microsoft.ManagedIdentity/userAssignedIdentities"
}
