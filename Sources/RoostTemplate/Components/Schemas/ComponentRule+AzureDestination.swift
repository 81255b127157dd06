import RoostLanguage

extension ComponentRule {
    private static let managedImage = ["managed_image_name", "managed_image_resource_group_name"]
    private static let disk = [
        "capture_container_name", "capture_name_prefix", "resource_group_name", "storage_account",
    ]

    /// At least one place for the image, unless none is made, and each place whole.
    static let azureDestination = ComponentRule(
        "At least one destination, unless `skip_create_image`, and each one whole: `managed_image_name` and `managed_image_resource_group_name`; `shared_image_gallery_destination`; `resource_group_name`, `storage_account`, `capture_container_name` and `capture_name_prefix`. A managed image is no disk as well, and is not made from one."
    ) { settings, component in
        let (managed, disks) = (settings.given(managedImage), settings.given(disk))
        if managed.isEmpty, disks.isEmpty, !settings.hasGalleryDestination, !settings.isGiven("skip_create_image") {
            return [noDestination(settings, component)]
        }
        var problems = missing(of: managedImage, settings, component) + missing(of: disk, settings, component)
        if let first = managed.first, let other = disks.first {
            problems.append(
                settings.problem(
                    "azure-destination",
                    "\"\(first)\" and \"\(other)\" of \(component) exclude each other: the image is a managed one or a disk",
                    about: other,
                    in: component
                )
            )
        }
        if let first = managed.first, settings.isGiven("image_url") {
            problems.append(
                settings.problem(
                    "azure-destination",
                    "\(component) cannot make a managed image from a disk (\"image_url\")",
                    about: first,
                    in: component
                )
            )
        }
        return problems
    }

    private static func noDestination(_ settings: ImageSettings, _ component: ComponentName) -> Diagnostic {
        settings.problem(
            "azure-destination",
            "\(component) has no destination for the image",
            in: component,
            advice:
                "Give a managed image (\(managedImage.enumeration)), a version in a gallery (\"shared_image_gallery_destination\") or a disk (\(disk.enumeration)); or say skip_create_image = true."
        )
    }

    /// A version of a gallery needs its whole name.
    static let wholeGalleryDestination = ComponentRule(
        "A version of a gallery has `gallery_name`, `resource_group`, `image_name` and `image_version`."
    ) { settings, component in
        missing(of: ["gallery_name", "resource_group", "image_name", "image_version"], settings, component)
    }

    /// Replicas are counted for all regions together, or for each on its own.
    static let azureReplicas = ComponentRule(
        "`shared_image_gallery_replica_count` is not used with `target_region`, and is 1 with `use_shallow_replication`."
    ) { settings, component in
        guard let gallery = settings["shared_image_gallery_destination"]?.settings,
            settings.isGiven("shared_image_gallery_replica_count")
        else { return [] }
        let count = "shared_image_gallery_replica_count"
        if gallery.isGiven("target_region") {
            return [
                settings.problem(
                    "conflict",
                    "\"\(count)\" of \(component) cannot be used with \"target_region\" blocks",
                    about: count,
                    in: component,
                    advice: "Write \"replicas\" into each \"target_region\" block."
                )
            ]
        }
        guard gallery.isGiven("use_shallow_replication"), settings[count]?.number != HCLNumber(1) else { return [] }
        return [
            settings.problem(
                "conflict",
                "\"\(count)\" of \(component) has to be 1 with \"use_shallow_replication\"",
                about: count,
                in: component
            )
        ]
    }

    /// Names of containers, and of disks in them.
    static let azureContainer = ComponentRule(
        "`capture_container_name` and `capture_name_prefix` are names that Azure takes."
    ) { settings, component in
        var problems: [Diagnostic] = []
        if let name = settings.plainText("capture_container_name"), !name.isEmpty, !name.isContainerName {
            problems.append(
                settings.problem(
                    "not-allowed",
                    "\"capture_container_name\" of \(component) has to be 3 to 63 small letters, digits and single hyphens between them",
                    about: "capture_container_name",
                    in: component
                )
            )
        }
        return problems + azureName("capture_name_prefix", longest: 24).check(settings, component)
    }
}

extension ImageSettings {
    fileprivate var hasGalleryDestination: Bool {
        guard let destination = self["shared_image_gallery_destination"] else { return false }
        // Blocks that variables leave empty name no gallery.
        return destination.settings.map { $0.isGiven("gallery_name") } ?? true
    }
}

extension String {
    fileprivate var isContainerName: Bool {
        (3...63).contains(utf8.count) && !hasPrefix("-") && !hasSuffix("-") && !contains("--")
            && utf8.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-".utf8.contains($0) }
    }
}
