/// Things in Azure that image templates name by their identifiers.
enum AzureResourceKind: String, Sendable, Hashable, CaseIterable {
    case resourceGroup = ""
    case managedImage = "Microsoft.Compute/images"
    case gallery = "Microsoft.Compute/galleries"
    case galleryImage = "Microsoft.Compute/galleries/images"
    case galleryImageVersion = "Microsoft.Compute/galleries/images/versions"
    case identity = "Microsoft.ManagedIdentity/userAssignedIdentities"
    case virtualNetwork = "Microsoft.Network/virtualNetworks"
    case subnet = "Microsoft.Network/virtualNetworks/subnets"
    case disk = "Microsoft.Compute/disks"

    init?(_ id: AzureResourceID) {
        guard let kind = Self.allCases.first(where: { id.isOf($0.rawValue) }) else { return nil }
        self = kind
    }

    /// As a sentence names it.
    var title: String {
        switch self {
        case .resourceGroup: "a resource group"
        case .managedImage: "a managed image"
        case .gallery: "a gallery"
        case .galleryImage: "an image definition in a gallery"
        case .galleryImageVersion: "an image version in a gallery"
        case .identity: "a user-assigned managed identity"
        case .virtualNetwork: "a virtual network"
        case .subnet: "a subnet"
        case .disk: "a disk"
        }
    }

    /// An identifier with the parts to fill in.
    var form: String {
        let parts = rawValue.split(separator: "/").map(String.init)
        let group = "/subscriptions/SUBSCRIPTION/resourceGroups/GROUP"
        guard let namespace = parts.first else { return group }
        let names = ["images": "IMAGE", "galleries": "GALLERY", "versions": "VERSION", "subnets": "SUBNET"]
        return group + "/providers/\(namespace)" + parts.dropFirst().map { "/\($0)/\(names[$0] ?? "NAME")" }.joined()
    }

    /// What is wrong with an identifier that should be of one of these kinds.
    static func fault(_ text: String, among kinds: [AzureResourceKind]) -> (detail: String, advice: String)? {
        let wanted = kinds.map(\.title).joined(separator: " or ")
        let advice = "Write \(kinds.map(\.form).joined(separator: " or "))."
        guard let id = AzureResourceID(text) else {
            return ("This is not the identifier of \(wanted).", advice)
        }
        guard !kinds.contains(where: { id.isOf($0.rawValue) }) else { return versionFault(id) }
        let found = AzureResourceKind(id).map { "This names \($0.title)" } ?? "This names a thing of \(id.type)"
        return ("\(found); \(wanted) is needed.", advice)
    }

    /// A version in a gallery is three numbers, or `latest`.
    private static func versionFault(_ id: AzureResourceID) -> (detail: String, advice: String)? {
        guard id.isOf(galleryImageVersion.rawValue), id.name != "latest", !isVersion(id.name) else { return nil }
        return ("\"\(id.name)\" is no version of an image.", "Write three numbers with points, such as 1.0.0.")
    }

    static func isVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3
            && parts.allSatisfy { part in part.allSatisfy { ("0"..."9").contains($0) } && Int32(part) != nil }
    }
}
