import RoostLanguage

/// Says a target of Image Builder in the words of Packer: builder `azure-arm`, provisioners, and where the image goes.
struct PackerTranslator {
    let target: ImageTarget
    /// Placeholders without a value, which become variables.
    private let variables: [ImageVariable]
    private let variableNames: Set<String>
    private let language: ImagePlan.Language
    private var log = ConversionLosses()

    init(_ target: ImageTarget, variables: [ImageVariable], language: ImagePlan.Language) {
        self.target = target
        self.language = language
        self.variables = variables.filter { $0.value == nil }
        variableNames = Set(self.variables.map(\.name))
    }

    var losses: [Diagnostic] { log.diagnostics }

    mutating func document() -> PackerDocument {
        var options: [(String, PackerDocument.Value)] = []
        options += subscriptionOptions()
        options += baseOptions()
        options += machineOptions()
        options += destinationOptions()
        var steps = target.provisioners.compactMap { step($0) }
        steps.append(generalization)
        loseTheRest()
        let declared = (variables.map(\.name) + (needsVersion ? ["image_version"] : [])).map { name in
            let variable = variables.first { $0.name == name }
            return PackerDocument.Variable(
                name: PackerDocument.variableName(name),
                description: variable?.description,
                isSensitive: variable?.isSensitive ?? false
            )
        }
        return PackerDocument(
            name: templateName,
            sourceType: "azure-arm",
            sourceName: sourceName,
            comments: comments,
            variables: declared.filter { isUsed($0.name, options, steps) },
            options: options,
            steps: steps
        )
    }

    // MARK: Names

    private var templateName: String? { variableNames.contains { target.name.contains("<\($0)>") } ? nil : target.name }

    /// The name of the first output, where Packer takes it for a name.
    private var sourceName: String {
        guard let name = target.destinations?.first?.name, let first = name.first, first.isASCII, first.isLetter,
            name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") })
        else { return "image" }
        return name
    }

    private var comments: [String] {
        [
            "Without credentials the managed identity of the machine is used on which packer runs; elsewhere set "
                + "use_azure_cli_auth, or client_id with a secret."
        ] + (identities.isEmpty ? [] : ["The template runs as \(identities.joined(separator: ", "))."])
    }

    private var identities: [String] {
        target.settings.block("identity")?.block("userAssignedIdentities")?.entries.map(\.name) ?? []
    }

    private func isUsed(
        _ name: String,
        _ options: [(String, PackerDocument.Value)],
        _ steps: [PackerDocument.Step]
    ) -> Bool {
        (options + steps.flatMap(\.options)).contains { $0.1.uses(name) }
    }

    // MARK: Values

    /// A text that stands outside of commands.
    private func text(_ text: String) -> PackerDocument.Value { .text(text, variables: variableNames) }

    private func option(_ name: String, _ value: String?) -> [(String, PackerDocument.Value)] {
        value.map { [(name, text($0))] } ?? []
    }

    private func value(_ value: SettingValue) -> PackerDocument.Value {
        switch value.form {
        case .text(let text): .text(text, variables: [])
        case .template(ImageStep.elevatedUser): .build("User")
        case .template(ImageStep.elevatedPassword): .build("Password")
        case .template(let text): .text(text, variables: variableNames)
        case .number(let number): .number(number)
        case .truth(let truth): .truth(truth)
        case .list(let elements): .list(elements.map { self.value($0) })
        case .object(let settings): .map(settings.entries.map { ($0.name, self.value($0.value)) })
        case .null, .later: .text("", variables: [])
        }
    }

    // MARK: Base

    private mutating func baseOptions() -> [(String, PackerDocument.Value)] {
        switch target.base {
        case .marketplace(let image): return marketplaceOptions(image)
        case .managedImage(let image):
            return option("custom_managed_image_name", image.name)
                + option("custom_managed_image_resource_group_name", image.resourceGroup)
        case .galleryVersion(let version):
            let block =
                option("subscription", version.image.subscription)
                + option("resource_group", version.image.resourceGroup)
                + option("gallery_name", version.image.gallery) + option("image_name", version.image.image)
                + option("image_version", version.version)
            return [("shared_image_gallery", .block(block))]
        default:
            log.lose(
                "The source cannot be said",
                "Builder azure-arm begins with images of the marketplace, managed images and galleries.",
                target.settings.entry("source")?.nameRange
            )
            return []
        }
    }

    private func marketplaceOptions(_ image: MarketplaceImage) -> [(String, PackerDocument.Value)] {
        var options =
            option("image_publisher", image.publisher) + option("image_offer", image.offer)
            + option("image_sku", image.sku) + option("image_version", image.version)
        if let plan = image.plan {
            let block =
                option("plan_name", plan.name) + option("plan_product", plan.product)
                + option("plan_publisher", plan.publisher)
            options.append(("plan_info", .block(block)))
        }
        return options
    }

    // MARK: Subscription

    /// Everything that has no place for a subscription of its own is in one; galleries name theirs.
    private mutating func subscriptionOptions() -> [(String, PackerDocument.Value)] {
        var places: [(name: String, range: HCLRange?)] = []
        if case .managedImage(let image)? = target.base, let name = image.subscription {
            places.append((name, target.settings.block("source")?["imageId"]?.range))
        }
        for settings in target.settings.blocks("distribute") {
            if let id = settings["imageId"], let image = id.text.flatMap({ ManagedImageName($0) }) {
                places.append((image.subscription ?? "", id.range))
            }
        }
        let subnet = target.settings.block("vmProfile")?.block("vnetConfig")?["subnetId"]
        if let id = subnet?.text.flatMap({ AzureResourceID($0) }) { places.append((id.subscription, subnet?.range)) }
        guard let first = places.first else { return [] }
        for place in places where place.name.lowercased() != first.name.lowercased() {
            log.lose(
                "A second subscription cannot be said",
                "A source of azure-arm is in one subscription, here \(first.name), but for galleries.",
                place.range
            )
        }
        return option("subscription_id", first.name)
    }

    // MARK: Machine

    private var isWindows: Bool {
        let types = (target.provisioners + target.validations).map(\.type)
        if types.contains("shell") { return false }
        if types.contains(where: { ["powershell", "windows-restart", "windows-update"].contains($0) }) { return true }
        guard case .marketplace(let image)? = target.base else { return false }
        return image.publisher.lowercased().hasPrefix("microsoftwindows")
    }

    private mutating func machineOptions() -> [(String, PackerDocument.Value)] {
        let profile = target.settings.block("vmProfile") ?? ImageSettings()
        var options = option("location", target.settings.text("location"))
        options.append(("os_type", .text(isWindows ? "Windows" : "Linux", variables: [])))
        options += option("vm_size", profile.text("vmSize") ?? defaultSize())
        if let size = profile.whole("osDiskSizeGB"), size > 0 {
            options.append(("os_disk_size_gb", .number(HCLNumber(size))))
        }
        let disks = target.settings.blocks("additionalDataDisks").compactMap { $0.whole("sizeGB") }
        if !disks.isEmpty {
            options.append(("disk_additional_size", .list(disks.map { .number(HCLNumber($0)) })))
        }
        let identities = profile.texts("userAssignedIdentities")
        if !identities.isEmpty {
            options.append(("user_assigned_managed_identities", .list(identities.map(text))))
        }
        return options + networkOptions(profile) + connectionOptions
    }

    private mutating func defaultSize() -> String {
        log.note(
            "The size of the machine is chosen",
            "Image Builder takes Standard_D1_v2 or, for images of generation 2, Standard_D2ds_v4 when none is given; "
                + "Packer's own choice is another. Standard_D2ds_v4 is written.",
            target.settings.entry("vmProfile")?.nameRange ?? target.range
        )
        return "Standard_D2ds_v4"
    }

    private mutating func networkOptions(_ profile: ImageSettings) -> [(String, PackerDocument.Value)] {
        guard let network = profile.block("vnetConfig") else { return [] }
        for name in ["containerInstanceSubnetId", "proxyVmSize"] {
            if let entry = network.entry(name), !entry.value.isNull, entry.value.text != "" {
                log.lose("\"\(name)\" cannot be said", "Packer connects to the machine itself.", entry.nameRange)
            }
        }
        guard let subnet = network.text("subnetId").flatMap({ AzureResourceID($0) }), subnet.names.count == 2 else {
            return []
        }
        return option("virtual_network_name", subnet.names[0]) + option("virtual_network_subnet_name", subnet.names[1])
            + option("virtual_network_resource_group_name", subnet.resourceGroup)
    }

    private var connectionOptions: [(String, PackerDocument.Value)] {
        guard isWindows else {
            return option("communicator", "ssh") + option("ssh_username", "packer")
        }
        return option("communicator", "winrm") + option("winrm_username", "packer")
            + [("winrm_use_ssl", .truth(true)), ("winrm_insecure", .truth(true))]
    }

    // MARK: Destinations

    /// Whether a number has to be given for the version that Image Builder would choose.
    private var needsVersion: Bool {
        let places = target.destinations ?? []
        return places.contains { destination in
            guard case .gallery(let publication) = destination.place else { return false }
            if case .exact = publication.version { return false }
            return true
        }
    }

    private mutating func destinationOptions() -> [(String, PackerDocument.Value)] {
        let written = target.settings.blocks("distribute")
        let places = target.destinations ?? []
        var (options, kinds): ([(String, PackerDocument.Value)], Set<String>) = ([], [])
        for (index, place) in places.enumerated() {
            let settings = index < written.count ? written[index] : ImageSettings()
            let range = settings["type"]?.range
            if !kinds.insert(settings.text("type") ?? "").inserted {
                log.lose(
                    "A second place of its kind cannot be said",
                    "A source of azure-arm makes one managed image and one version in a gallery.",
                    range,
                    "Write a second source."
                )
                continue
            }
            if index > 0 || sourceName != place.name {
                log.lose(
                    "Output name \"\(place.name)\" cannot be said",
                    "The source of Packer has one name, of letters, digits, - and _: \"\(sourceName)\".",
                    settings["runOutputName"]?.range
                )
            }
            options += placeOptions(place, settings)
        }
        return options + tagOptions(places, written)
    }

    private mutating func placeOptions(
        _ place: ImageDestination,
        _ settings: ImageSettings
    ) -> [(String, PackerDocument.Value)] {
        switch place.place {
        case .managedImage(let store):
            if let location = store.location, let own = target.settings.text("location"), location != own {
                log.lose(
                    "The location of the managed image cannot be said",
                    "Packer makes it where the machine is, in \(own).",
                    settings["location"]?.range
                )
            }
            return option("managed_image_name", store.image.name)
                + option("managed_image_resource_group_name", store.image.resourceGroup)
        case .gallery(let publication): return galleryOptions(publication, settings)
        default:
            log.lose(
                "A VHD cannot be said",
                "Packer writes it below a path of its own in a storage account, not to an address.",
                settings["type"]?.range,
                "Use storage_account, resource_group_name, capture_container_name and capture_name_prefix."
            )
            return []
        }
    }

    private mutating func galleryOptions(
        _ publication: GalleryPublication,
        _ settings: ImageSettings
    ) -> [(String, PackerDocument.Value)] {
        var block =
            option("subscription", publication.image.subscription)
            + option("resource_group", publication.image.resourceGroup)
            + option("gallery_name", publication.image.gallery) + option("image_name", publication.image.image)
        block.append(("image_version", version(publication, settings)))
        let storage = storageAccountType(publication, settings)
        let copies = Set(publication.regions.map(\.replicas))
        if copies.count <= 1 {
            block.append(("replication_regions", .list(publication.regions.map { text($0.name) })))
        }
        block += option("storage_account_type", storage)
        if publication.mode == .shallow { block.append(("use_shallow_replication", .truth(true))) }
        if copies.count > 1 {
            for region in publication.regions {
                let inner = option("name", region.name) + [("replicas", .number(HCLNumber(region.replicas)))]
                block.append(("target_region", .block(inner)))
            }
        }
        var options: [(String, PackerDocument.Value)] = [("shared_image_gallery_destination", .block(block))]
        if copies.count == 1, let count = copies.first, count > 1 {
            options.append(("shared_image_gallery_replica_count", .number(HCLNumber(count))))
        }
        if publication.isExcludedFromLatest {
            options.append(("shared_gallery_image_version_exclude_from_latest", .truth(true)))
        }
        return options
    }

    private mutating func version(_ publication: GalleryPublication, _ settings: ImageSettings) -> PackerDocument.Value
    {
        if case .exact(let version) = publication.version { return text(version) }
        log.lose(
            "The choice of a version cannot be said",
            "Image Builder finds the next number; Packer has to be given one.",
            settings.entry("versioning")?.nameRange ?? settings["galleryImageId"]?.range,
            "With --lossy it becomes the variable image_version, which every build is given."
        )
        return .text("<image_version>", variables: ["image_version"])
    }

    private mutating func storageAccountType(_ publication: GalleryPublication, _ settings: ImageSettings) -> String? {
        let types = Set(publication.regions.map(\.storageAccountType))
        if types.count > 1 {
            log.lose(
                "Kinds of storage per region cannot be said",
                "Packer has one for all regions.",
                settings.entry("targetRegions")?.nameRange
            )
            return nil
        }
        return types.first ?? nil
    }

    /// Packer puts tags on everything it makes.
    private mutating func tagOptions(
        _ places: [ImageDestination],
        _ written: [ImageSettings]
    ) -> [(String, PackerDocument.Value)] {
        guard let tags = places.first?.tags else { return [] }
        for (index, place) in places.enumerated() where place.tags != tags {
            log.lose(
                "Other tags for another place cannot be said",
                "Packer has the same tags for all.",
                written[index].entry("artifactTags")?.nameRange ?? written[index]["type"]?.range
            )
        }
        guard !tags.isEmpty else { return [] }
        return [("azure_tags", .map(tags.sorted { $0.key < $1.key }.map { ($0.key, text($0.value)) }))]
    }

    // MARK: Steps

    private mutating func step(_ step: ImageStep) -> PackerDocument.Step? {
        var options = stepName(step)
        if let address = step.settings["script_uri"] ?? step.settings["source_uri"] {
            options += [("inline", .list(lines(step, address).map { line(of: step, $0) }))]
        }
        let own = ["script_uri", "source_uri", "sha256_checksum", "destination"]
        for entry in step.settings.entries where !own.contains(entry.name) {
            options.append((entry.name, value(entry.value)))
        }
        if step.type == "windows-update" {
            log.note(
                "windows-update is a plugin",
                "It is no part of Packer.",
                step.range,
                "Install rgl/windows-update, or name it in required_plugins."
            )
        }
        return PackerDocument.Step(
            type: step.type == "file" ? (isWindows ? "powershell" : "shell") : step.type,
            options: options
        )
    }

    /// Provisioners have names in HCL2 only.
    private mutating func stepName(_ step: ImageStep) -> [(String, PackerDocument.Value)] {
        guard language == .packerJSON, let name = step.name else { return option("name", step.name) }
        log.lose(
            "The name of a step cannot be said",
            "Provisioners of Packer's JSON have no name, as \"\(name)\" is.",
            step.range,
            "Convert to packer-hcl2, where they have."
        )
        return []
    }

    /// A line that was made here: names of variables in the address and the path stay what they are.
    private func line(of step: ImageStep, _ line: String) -> PackerDocument.Value {
        let values = ["script_uri", "source_uri", "destination"].compactMap { step.settings[$0] }
        return .text(line, variables: values.contains(where: \.isUnresolved) ? variableNames : [])
    }

    /// Packer has no step that takes an address, so the machine fetches the file.
    private mutating func lines(_ step: ImageStep, _ address: SettingValue) -> [String] {
        log.note(
            "The machine fetches the file itself",
            "Image Builder fetches \"\(address.text ?? "")\" with its identity and hands it to the machine; "
                + "the machine needs a way to the address, without that identity.",
            address.range
        )
        let destination = step.settings.text("destination")
        return DownloadedFile(
            address: address.text ?? "",
            checksum: step.settings.text("sha256_checksum") ?? "",
            use: destination.map { .file(destination: $0) } ?? .script,
            isWindows: isWindows
        ).lines
    }

    private var generalization: PackerDocument.Step {
        let lines = isWindows ? Generalization.windows : [Generalization.linux]
        var options = language == .packerJSON ? [] : option("name", "generalize")
        if !isWindows { options.append(("execute_command", .template(Generalization.linuxCommand))) }
        options.append(("inline", .list(lines.map { .text($0, variables: []) })))
        if !isWindows { options.append(("inline_shebang", .text("/bin/sh -e", variables: []))) }
        return PackerDocument.Step(type: isWindows ? "powershell" : "shell", options: options)
    }

    // MARK: The rest

    private mutating func loseTheRest() {
        let settings = target.settings
        if let identity = settings.entry("identity"), !identities.isEmpty {
            log.note(
                "The identity is that of who runs packer",
                "Image Builder works as \(identities.joined(separator: ", ")).",
                identity.nameRange,
                "Run packer on a machine with this identity, or give credentials."
            )
        }
        for validation in target.validations {
            log.lose(
                "A validation cannot be said",
                "Packer starts no machine from the image that was made.",
                validation.range,
                "Keep it in the template of Image Builder, or test the image in a job of its own."
            )
        }
        for (name, reason) in Self.unsayable {
            guard let entry = settings.entry(name), !entry.value.isNull, !Self.meansNothing(entry) else { continue }
            log.lose("\"\(name)\" cannot be said", reason, entry.nameRange)
        }
    }

    private static let unsayable: KeyValuePairs<String, String> = [
        "tags": "They are tags of the template itself, and Packer leaves none behind.",
        "optimize": "Packer makes the image as it is.",
        "validate": "Packer starts no machine from the image that was made.",
        "errorHandling": "What happens on an error is a flag of packer build: -on-error=abort.",
        "buildTimeoutInMinutes": "Packer has no time for the whole build.",
        "stagingResourceGroup": "Packer's temporary group must not exist, where this one may.",
        "autoRun": "Packer runs when it is called.",
        "managedResourceTags": "Packer has one set of tags for all it makes.",
    ]

    /// Values that are what happens without them.
    private static func meansNothing(_ entry: ImageSettings.Entry) -> Bool {
        guard let settings = entry.value.settings else {
            return entry.value.number?.isZero == true || entry.value.text == ""
        }
        return settings.entries.allSatisfy { inner in
            if inner.value.truth == false { return true }
            if ["cleanup", "Disabled", ""].contains(inner.value.text) { return true }
            if inner.value.settings != nil { return meansNothing(inner) }
            return inner.value.isNull
        }
    }
}

extension PackerDocument.Value {
    /// Whether a variable stands in it.
    fileprivate func uses(_ name: String) -> Bool {
        switch self {
        case .text(let text, let variables):
            PackerDocument.pieces(text, variables).contains { $0.isVariable && $0.text == name }
        case .list(let elements): elements.contains { $0.uses(name) }
        case .map(let entries), .block(let entries): entries.contains { $0.1.uses(name) }
        case .template, .build, .number, .truth: false
        }
    }
}
