import RoostLanguage

/// What has to hold between the properties of a template.
struct ImageBuilderRules {
    /// Of the whole template.
    let template: ImageSettings
    let version: ImageBuilderVersion
    private(set) var diagnostics: [Diagnostic] = []

    private var properties: ImageSettings { template.block("properties") ?? ImageSettings() }

    init(_ template: ImageSettings, version: ImageBuilderVersion) {
        self.template = template
        self.version = version
        checkIdentity()
        for step in properties.blocks("customize") { checkStep(step) }
        for step in properties.block("validate")?.blocks("inVMValidations") ?? [] { checkStep(step) }
        checkSystems()
        checkValidation()
        checkOutputNames()
        for place in properties.blocks("distribute") { checkPlace(place) }
        checkNetwork()
        checkStagingGroup()
        checkWorkload()
    }

    // MARK: Identity

    private mutating func checkIdentity() {
        guard let identity = template.block("identity") else {
            if version >= .february2020, template["identity"] == nil {
                warn(
                    "no-identity",
                    "The template has no identity",
                    "Image Builder refuses templates without a user-assigned identity since 2020-02-14.",
                    template.missingRange,
                    "Add \"identity\": { \"type\": \"UserAssigned\", \"userAssignedIdentities\": { \"<imgBuilderId>\": {} } }."
                )
            }
            return
        }
        let identities = identity.block("userAssignedIdentities")
        for entry in identities?.entries ?? [] { checkIdentity(entry) }
        let isNone = identity.text("type") == "None"
        if !isNone, identities?.entries.isEmpty != false {
            report(
                "no-identity",
                "The identity names none",
                "An identity that is assigned by the user has at least one entry in \"userAssignedIdentities\".",
                identity["userAssignedIdentities"]?.range ?? identity.missingRange,
                "Add \"\(AzureResourceKind.identity.form)\": {}."
            )
        }
        if isNone, let identities, !identities.entries.isEmpty {
            report(
                "conflict",
                "Identities with type None",
                "Type None takes all identities away; the list would have no effect.",
                identity.entry("userAssignedIdentities")?.nameRange,
                "Set \"type\" to UserAssigned."
            )
        }
    }

    private mutating func checkIdentity(_ entry: ImageSettings.Entry) {
        guard PlaceholderScanner.matches(in: entry.name, allowsBlanks: true).isEmpty,
            let fault = AzureResourceKind.fault(entry.name, among: [.identity])
        else { return }
        report("bad-value", "Wrong name of an identity", fault.detail, entry.nameRange, fault.advice)
    }

    // MARK: Steps

    private mutating func checkStep(_ step: ImageSettings) {
        guard let type = step.text("type"), type == "Shell" || type == "PowerShell" else { return }
        checkScript(step, type)
        if step.truth("runAsSystem"), !step.truth("runElevated"), step["runElevated"]?.isUnresolved != true {
            report(
                "conflict",
                "\"runAsSystem\" without \"runElevated\"",
                "Only an elevated script can run as the system.",
                step.entry("runAsSystem")?.nameRange,
                "Add \"runElevated\": true."
            )
        }
    }

    private mutating func checkScript(_ step: ImageSettings, _ type: String) {
        let address = step["scriptUri"] ?? step["script"]
        let lines = step["inline"]
        let hasLines = lines.map { $0.list?.isEmpty != true } ?? false
        if address != nil, hasLines {
            report(
                "conflict",
                "Both \"inline\" and \"scriptUri\"",
                "A \(type) step runs the lines that are written here or a script that is fetched, not both.",
                step.entry("inline")?.nameRange,
                "Make two steps of it."
            )
        } else if address == nil, !hasLines {
            report(
                "no-script",
                "The \(type) step has no script",
                "It needs \"inline\" with at least one line, or \"scriptUri\".",
                lines?.range ?? step.missingRange,
                "Add \"inline\": [\"…\"] or \"scriptUri\"."
            )
        }
        if let checksum = step.text("sha256Checksum"), !checksum.isEmpty, address == nil {
            report(
                "conflict",
                "\"sha256Checksum\" without \"scriptUri\"",
                "The checksum is that of the script that is fetched; lines that are written here have none.",
                step.entry("sha256Checksum")?.nameRange,
                "Remove it."
            )
        }
    }

    /// A machine has one system: steps of Linux and of Windows cannot both run.
    private mutating func checkSystems() {
        let steps = properties.blocks("customize") + (properties.block("validate")?.blocks("inVMValidations") ?? [])
        let windows = ["PowerShell", "WindowsRestart", "WindowsUpdate"]
        let ofWindows = steps.first { windows.contains($0.text("type") ?? "") }
        guard let ofWindows, let ofLinux = steps.first(where: { $0.text("type") == "Shell" }),
            let type = ofWindows["type"], let other = ofLinux["type"]
        else { return }
        report(
            "conflict",
            "Steps of Linux and of Windows in one template",
            "\(type.text ?? "") runs on Windows only, and Shell\(other.range.map { " at \($0)" } ?? "") on Linux only.",
            type.range,
            "Make two templates."
        )
    }

    private mutating func checkValidation() {
        guard let validate = properties.block("validate"), validate.truth("sourceValidationOnly"),
            !properties.blocks("customize").isEmpty
        else { return }
        warn(
            "no-effect",
            "\"customize\" has no effect",
            "With \"sourceValidationOnly\" the source is validated as it is, and nothing is built.",
            properties.entry("customize")?.nameRange,
            nil
        )
    }

    private mutating func checkWorkload() {
        guard let workload = properties.block("optimize")?.block("workload"), workload.text("state") == "Enabled",
            workload["scriptUri"] == nil
        else { return }
        report(
            "missing-property",
            "Property \"scriptUri\" is missing",
            "Optimization for a workload needs the script that makes the load.",
            workload.missingRange,
            "Add \"scriptUri\"."
        )
    }

    // MARK: Places

    private mutating func checkOutputNames() {
        var first: [String: HCLRange?] = [:]
        for place in properties.blocks("distribute") {
            guard let value = place["runOutputName"], case .text(let name) = value.form else { continue }
            if let earlier = first[name.lowercased()] {
                report(
                    "duplicate",
                    "Output name \"\(name)\" is used twice",
                    "It is used already\(earlier.map { " at \($0)" } ?? "").",
                    value.range,
                    "Give every element of \"distribute\" a \"runOutputName\" of its own."
                )
            } else {
                first[name.lowercased()] = value.range
            }
        }
    }

    private mutating func checkPlace(_ place: ImageSettings) {
        guard place.text("type") == "SharedImage" else { return }
        checkRegions(place)
        checkVersioning(place)
        checkShallow(place)
    }

    private mutating func checkRegions(_ place: ImageSettings) {
        let (old, new) = (place.entry("replicationRegions"), place.entry("targetRegions"))
        if let old, let new {
            report(
                "conflict",
                "Both \"targetRegions\" and \"replicationRegions\"",
                "\"targetRegions\"\(new.nameRange.map { " at \($0)" } ?? "") takes the place of the older list.",
                old.nameRange,
                "Remove \"replicationRegions\"."
            )
        } else if old == nil, new == nil {
            report(
                "missing-property",
                "The gallery has no regions",
                "It has to be said where the version is replicated to.",
                place.missingRange,
                version >= .july2022
                    ? "Add \"targetRegions\": [{ \"name\": \"REGION\" }]." : "Add \"replicationRegions\": [\"REGION\"]."
            )
        }
        if old == nil, let storage = place.entry("storageAccountType") {
            report(
                "conflict",
                "\"storageAccountType\" without \"replicationRegions\"",
                "It belongs to the older list; regions of \"targetRegions\" have one each.",
                storage.nameRange,
                "Write it into the elements of \"targetRegions\"."
            )
        }
        if version < .july2022, let storage = place["storageAccountType"], storage.text == "Premium_LRS" {
            report(
                "newer-version",
                "Premium_LRS needs a newer API version",
                "It exists since \(ImageBuilderVersion.july2022.rawValue).",
                storage.range,
                nil
            )
        }
        checkRepeats(old?.value.list ?? place.blocks("targetRegions").compactMap { $0["name"] })
    }

    private mutating func checkRepeats(_ regions: [SettingValue]) {
        var seen: Set<String> = []
        for region in regions {
            guard case .text(let name) = region.form,
                !seen.insert(name.lowercased().filter { $0 != " " }).inserted
            else { continue }
            report(
                "duplicate",
                "Region \"\(name)\" is named twice",
                "A version is replicated to a region once.",
                region.range,
                "Remove one; the number of copies is \"replicaCount\"."
            )
        }
    }

    private mutating func checkVersioning(_ place: ImageSettings) {
        guard let id = place.text("galleryImageId").flatMap({ AzureResourceID($0) }),
            id.isOf(GalleryImageVersion.type)
        else { return }
        if let versioning = place.entry("versioning") {
            report(
                "conflict",
                "\"versioning\" with a given version",
                "\"galleryImageId\" names version \(id.name) already, so that none is chosen.",
                versioning.nameRange,
                "Remove \"versioning\", or /versions/\(id.name) from the identifier."
            )
        }
        if id.name == "latest" {
            report(
                "bad-value",
                "\"latest\" cannot be made",
                "A version that is made has a number; \"latest\" is only for sources.",
                place["galleryImageId"]?.range,
                "Remove /versions/latest, and the next number is chosen."
            )
        }
    }

    private mutating func checkShallow(_ place: ImageSettings) {
        guard place.text("replicationMode") == "Shallow" else { return }
        let regions = place.blocks("targetRegions")
        let copies = regions.first { ($0.whole("replicaCount") ?? 1) > 1 }?["replicaCount"]
        guard regions.count > 1 || copies != nil || place.texts("replicationRegions").count > 1 else { return }
        report(
            "conflict",
            "Shallow replication to several places",
            "A shallow version has one copy, in the region where it is built.",
            copies?.range ?? place["replicationMode"]?.range,
            "Keep one region and one copy, or set \"replicationMode\" to Full."
        )
    }

    // MARK: Network and groups

    private mutating func checkNetwork() {
        guard let network = properties.block("vmProfile")?.block("vnetConfig") else { return }
        if let container = network.entry("containerInstanceSubnetId") {
            if network["subnetId"] == nil {
                report(
                    "missing-property",
                    "Property \"subnetId\" is missing",
                    "\"containerInstanceSubnetId\" needs the subnet of the machines, too.",
                    container.nameRange,
                    "Add \"subnetId\"."
                )
            }
            if let proxy = network.entry("proxyVmSize"), proxy.value.text != "" {
                report(
                    "conflict",
                    "\"proxyVmSize\" with \"containerInstanceSubnetId\"",
                    "No proxy machine is made when a subnet for containers is given.",
                    proxy.nameRange,
                    "Remove \"proxyVmSize\"."
                )
            }
            checkSubnets(network)
        } else if network["subnetId"] == nil, let proxy = network.entry("proxyVmSize") {
            warn(
                "no-effect",
                "\"proxyVmSize\" has no effect",
                "Without \"subnetId\" no proxy machine is made.",
                proxy.nameRange,
                nil
            )
        }
    }

    private mutating func checkSubnets(_ network: ImageSettings) {
        guard let value = network["containerInstanceSubnetId"],
            let container = value.text.flatMap({ AzureResourceID($0) }),
            let machines = network.text("subnetId").flatMap({ AzureResourceID($0) }),
            container.isOf(AzureResourceKind.subnet.rawValue), machines.isOf(AzureResourceKind.subnet.rawValue)
        else { return }
        let isOneNetwork =
            container.sharesGroup(with: machines) && container.names[0].lowercased() == machines.names[0].lowercased()
        guard !isOneNetwork || container.name.lowercased() == machines.name.lowercased() else { return }
        report(
            "conflict",
            isOneNetwork ? "One subnet for machines and containers" : "Subnets of two networks",
            isOneNetwork
                ? "Containers need a subnet of their own." : "Both subnets have to be in one virtual network.",
            value.range,
            "Take another subnet of network \"\(machines.names[0])\"."
        )
    }

    /// The group has to be empty, so that nothing the template names can be in it.
    private mutating func checkStagingGroup() {
        guard let value = properties["stagingResourceGroup"], case .text(let text) = value.form,
            let group = AzureResourceID(text)
        else { return }
        for (name, other) in namedResources {
            guard let id = other.text.flatMap({ AzureResourceID($0) }) else { continue }
            if group.sharesGroup(with: id) {
                report(
                    "conflict",
                    "The staging group is in use",
                    "It has to be empty, but \"\(name)\"\(other.range.map { " at \($0)" } ?? "") is in it.",
                    value.range,
                    "Name another group; it is made when it does not exist."
                )
                return
            } else if name == "imageId of source", group.subscription.lowercased() != id.subscription.lowercased() {
                report(
                    "conflict",
                    "The staging group is in another subscription",
                    "It has to be in that of the template, where the source image\(other.range.map { " at \($0)" } ?? "") is.",
                    value.range,
                    nil
                )
            }
        }
    }

    private var namedResources: [(String, SettingValue)] {
        var resources: [(String, SettingValue?)] = [
            ("imageId of source", properties.block("source")?["imageId"]),
            ("imageVersionId", properties.block("source")?["imageVersionId"]),
            ("subnetId", properties.block("vmProfile")?.block("vnetConfig")?["subnetId"]),
        ]
        for place in properties.blocks("distribute") {
            resources += [("imageId", place["imageId"]), ("galleryImageId", place["galleryImageId"])]
        }
        for entry in template.block("identity")?.block("userAssignedIdentities")?.entries ?? [] {
            resources.append(("identity", SettingValue(.text(entry.name), range: entry.nameRange)))
        }
        return resources.compactMap { name, value in
            guard let value, case .text = value.form else { return nil }
            return (name, value)
        }
    }

    // MARK: Reporting

    private mutating func report(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange?,
        _ advice: String?
    ) {
        diagnostics.append(.error("image-builder.\(code)", summary, at: range?.span, advice: advice, detail: detail))
    }

    private mutating func warn(
        _ code: String,
        _ summary: String,
        _ detail: String,
        _ range: HCLRange?,
        _ advice: String?
    ) {
        diagnostics.append(.warning("image-builder.\(code)", summary, at: range?.span, advice: advice, detail: detail))
    }
}
