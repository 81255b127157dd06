extension ComponentSchema {
    /// The builder of root file systems in layers, in a sandbox of the machine that builds.
    static let rootfs = ComponentSchema(
        [
            .file("base"), .block("bootstrap", bootstrap), .block("shared_image_gallery", galleryBase), .text("output"),
            .text("output_directory"), .block("shared_image_gallery_destination", galleryDestination),
            .text("shared_gallery_image_version_end_of_life_date"),
            .truth("shared_gallery_image_version_exclude_from_latest"),
            .whole("shared_image_gallery_replica_count", 0...100),
            .choice(
                "format",
                ["folder", "tar", "oci", "raw", "qcow2", "vhd"],
                default: "folder with output_directory, else tar"
            ),
            .choice("network", ["none", "host"], default: "none"), .text("hostname", default: "image"),
            .map("environment"), .blocks("mount", mount), .blocks("test", test), .text("sbom_directory"),
            .truth("generalize", default: "true"),
            .text("disk_size", default: "what the content and free_space take"), .text("free_space", default: "1G"),
            .choice("boot_loader", ["grub", "none"], default: "grub when the image has a kernel"),
            .text("kernel_arguments", default: "console=tty0 console=ttyS0,115200"),
        ],
        rules: [
            .exactlyOne(of: "base", "bootstrap", "shared_image_gallery"), .atMostOne(of: "output", "output_directory"),
            .atLeastOne(of: "output", "output_directory", "shared_image_gallery_destination"),
        ]
    )

    private static let galleryBase = ComponentSchema([
        .text("gallery_name", required: true), .text("image_name", required: true),
        .text("image_version", default: "latest"), .text("resource_group"),
    ])

    private static let galleryDestination = ComponentSchema([
        .text("gallery_name", required: true), .text("image_name", required: true),
        ComponentOption("image_version", .pattern("\\d+\\.\\d+\\.\\d+")), .text("resource_group"),
        .blocks("target_region", galleryRegion),
    ])

    private static let test = ComponentSchema(
        [.text("name"), .list("inline"), .file("script"), .text("user", default: "root")],
        rules: [.exactlyOne(of: "inline", "script")]
    )

    private static let bootstrap = ComponentSchema([
        .text("suite", required: true), .text("mirror", default: "the mirror of Debian"), .list("packages"),
        .choice(
            "variant",
            ["minbase", "apt", "essential", "required", "important", "standard", "buildd"],
            default: "minbase"
        ),
    ])

    private static let mount = ComponentSchema([
        .file("source", required: true), .text("target", required: true), .truth("read_only", default: "true"),
    ])
}
