extension ComponentSchema {
    /// Works on a disk of the machine of Azure that it runs on.
    static let azureChroot = azureAccess.adding(chroot).adding(
        ComponentSchema(
            [
                .truth("from_scratch"), .text("source"), .whole("os_disk_size_gb"),
                .choice("os_disk_storage_account_type", diskStorage, default: "Standard_LRS"),
                .choice("os_disk_cache_type", caches, default: "ReadOnly"),
                .choice("data_disk_storage_account_type", diskStorage, default: "Standard_LRS"),
                .choice("data_disk_cache_type", caches, default: "ReadOnly"),
                .choice("image_hyperv_generation", ["V1", "V2"], default: "V1"), .text("temporary_os_disk_id"),
                .text("temporary_os_disk_snapshot_id"), .text("temporary_data_disk_id_prefix"),
                .text("temporary_data_disk_snapshot_id"), .truth("skip_cleanup"), .text("image_resource_id"),
                .block("shared_image_destination", chrootGallery),
            ],
            rules: [.exactlyOne(of: "source", "from_scratch"), .chrootFromScratch, .chrootDestination]
        )
    )

    private static let diskStorage = ["Standard_LRS", "StandardSSD_LRS", "Premium_LRS", "UltraSSD_LRS"]
    private static let caches = ["None", "ReadOnly", "ReadWrite"]

    /// A disk that is mounted, and what is done around that.
    private static let chroot = ComponentSchema([
        .text("command_wrapper", default: "{{.Command}}"), .list("pre_mount_commands"), .list("mount_options"),
        .text("mount_partition", default: "1"), .text("mount_path"), .list("post_mount_commands"),
        .list("chroot_mounts", of: .list(.text)), .list("copy_files", default: "[\"/etc/resolv.conf\"]"),
    ])

    private static let chrootGallery = ComponentSchema([
        .text("resource_group", required: true), .text("gallery_name", required: true),
        .text("image_name", required: true),
        ComponentOption("image_version", .pattern("\\d+\\.\\d+\\.\\d+"), required: true),
        .blocks(
            "target_regions",
            ComponentSchema([
                .text("name", required: true), .whole("replicas", 0...100, default: "1"),
                .choice("storage_account_type", ["Standard_LRS", "Standard_ZRS", "Premium_LRS"]),
            ])
        ),
        .truth("exclude_from_latest"), .renamed("exlude_from_latest", to: "exclude_from_latest", .truth),
    ])
}

extension ComponentRule {
    /// An empty disk needs a size, and commands that put something onto it.
    fileprivate static let chrootFromScratch = ComponentRule(
        "`from_scratch` needs `os_disk_size_gb` and `pre_mount_commands`."
    ) { settings, component in
        guard settings.isGiven("from_scratch") else { return [] }
        return ["os_disk_size_gb", "pre_mount_commands"].filter { !settings.isGiven($0) }.map { name in
            settings.problem(
                "missing-option",
                "\(component) needs \"\(name)\", as it has \"from_scratch\"",
                about: "from_scratch",
                in: component
            )
        }
    }

    fileprivate static let chrootDestination = ComponentRule(
        "`image_resource_id` or `shared_image_destination`, unless `skip_create_image`."
    ) { settings, component in
        let places = ["image_resource_id", "shared_image_destination"]
        guard settings.given(places + ["skip_create_image"]).isEmpty else { return [] }
        return [
            settings.problem(
                "azure-destination",
                "\(component) has no destination for the image",
                in: component,
                advice: "Give \(places.alternatives), or say skip_create_image = true."
            )
        ]
    }
}
