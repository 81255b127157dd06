extension ImageTarget {
    /// Where the image is put; nil for builders that are not known here.
    public var destinations: [ImageDestination]? {
        switch type {
        case "azure-image-builder": settings.blocks("distribute").compactMap(ImageDestination.init(imageBuilder:))
        case "azure-arm": azurePlaces.map { named($0, tags: azureTags) }
        case "azure-chroot": chrootPlaces.map { named($0) }
        case "docker": containerPlaces.map { named($0) }
        case "qemu": [named(.files(qemuFiles))]
        case "lxc": [named(.files(FileStore(path: outputFolder, isFolder: true, format: "tar.gz")))]
        case "lxd": [named(lxdPlace)]
        case "file": settings.text("target").map { [named(.files(FileStore(path: $0)))] } ?? []
        case "null": [named(.nothing)]
        case "roost-rootfs": rootfsPlaces.map { named($0) }
        default: nil
        }
    }

    private func named(_ place: ImageDestination.Place, tags: [String: String] = [:]) -> ImageDestination {
        ImageDestination(name: sourceName, tags: tags, place: place)
    }

    private var outputFolder: String { settings.text("output_directory") ?? "output-\(sourceName)" }

    // MARK: azure-arm

    private var azureTags: [String: String] {
        var tags = settings.map("azure_tags")
        for tag in settings.blocks("azure_tag") {
            if let name = tag.text("name"), let value = tag.text("value") { tags[name] = value }
        }
        return tags
    }

    private var azurePlaces: [ImageDestination.Place] {
        if settings.truth("skip_create_image") { return [.nothing] }
        return [managedImagePlace, galleryPlace, vhdPlace].compactMap { $0 }
    }

    private var managedImagePlace: ImageDestination.Place? {
        guard let name = settings.text("managed_image_name"),
            let group = settings.text("managed_image_resource_group_name")
        else { return nil }
        return .managedImage(
            ManagedImageStore(
                image: .init(subscription: settings.text("subscription_id"), resourceGroup: group, name: name),
                location: settings.text("location"),
                storageAccountType: settings.text("managed_image_storage_account_type"),
                isZoneResilient: settings.truth("managed_image_zone_resilient")
            )
        )
    }

    private var vhdPlace: ImageDestination.Place? {
        guard let account = settings.text("storage_account"), let group = settings.text("resource_group_name"),
            let container = settings.text("capture_container_name"), let prefix = settings.text("capture_name_prefix")
        else { return nil }
        return .vhd(VHDStore(.account(resourceGroup: group, name: account, container: container, prefix: prefix)))
    }

    private var galleryPlace: ImageDestination.Place? {
        guard let gallery = settings.block("shared_image_gallery_destination"),
            let image = GalleryImageName(gallery, subscription: settings.text("subscription_id")),
            let version = gallery.text("image_version")
        else { return nil }
        return .gallery(
            GalleryPublication(
                image: image,
                version: .exact(version),
                regions: regions(gallery),
                isExcludedFromLatest: settings.truth("shared_gallery_image_version_exclude_from_latest"),
                endOfLife: settings.text("shared_gallery_image_version_end_of_life_date"),
                mode: gallery.truth("use_shallow_replication") ? .shallow : .full
            )
        )
    }

    private func regions(_ gallery: ImageSettings) -> [GalleryRegion] {
        let storage = gallery.text("storage_account_type")
        let replicas = settings.whole("shared_image_gallery_replica_count") ?? 1
        let blocks = gallery.blocks("target_region").compactMap { region in
            region.text("name").map {
                GalleryRegion(
                    name: $0,
                    replicas: region.whole("replicas") ?? 1,
                    storageAccountType: storage,
                    diskEncryptionSet: region.text("disk_encryption_set_id")
                )
            }
        }
        guard blocks.isEmpty else { return blocks }
        return gallery.texts("replication_regions").map {
            GalleryRegion(name: $0, replicas: replicas, storageAccountType: storage)
        }
    }

    // MARK: azure-chroot

    private var chrootPlaces: [ImageDestination.Place] {
        var places: [ImageDestination.Place] = []
        if let name = settings.text("image_resource_id").flatMap({ ManagedImageName($0) }) {
            places.append(.managedImage(ManagedImageStore(image: name)))
        }
        if let gallery = settings.block("shared_image_destination"),
            let image = GalleryImageName(gallery, subscription: nil), let version = gallery.text("image_version")
        {
            places.append(
                .gallery(
                    GalleryPublication(
                        image: image,
                        version: .exact(version),
                        regions: chrootRegions(gallery),
                        isExcludedFromLatest: gallery.truth("exclude_from_latest")
                            || gallery.truth("exlude_from_latest")
                    )
                )
            )
        }
        return places
    }

    private func chrootRegions(_ gallery: ImageSettings) -> [GalleryRegion] {
        gallery.blocks("target_regions").compactMap { region in
            region.text("name").map {
                GalleryRegion(
                    name: $0,
                    replicas: region.whole("replicas") ?? 1,
                    storageAccountType: region.text("storage_account_type")
                )
            }
        }
    }

    // MARK: Containers

    private var containerPlaces: [ImageDestination.Place] {
        if settings.truth("discard") { return [.nothing] }
        var places: [ImageDestination.Place] = []
        if let path = settings.text("export_path") { places.append(.files(FileStore(path: path, format: "tar"))) }
        let stores = postProcessors.compactMap(containerStore)
        if settings.truth("commit"), stores.isEmpty { places.append(.container(ContainerStore())) }
        return places + stores.map { .container($0) }
    }

    /// What a chain of post-processors makes of an image of containers.
    private func containerStore(_ chain: [ImageStep]) -> ContainerStore? {
        var store: ContainerStore?
        for step in chain {
            switch step.type {
            case "docker-tag":
                store = ContainerStore(repository: step.settings.text("repository"), tags: tags(step, "tags", "tag"))
            case "docker-import":
                store = ContainerStore(repository: step.settings.text("repository"), tags: tags(step, "tag", "tags"))
            case "docker-push":
                store = store ?? ContainerStore()
                store?.isPushed = true
            default: break
            }
        }
        return store
    }

    /// A list of tags or one, under whichever name.
    private func tags(_ step: ImageStep, _ names: String...) -> [String] {
        for name in names {
            if let tag = step.settings.text(name) { return [tag] }
            let tags = step.settings.texts(name)
            if !tags.isEmpty { return tags }
        }
        return []
    }

    private var lxdPlace: ImageDestination.Place {
        if settings.truth("skip_publish") { return .nothing }
        let name = settings.text("output_image") ?? settings.text("container_name") ?? "packer-\(sourceName)"
        return .container(ContainerStore(repository: name, isPushed: settings.text("publish_remote_name") != nil))
    }

    private var qemuFiles: FileStore {
        FileStore(path: outputFolder, isFolder: true, format: settings.text("format") ?? "qcow2")
    }
}

extension ImageDestination {
    /// One of the places of an Image Builder template.
    init?(imageBuilder settings: ImageSettings) {
        let place: Place?
        switch settings.text("type") {
        case "ManagedImage":
            place = settings.text("imageId").flatMap { ManagedImageName($0) }.map {
                .managedImage(ManagedImageStore(image: $0, location: settings.text("location")))
            }
        case "SharedImage": place = GalleryPublication(imageBuilder: settings).map(Place.gallery)
        case "VHD":
            place = .vhd(VHDStore(settings.text("uri").map(VHDStore.Location.address) ?? .staging))
        default: place = nil
        }
        guard let place else { return nil }
        self.init(name: settings.text("runOutputName") ?? "", tags: settings.map("artifactTags"), place: place)
    }
}

extension GalleryPublication {
    fileprivate init?(imageBuilder settings: ImageSettings) {
        guard let id = settings.text("galleryImageId").flatMap({ AzureResourceID($0) }),
            let image = GalleryImageName(id)
        else { return nil }
        self.init(
            image: image,
            version: id.isOf(GalleryImageVersion.type) ? .exact(id.name) : Self.version(settings.block("versioning")),
            regions: Self.regions(settings),
            isExcludedFromLatest: settings.truth("excludeFromLatest"),
            mode: settings.text("replicationMode").flatMap(Mode.init) ?? .full
        )
    }

    private static func version(_ versioning: ImageSettings?) -> Version {
        switch versioning?.text("scheme") {
        case "Latest": .next(major: versioning?.whole("major").flatMap { $0 < 0 ? nil : $0 })
        case "Source": .ofSource
        default: .generated
        }
    }

    private static func regions(_ settings: ImageSettings) -> [GalleryRegion] {
        let storage = settings.text("storageAccountType")
        let regions = settings.blocks("targetRegions").compactMap { region in
            region.text("name").map {
                GalleryRegion(
                    name: $0,
                    replicas: region.whole("replicaCount") ?? 1,
                    storageAccountType: region.text("storageAccountType")
                )
            }
        }
        guard regions.isEmpty else { return regions }
        return settings.texts("replicationRegions").map { GalleryRegion(name: $0, storageAccountType: storage) }
    }
}
