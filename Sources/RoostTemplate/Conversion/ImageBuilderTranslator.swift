import RoostLanguage

/// Says a target of Packer's `azure-arm` in the words of Image Builder.
struct ImageBuilderTranslator {
    private let target: ImageTarget
    private var log = ConversionLosses()
    /// Settings that were understood.
    private var handled: Set<String> = ["os_type"]

    init(_ target: ImageTarget) { self.target = target }

    var losses: [Diagnostic] { log.diagnostics }

    /// The template.
    mutating func text() -> String {
        var root: [(String, JSONText)] = [
            ("type", .text(ImageBuilderReader.type)), ("apiVersion", .text(version.rawValue)),
        ]
        if let name = templateName { root.append(("name", .text(name))) }
        root += location() + identity()
        root.append(("properties", .object(properties())))
        loseTheRest()
        return JSONText.object(root).written() + "\n"
    }

    /// The oldest that has all that is said and is not about to end.
    private var version: ImageBuilderVersion {
        let gallery = target.settings.block("shared_image_gallery_destination")
        let isNew = gallery?.truth("use_shallow_replication") == true || !dataDisks.isEmpty
        return isNew ? .october2025 : .february2024
    }

    private var dataDisks: [Int] {
        target.settings["disk_additional_size"]?.list?.compactMap(\.number?.int) ?? []
    }

    // MARK: Around the properties

    /// The name of the build, where it has one: `build.azure-arm.source` has it in front.
    private var templateName: String? {
        let end = ".\(target.type).\(target.sourceName)"
        let name = target.name.hasSuffix(end) ? String(target.name.dropLast(end.count)) : target.name
        return ImageBuilderText.name.fault(name) == nil && name != "\(target.type).\(target.sourceName)" ? name : nil
    }

    private mutating func location() -> [(String, JSONText)] {
        handled.formUnion(["location"])
        if let location = target.settings.text("location") { return [("location", .text(location))] }
        log.lose(
            "The location is not known",
            "Packer builds in the place of \"build_resource_group_name\"; Image Builder has to be told.",
            target.settings.entry("build_resource_group_name")?.nameRange ?? target.range,
            "Put the location in the place of <region>."
        )
        return [("location", .text("<region>"))]
    }

    private mutating func identity() -> [(String, JSONText)] {
        log.note(
            "An identity is needed",
            "Image Builder works as a user-assigned identity, which Packer's template does not name.",
            target.range,
            "Give it with -var imgBuilderId=…, or put it in the place of <imgBuilderId>."
        )
        let identities = JSONText.object([("<imgBuilderId>", .object([]))])
        return [
            ("identity", .object([("type", .text("UserAssigned")), ("userAssignedIdentities", identities)]))
        ]
    }

    private mutating func properties() -> [(String, JSONText)] {
        var properties: [(String, JSONText)] = []
        if let source = source() { properties.append(("source", source)) }
        let steps = withoutGeneralization.compactMap { customizer($0) }
        if !steps.isEmpty { properties.append(("customize", .list(steps))) }
        properties.append(("distribute", .list(distributors())))
        let profile = vmProfile()
        if !profile.isEmpty { properties.append(("vmProfile", .object(profile))) }
        let disks = dataDisks.map { JSONText.object([("sizeGB", .word("\($0)"))]) }
        if !disks.isEmpty { properties.append(("additionalDataDisks", .list(disks))) }
        return properties
    }

    // MARK: Source

    private mutating func source() -> JSONText? {
        handled.formUnion([
            "image_publisher", "image_offer", "image_sku", "image_version", "plan_info", "custom_managed_image_name",
            "custom_managed_image_resource_group_name", "shared_image_gallery",
        ])
        switch target.base {
        case .marketplace(let image): return .object(marketplace(image))
        case .managedImage(let image):
            return .object([
                ("type", .text("ManagedImage")),
                (
                    "imageId",
                    .text(identifier(image.subscription, image.resourceGroup, [image.name], ManagedImageName.type))
                ),
            ])
        case .galleryVersion(let version):
            let id = identifier(version.image, [version.version], GalleryImageVersion.type)
            return .object([("type", .text("SharedImageVersion")), ("imageVersionId", .text(id))])
        default:
            let range = target.settings.entry("image_url")?.nameRange
            handled.insert("image_url")
            log.lose(
                "The source cannot be said",
                "Image Builder begins with images of the marketplace, managed images and versions in own galleries.",
                range ?? target.settings.entry("shared_image_gallery")?.nameRange ?? target.range
            )
            return nil
        }
    }

    private func marketplace(_ image: MarketplaceImage) -> [(String, JSONText)] {
        var source: [(String, JSONText)] = [
            ("type", .text("PlatformImage")), ("publisher", .text(image.publisher)), ("offer", .text(image.offer)),
            ("sku", .text(image.sku)), ("version", .text(image.version)),
        ]
        if let plan = image.plan {
            source.append(
                (
                    "planInfo",
                    .object([
                        ("planName", .text(plan.name)), ("planProduct", .text(plan.product)),
                        ("planPublisher", .text(plan.publisher)),
                    ])
                )
            )
        }
        return source
    }

    private func identifier(_ subscription: String?, _ group: String, _ names: [String], _ type: String) -> String {
        AzureResourceID(
            subscription: subscription ?? "<subscriptionID>",
            resourceGroup: group,
            type: type,
            names: names
        )
        .description
    }

    private func identifier(_ image: GalleryImageName, _ names: [String], _ type: String) -> String {
        identifier(image.subscription, image.resourceGroup, [image.gallery, image.image] + names, type)
    }

    // MARK: Destinations

    private mutating func distributors() -> [JSONText] {
        handled.formUnion([
            "managed_image_name", "managed_image_resource_group_name", "shared_image_gallery_destination",
            "shared_image_gallery_replica_count", "shared_gallery_image_version_exclude_from_latest", "azure_tags",
            "azure_tag", "subscription_id",
        ])
        var (distributors, number): ([JSONText], Int) = ([], 0)
        for place in target.destinations ?? [] {
            number += 1
            let name = number == 1 ? place.name : "\(place.name)-\(number)"
            if let distributor = distributor(place, name) { distributors.append(.object(distributor)) }
        }
        if distributors.isEmpty {
            log.lose(
                "There is no place for the image",
                "Image Builder has to put it somewhere.",
                target.range,
                "Add managed_image_name or shared_image_gallery_destination."
            )
        }
        return distributors
    }

    private mutating func distributor(_ place: ImageDestination, _ name: String) -> [(String, JSONText)]? {
        let tags = place.tags.sorted { $0.key < $1.key }.map { ($0.key, JSONText.text($0.value)) }
        let common: [(String, JSONText)] =
            [("runOutputName", .text(name))] + (tags.isEmpty ? [] : [("artifactTags", .object(tags))])
        switch place.place {
        case .managedImage(let store):
            let image = store.image
            let id = identifier(image.subscription, image.resourceGroup, [image.name], ManagedImageName.type)
            return [("type", .text("ManagedImage")), ("imageId", .text(id))]
                + [("location", .text(store.location ?? "<region>"))] + common
        case .gallery(let publication): return gallery(publication) + common
        case .vhd:
            let names = ["storage_account", "resource_group_name", "capture_container_name", "capture_name_prefix"]
            handled.formUnion(names)
            log.lose(
                "The storage account cannot be said",
                "Packer puts the VHD below a path of its own; Image Builder writes it to an address.",
                target.settings.entry("storage_account")?.nameRange,
                "Give \"uri\" the address of a blob."
            )
            return [("type", .text("VHD"))] + common
        default: return nil
        }
    }

    private mutating func gallery(_ publication: GalleryPublication) -> [(String, JSONText)] {
        var id = identifier(publication.image, [], GalleryImageName.type)
        if case .exact(let version) = publication.version { id += "/versions/\(version)" }
        let regions = publication.regions.map { region in
            var parts: [(String, JSONText)] = [("name", .text(region.name))]
            if region.replicas > 1 { parts.append(("replicaCount", .word("\(region.replicas)"))) }
            if let storage = region.storageAccountType { parts.append(("storageAccountType", .text(storage))) }
            return JSONText.object(parts)
        }
        let own = JSONText.object([("name", .text(target.settings.text("location") ?? "<region>"))])
        var gallery: [(String, JSONText)] = [
            ("type", .text("SharedImage")), ("galleryImageId", .text(id)),
            ("targetRegions", .list(regions.isEmpty ? [own] : regions)),
        ]
        if publication.isExcludedFromLatest { gallery.append(("excludeFromLatest", .word("true"))) }
        if publication.mode == .shallow { gallery.append(("replicationMode", .text("Shallow"))) }
        loseOfGallery()
        return gallery
    }

    private mutating func loseOfGallery() {
        let block = target.settings.block("shared_image_gallery_destination") ?? ImageSettings()
        let known = [
            "subscription", "resource_group", "gallery_name", "image_name", "image_version", "replication_regions",
            "target_region", "storage_account_type", "use_shallow_replication",
        ]
        for entry in block.entries where !known.contains(entry.name) && !entry.value.isNull {
            guard entry.value.truth != false else { continue }
            log.lose("\"\(entry.name)\" cannot be said", "Image Builder has nothing like it.", entry.nameRange)
        }
        for region in block.blocks("target_region") {
            guard let set = region.entry("disk_encryption_set_id"), !set.value.isNull else { continue }
            log.lose("A disk encryption set cannot be said", "Image Builder has none per region.", set.nameRange)
        }
    }

    // MARK: Machine

    private mutating func vmProfile() -> [(String, JSONText)] {
        let settings = target.settings
        handled.formUnion([
            "vm_size", "os_disk_size_gb", "disk_additional_size", "user_assigned_managed_identities",
            "virtual_network_name",
            "virtual_network_subnet_name", "virtual_network_resource_group_name",
        ])
        var profile: [(String, JSONText)] = []
        if let size = settings.text("vm_size") { profile.append(("vmSize", .text(size))) }
        if let size = settings.whole("os_disk_size_gb") { profile.append(("osDiskSizeGB", .word("\(size)"))) }
        let identities = settings.texts("user_assigned_managed_identities")
        if !identities.isEmpty { profile.append(("userAssignedIdentities", .list(identities.map(JSONText.text)))) }
        if let subnet = subnet() { profile.append(("vnetConfig", .object([("subnetId", .text(subnet))]))) }
        return profile
    }

    private mutating func subnet() -> String? {
        let settings = target.settings
        guard let network = settings.text("virtual_network_name") else { return nil }
        for (name, place) in [
            ("virtual_network_subnet_name", "<subnetName>"), ("virtual_network_resource_group_name", "<vnetRgName>"),
        ] where settings.text(name) == nil {
            log.lose(
                "The subnet is not known whole",
                "Packer looks it up by the name of its network; Image Builder has to be given its identifier.",
                settings.entry("virtual_network_name")?.nameRange,
                "Add \(name), or put it in the place of \(place)."
            )
        }
        return identifier(
            settings.text("subscription_id"),
            settings.text("virtual_network_resource_group_name") ?? "<vnetRgName>",
            [network, settings.text("virtual_network_subnet_name") ?? "<subnetName>"],
            AzureResourceKind.subnet.rawValue
        )
    }

    // MARK: Steps

    private var isWindows: Bool { target.settings.text("os_type")?.lowercased() == "windows" }

    /// The steps without the last one, where that is what Image Builder does by itself.
    private var withoutGeneralization: [ImageStep] {
        guard let last = target.provisioners.last,
            Generalization.isAll(of: last.settings.texts("inline"), isWindows: last.type == "powershell")
        else { return target.provisioners }
        return target.provisioners.dropLast()
    }

    private mutating func customizer(_ step: ImageStep) -> JSONText? {
        var translator = CustomizerTranslator(step)
        let customizer = translator.customizer()
        for loss in translator.log.diagnostics { log.add(loss) }
        return customizer.map(JSONText.object)
    }

    // MARK: The rest

    /// How Packer gets at the cloud and the machine, which Image Builder does in its own way.
    private static let access: Set<String> = [
        "client_id", "client_secret", "client_jwt", "client_cert_path", "client_cert_password", "tenant_id",
        "object_id",
        "use_azure_cli_auth", "oidc_request_token", "oidc_request_url", "cloud_environment_name", "metadata_host",
        "communicator", "polling_duration_timeout", "async_resourcegroup_delete", "ssh_username", "ssh_password",
        "ssh_pty",
        "ssh_timeout", "ssh_port", "ssh_private_key_file", "ssh_clear_authorized_keys", "ssh_handshake_attempts",
        "winrm_username", "winrm_password", "winrm_use_ssl", "winrm_insecure", "winrm_timeout", "winrm_port",
        "winrm_use_ntlm", "temp_resource_group_name", "temp_compute_name", "shared_image_gallery_timeout",
        "build_resource_group_name",
    ]

    private mutating func loseTheRest() {
        let rest = target.settings.entries.filter { !handled.contains($0.name) && !$0.value.isNull }
        let access = rest.filter { Self.access.contains($0.name) }
        if let first = access.first {
            log.note(
                "Access to the cloud and the machine is Image Builder's own",
                "Left out: \(access.map(\.name).joined(separator: ", ")).",
                first.nameRange
            )
        }
        for entry in rest where !Self.access.contains(entry.name) && entry.value.truth != false {
            log.lose("\"\(entry.name)\" cannot be said", "Image Builder has nothing like it.", entry.nameRange)
        }
        for chain in target.postProcessors {
            for step in chain {
                log.lose(
                    "Post-processor \"\(step.type)\" cannot be said",
                    "Image Builder does nothing with an image but put it in its places.",
                    step.range
                )
            }
        }
        if let cleanup = target.errorCleanup {
            log.lose(
                "The provisioner for errors cannot be said",
                "Image Builder runs nothing when a step failed.",
                cleanup.range
            )
        }
    }
}
