import RoostLanguage
import RoostTemplate

/// What a target that is built in a cloud says of it, whatever its language, with the places where it says so.
struct AzureBuild: Sendable {
    /// A virtual network, and the part of it that the machine is in.
    struct Network: Sendable {
        var subscription: String
        var group: PlacedText?
        var name: PlacedText
        var subnet: PlacedText?
    }

    /// A version in a gallery, with the places of its parts.
    struct Publication: Sendable {
        var version: GalleryPublication
        var group: SourceSpan?
        var gallery: SourceSpan?
        var image: SourceSpan?
        var number: SourceSpan?
        var regions: [PlacedText]
        var isSpecialized: Bool
    }

    var name: String
    var span: SourceSpan?
    /// That of the machine; empty is the one that signing in leads to.
    var subscription: String
    var location: PlacedText?
    var group: PlacedText?
    var system: PlacedText?
    var size: PlacedText?
    var isSpot: Bool
    var base: ImageBase?
    var baseSpan: SourceSpan?
    var hasPlan: Bool
    var managedImages: [(store: ManagedImageStore, group: SourceSpan?, name: SourceSpan?)] = []
    var publications: [Publication] = []
    var account: (group: PlacedText, name: PlacedText)?
    var network: Network?
    /// Resources that have to be there and are only used.
    var used: [PlacedText] = []
    /// Such as `TrustedLaunch`.
    var security: PlacedText?
    /// Whether the machine is in a group of its own that is made for it.
    var makesGroup: Bool

    /// Nil for a target that is built elsewhere.
    init?(_ target: ImageTarget, _ signIn: AzureSignIn) {
        let settings = target.settings
        let span = target.place
        name = target.name
        self.span = span
        subscription = signIn.subscription ?? ""
        base = target.base
        hasPlan = settings.one("plan_info") != nil
        isSpot = settings.one("spot")?.known("eviction_policy") != nil
        makesGroup = false
        switch target.type {
        case "azure-arm": readMachine(settings, span)
        case "azure-chroot": baseSpan = settings.span("source") ?? span
        case "azure-image-builder": readImageBuilder(settings, span)
        default: return nil
        }
        readDestinations(target)
    }

    private mutating func readMachine(_ settings: ImageSettings, _ span: SourceSpan?) {
        location = settings.placed("location")
        group = settings.placed("build_resource_group_name")
        system = settings.placed("os_type")
        size = settings.placed("vm_size") ?? PlacedText("Standard_A1", span)
        makesGroup = group == nil
        let sources = ["image_publisher", "custom_managed_image_name", "image_url", "shared_image_gallery"]
        baseSpan = sources.lazy.compactMap(settings.span).first ?? span
        used =
            settings.placedTexts("user_assigned_managed_identities")
            + [settings.placed("disk_encryption_set_id")].compactMap(\.self)
        security = settings.placed("security_type")
        if security == nil, settings.isTrue("secure_boot_enabled") {
            security = PlacedText("TrustedLaunch", settings.span("secure_boot_enabled"))
        }
        guard let name = settings.placed("virtual_network_name") else { return }
        network = Network(
            subscription: subscription,
            group: settings.placed("virtual_network_resource_group_name"),
            name: name,
            subnet: settings.placed("virtual_network_subnet_name")
        )
    }

    private mutating func readImageBuilder(_ settings: ImageSettings, _ span: SourceSpan?) {
        location = settings.placed("location")
        baseSpan = settings.span("source") ?? span
        hasPlan = settings.one("source")?.one("planInfo") != nil
        let profile = settings.one("vmProfile")
        size = profile?.placed("vmSize")
        used = profile?.placedTexts("userAssignedIdentities") ?? []
        guard let subnet = profile?.one("vnetConfig")?.placed("subnetId"), let id = AzureResourceID(subnet.text),
            id.isOf(AzureType.subnet)
        else { return }
        network = Network(
            subscription: id.subscription,
            group: PlacedText(id.resourceGroup, subnet.span),
            name: PlacedText(id.names[0], subnet.span),
            subnet: PlacedText(id.name, subnet.span)
        )
    }

    private mutating func readDestinations(_ target: ImageTarget) {
        let settings = target.settings
        let isOneID = target.type != "azure-arm"
        let blocks = settings.all("distribute")
        for (number, destination) in (target.destinations ?? []).enumerated() {
            let block = number < blocks.count ? blocks[number] : nil
            switch destination.place {
            case .managedImage(let store):
                let id = block?.span("imageId") ?? settings.span("image_resource_id")
                managedImages.append(
                    (
                        store, isOneID ? id : settings.span("managed_image_resource_group_name"),
                        isOneID ? id : settings.span("managed_image_name")
                    )
                )
            case .gallery(let version): publications.append(publication(version, block, settings))
            case .vhd(let store):
                guard case .account = store.location, let group = settings.placed("resource_group_name"),
                    let name = settings.placed("storage_account")
                else { continue }
                account = (group, name)
            case .container, .files, .nothing: continue
            }
        }
    }

    private func publication(
        _ version: GalleryPublication,
        _ distribute: ImageSettings?,
        _ settings: ImageSettings
    ) -> Publication {
        let block =
            distribute ?? settings.one("shared_image_gallery_destination") ?? settings.one("shared_image_destination")
        let id = block?.span("galleryImageId")
        let regions =
            ["target_region", "target_regions", "targetRegions"].flatMap { block?.all($0) ?? [] }
            .compactMap { $0.placed("name") }
        let old = ["replication_regions", "replicationRegions"].flatMap { block?.placedTexts($0) ?? [] }
        return Publication(
            version: version,
            group: id ?? block?.span("resource_group") ?? span,
            gallery: id ?? block?.span("gallery_name") ?? span,
            image: id ?? block?.span("image_name") ?? span,
            number: id ?? block?.span("image_version") ?? span,
            regions: regions + old,
            isSpecialized: block?.isTrue("specialized") ?? false
        )
    }
}
