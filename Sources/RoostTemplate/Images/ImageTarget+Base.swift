extension ImageTarget {
    /// What the machine is made from; nil for builders that are not known here, and where it is not known yet.
    public var base: ImageBase? {
        switch type {
        case "azure-image-builder": settings.block("source").flatMap(ImageBase.init(imageBuilder:))
        case "azure-arm": azureBase
        case "azure-chroot": chrootBase
        case "docker": containerBase
        case "qemu": diskBase
        case "lxc":
            settings.text("template_name").map {
                .containerTemplate(name: $0, parameters: settings.texts("template_parameters"))
            }
        case "lxd": settings.text("image").map { .container(ContainerImage(reference: $0)) }
        case "null": .machine(host: settings.text("ssh_host") ?? settings.text("winrm_host"))
        case "file": ImageBase.none
        case "roost-rootfs": rootfsBase
        default: nil
        }
    }

    private var azureBase: ImageBase? {
        if let publisher = settings.text("image_publisher") { return marketplaceBase(publisher) }
        if let name = settings.text("custom_managed_image_name") {
            return settings.text("custom_managed_image_resource_group_name").map {
                .managedImage(.init(subscription: settings.text("subscription_id"), resourceGroup: $0, name: name))
            }
        }
        if let address = settings.text("image_url") { return .vhd(address) }
        return settings.block("shared_image_gallery").flatMap(galleryBase)
    }

    private func marketplaceBase(_ publisher: String) -> ImageBase? {
        guard let offer = settings.text("image_offer"), let sku = settings.text("image_sku") else { return nil }
        let version = settings.text("image_version") ?? "latest"
        let plan = settings.block("plan_info").flatMap { info -> MarketplacePlan? in
            guard let name = info.text("plan_name"), let product = info.text("plan_product"),
                let publisher = info.text("plan_publisher")
            else { return nil }
            return MarketplacePlan(name: name, product: product, publisher: publisher)
        }
        return .marketplace(.init(publisher: publisher, offer: offer, sku: sku, version: version, plan: plan))
    }

    private func galleryBase(_ gallery: ImageSettings) -> ImageBase? {
        if let id = gallery.text("community_gallery_image_id") { return .communityGallery(id) }
        if let id = gallery.text("direct_shared_gallery_image_id") { return .directSharedGallery(id) }
        if let id = gallery.text("id") { return GalleryImageVersion(id).map(ImageBase.galleryVersion) }
        guard let name = GalleryImageName(gallery, subscription: settings.text("subscription_id")) else { return nil }
        return .galleryVersion(.init(image: name, version: gallery.text("image_version") ?? "latest"))
    }

    /// A URN, the identifier of a disk, or that of a version in a gallery.
    private var chrootBase: ImageBase? {
        if settings.truth("from_scratch") { return ImageBase.none }
        guard let source = settings.text("source") else { return nil }
        if let version = GalleryImageVersion(source) { return .galleryVersion(version) }
        if let disk = AzureResourceID(source) {
            return disk.isOf("Microsoft.Compute/disks") ? .managedDisk(source) : nil
        }
        let parts = source.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 4, !parts.contains("") else { return nil }
        return .marketplace(.init(publisher: parts[0], offer: parts[1], sku: parts[2], version: parts[3]))
    }

    private var containerBase: ImageBase? {
        let platform = settings.text("platform")
        if let reference = settings.text("image") {
            return .container(ContainerImage(reference: reference, platform: platform))
        }
        guard let build = settings.block("build"), let path = build.text("path") else { return nil }
        return .containerBuild(
            ContainerBuild(
                path: path,
                folder: build.text("build_dir"),
                arguments: build.map("arguments"),
                platform: build.text("platform") ?? platform
            )
        )
    }

    private var diskBase: ImageBase? {
        let one = settings.text("iso_url").map { [$0] } ?? []
        let addresses = one.isEmpty ? settings.texts("iso_urls") : one
        guard !addresses.isEmpty else { return nil }
        let image = DiskImage(addresses: addresses, checksum: settings.text("iso_checksum"))
        return settings.truth("disk_image") ? .disk(image) : .installer(image)
    }
}

extension ImageBase {
    /// The source of an Image Builder template.
    init?(imageBuilder source: ImageSettings) {
        switch source.text("type") {
        case "PlatformImage":
            guard let publisher = source.text("publisher"), let offer = source.text("offer"),
                let sku = source.text("sku")
            else { return nil }
            let version = source.text("version") ?? "latest"
            let plan = source.block("planInfo").flatMap(MarketplacePlan.init(imageBuilder:))
            self = .marketplace(.init(publisher: publisher, offer: offer, sku: sku, version: version, plan: plan))
        case "ManagedImage":
            guard let name = source.text("imageId").flatMap({ ManagedImageName($0) }) else { return nil }
            self = .managedImage(name)
        case "SharedImageVersion":
            guard let version = source.text("imageVersionId").flatMap({ GalleryImageVersion($0) }) else { return nil }
            self = .galleryVersion(version)
        case "ISO":
            guard let address = source.text("sourceUri") ?? source.text("sourceURI") else { return nil }
            self = .installer(
                DiskImage(addresses: [address], checksum: source.text("sha256Checksum").map { "sha256:\($0)" })
            )
        default: return nil
        }
    }
}

extension MarketplacePlan {
    fileprivate init?(imageBuilder plan: ImageSettings) {
        guard let name = plan.text("planName"), let product = plan.text("planProduct"),
            let publisher = plan.text("planPublisher")
        else { return nil }
        self.init(name: name, product: product, publisher: publisher)
    }
}

extension ManagedImageName {
    static let type = "Microsoft.Compute/images"

    /// Nil when the text is no identifier of a managed image.
    init?(_ text: String) {
        guard let id = AzureResourceID(text), id.isOf(Self.type) else { return nil }
        self.init(subscription: id.subscription, resourceGroup: id.resourceGroup, name: id.name)
    }
}

extension GalleryImageName {
    static let type = "Microsoft.Compute/galleries/images"

    /// From settings that name the parts.
    init?(_ settings: ImageSettings, subscription: String?) {
        guard let group = settings.text("resource_group"), let gallery = settings.text("gallery_name"),
            let image = settings.text("image_name")
        else { return nil }
        self.init(
            subscription: settings.text("subscription") ?? subscription,
            resourceGroup: group,
            gallery: gallery,
            image: image
        )
    }

    /// Of a definition or a version in it.
    init?(_ id: AzureResourceID) {
        guard id.isOf(Self.type) || id.isOf(GalleryImageVersion.type) else { return nil }
        self.init(
            subscription: id.subscription,
            resourceGroup: id.resourceGroup,
            gallery: id.names[0],
            image: id.names[1]
        )
    }
}

extension GalleryImageVersion {
    static let type = "Microsoft.Compute/galleries/images/versions"

    /// Nil when the text is no identifier of a version.
    init?(_ text: String) {
        guard let id = AzureResourceID(text), id.isOf(Self.type), let image = GalleryImageName(id) else { return nil }
        self.init(image: image, version: id.name)
    }
}
