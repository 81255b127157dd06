extension ImageTarget {
    /// The base of a root file system; nil for a bootstrap.
    var rootfsBase: ImageBase? {
        if let gallery = settings.block("shared_image_gallery") {
            return GalleryImageName(own: gallery).map {
                .galleryVersion(.init(image: $0, version: gallery.text("image_version") ?? "latest"))
            }
        }
        return settings.text("base").map { .disk(DiskImage(addresses: [$0])) }
    }

    /// Where a root file system goes: a file or a folder, a gallery, or both.
    var rootfsPlaces: [ImageDestination.Place] { [rootfsFiles, rootfsGallery].compactMap(\.self) }

    private var rootfsFiles: ImageDestination.Place? {
        let folder = settings.text("output_directory")
        return (folder ?? settings.text("output")).map {
            .files(FileStore(path: $0, isFolder: folder != nil, format: settings.text("format")))
        }
    }

    private var rootfsGallery: ImageDestination.Place? {
        guard let gallery = settings.block("shared_image_gallery_destination"),
            let image = GalleryImageName(own: gallery)
        else { return nil }
        let replicas = settings.whole("shared_image_gallery_replica_count") ?? 1
        return .gallery(
            GalleryPublication(
                image: image,
                version: gallery.text("image_version").map { .exact($0) } ?? .next(major: nil),
                regions: gallery.blocks("target_region").compactMap { region in
                    region.text("name").map {
                        GalleryRegion(
                            name: $0,
                            replicas: region.whole("replicas") ?? replicas,
                            storageAccountType: region.text("storage_account_type")
                        )
                    }
                },
                isExcludedFromLatest: settings.truth("shared_gallery_image_version_exclude_from_latest"),
                endOfLife: settings.text("shared_gallery_image_version_end_of_life_date")
            )
        )
    }
}

extension GalleryImageName {
    /// A definition of the server's own galleries, which have no resource groups; a group that is given says nothing.
    fileprivate init?(own settings: ImageSettings) {
        guard let gallery = settings.text("gallery_name"), let image = settings.text("image_name") else { return nil }
        self.init(resourceGroup: settings.text("resource_group") ?? "", gallery: gallery, image: image)
    }
}
