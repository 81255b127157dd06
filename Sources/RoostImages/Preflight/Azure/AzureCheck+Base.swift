import RoostLanguage
import RoostTemplate

extension AzureCheck {
    /// What the machine is made from has to be there, where the machine is, and of its system.
    ///
    /// - Returns: what is known of it.
    mutating func checkBase(in location: String?) -> AzureResourceFact? {
        let fact: AzureResourceFact?
        switch build.base {
        case .marketplace(let image): fact = checkMarketplace(image, in: location)
        case .managedImage(let name): fact = checkManagedBase(name, in: location)
        case .galleryVersion(let version): fact = checkGalleryBase(version, in: location)
        case .managedDisk(let id):
            fact = AzureResourceID(id).flatMap { checkSource($0, "disk", in: location) }
        default: fact = nil
        }
        if let fact { checkSystem(fact) }
        return fact
    }

    private mutating func checkMarketplace(_ image: MarketplaceImage, in location: String?) -> AzureResourceFact? {
        guard let location else { return nil }
        let question = AzureQuestion.marketplace(subscription: build.subscription, region: location, image)
        switch answer(question, isNeeded: false, at: build.baseSpan) {
        case .found(.resource(let fact)):
            if fact.hasPlan, !build.hasPlan { findMissingPlan(image) }
            return fact
        case .missing:
            let list = TypedCommand("az", "vm", "image", "list", "--all", "--output", "table").adding(
                "--location",
                location
            )
            .adding("--publisher", image.publisher).adding("--offer", image.offer)
            problem(
                "source",
                "The image \(image.publisher):\(image.offer):\(image.sku):\(image.version), which \(build.name) is made from, is not offered in \(location)",
                at: build.baseSpan,
                advice: "'\(list.text)' lists what is."
            )
            return nil
        default: return nil
        }
    }

    private mutating func findMissingPlan(_ image: MarketplaceImage) {
        problem(
            "plan",
            "The image \(image.publisher):\(image.offer):\(image.sku) is bought, and \(build.name) names no plan",
            at: build.baseSpan,
            advice:
                "Give \"plan_info\" (\"planInfo\" in Image Builder), and accept the terms once with 'az vm image terms accept --publisher \(image.publisher) --offer \(image.offer) --plan \(image.sku)'."
        )
    }

    private mutating func checkManagedBase(_ name: ManagedImageName, in location: String?) -> AzureResourceFact? {
        let id = AzureResourceID(
            subscription: name.subscription ?? build.subscription,
            resourceGroup: name.resourceGroup,
            type: AzureType.managedImage,
            names: [name.name]
        )
        return checkSource(id, "image", in: location)
    }

    /// A thing that is one region's, which has to be that of the machine.
    private mutating func checkSource(
        _ id: AzureResourceID,
        _ kind: String,
        in location: String?
    ) -> AzureResourceFact? {
        guard isSubscriptionUsable(id.subscription, at: build.baseSpan) else { return nil }
        switch resource(id, at: build.baseSpan) {
        case .missing:
            problem(
                "source",
                "The \(id.title), which \(build.name) is made from, is not there",
                at: build.baseSpan,
                advice: "'az resource list --resource-group \(id.resourceGroup) --output table' lists what is."
            )
            return nil
        case .found(let fact):
            if let there = fact.location.map(Self.region), let location, there != location {
                problem(
                    "source-region",
                    "The \(id.title) is in \(there), and \(build.name) is built in \(location)",
                    at: build.baseSpan,
                    advice: "Build in \(there), or copy the \(kind) through a gallery."
                )
            }
            return fact
        case .nothing: return nil
        }
    }

    // MARK: Galleries

    private mutating func checkGalleryBase(_ base: GalleryImageVersion, in location: String?) -> AzureResourceFact? {
        let id = definition(base.image)
        guard isSubscriptionUsable(id.subscription, at: build.baseSpan) else { return nil }
        let known = resource(id, at: build.baseSpan)
        let versions = answer(.versions(id), at: build.baseSpan)
        guard case .missing = known else {
            if case .found(.versions(let versions)) = versions {
                checkVersion(base.version, id, versions, in: location)
            }
            return known.value
        }
        problem(
            "source",
            "The \(id.title), which \(build.name) is made from, is not there",
            at: build.baseSpan,
            advice:
                "'az sig image-definition list --resource-group \(id.resourceGroup) --gallery-name \(id.names[0]) --output table' lists what is."
        )
        return nil
    }

    func definition(_ image: GalleryImageName) -> AzureResourceID {
        AzureResourceID(
            subscription: image.subscription ?? build.subscription,
            resourceGroup: image.resourceGroup,
            type: AzureType.definition,
            names: [image.gallery, image.image]
        )
    }

    private mutating func checkVersion(
        _ wanted: String,
        _ id: AzureResourceID,
        _ versions: [ImageVersionFact],
        in location: String?
    ) {
        let choice = VersionChoice(wanted, among: versions, in: location)
        guard let reason = choice.refusal else { return }
        problem(
            "source-version",
            "\(wanted == "latest" ? "There is no latest version" : "The version \(wanted)") of the \(id.title)\(reason)",
            at: build.baseSpan,
            advice: choice.advice
        )
    }

    private mutating func checkSystem(_ base: AzureResourceFact) {
        guard let system = build.system, let actual = base.system, !equalIgnoringCase(system.text, actual) else {
            return
        }
        problem(
            "source-os-type",
            "\(build.name) has os_type \"\(system.text)\", and what it is made from is \(actual)",
            at: system.span,
            advice: "Give os_type = \"\(actual)\"."
        )
    }
}
