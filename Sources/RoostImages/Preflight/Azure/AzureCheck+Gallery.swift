import RoostLanguage
import RoostModel
import RoostTemplate

extension AzureCheck {
    /// Group, gallery and definition have to be there and fit, the version must not be.
    mutating func checkPublication(
        _ publication: AzureBuild.Publication,
        _ base: AzureResourceFact?,
        in location: String?
    ) {
        let id = definition(publication.version.image)
        guard isSubscriptionUsable(id.subscription, at: publication.group) else { return }
        let group = checkGroup(
            id.resourceGroup,
            id.subscription,
            "in which the gallery of \(build.name) is",
            location,
            at: publication.group
        )
        checkGallery(id, publication, in: location)
        let known = resource(id, at: publication.image)
        let versions = answer(.versions(id), at: publication.number)
        switch known {
        case .missing: findNoDefinition(id, publication, base, in: location)
        case .found(let definition):
            checkFit(definition, id, publication, base)
            if case .found(.versions(let versions)) = versions { checkNumber(publication, id, versions) }
        case .nothing: break
        }
        for region in publication.regions { checkRegion(region) }
        guard case .found = group else { return }
        checkRight("Microsoft.Compute/galleries/images/versions/write", in: id.group, at: publication.gallery)
    }

    private mutating func checkGallery(
        _ definition: AzureResourceID,
        _ publication: AzureBuild.Publication,
        in location: String?
    ) {
        var id = definition
        id.type = AzureType.gallery
        id.names.removeLast()
        guard case .missing = resource(id, at: publication.gallery) else { return }
        let draft = AzureDraft(whole(id), location: location ?? "REGION", .gallery)
        problem(
            "gallery",
            "The \(id.title), into which \(build.name) publishes, is not there",
            at: publication.gallery,
            command: draft.command,
            draft: location == nil ? nil : draft
        )
    }

    /// What it has in common with the source is taken from there; what nobody says is left to whoever makes it.
    private mutating func findNoDefinition(
        _ id: AzureResourceID,
        _ publication: AzureBuild.Publication,
        _ base: AzureResourceFact?,
        in location: String?
    ) {
        let system = build.system?.text ?? base?.system
        let draft = ImageDefinitionDraft(
            publisher: id.resourceGroup,
            offer: id.names[0],
            sku: id.name,
            system: system.map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() } ?? "Linux|Windows",
            state: publication.isSpecialized ? "Specialized" : "Generalized",
            generation: base?.generation ?? "V1|V2",
            architecture: base?.architecture ?? "x64",
            features: build.security.map { ["SecurityType": Self.feature($0.text)] } ?? [:]
        )
        let whole = AzureDraft(whole(id), location: location ?? "REGION", .definition(draft))
        let isComplete = system != nil && base?.generation != nil && location != nil
        problem(
            "definition",
            "The \(id.title), of which \(build.name) makes a version, is not there",
            at: publication.image,
            advice: "Publisher, offer and sku are free, but each three of them are of one definition only.",
            command: whole.command,
            draft: isComplete ? whole : nil
        )
    }

    /// What a definition has to say of images for such machines.
    private static func feature(_ security: String) -> String {
        security.lowercased().hasPrefix("confidential") ? "ConfidentialVmSupported" : "TrustedLaunchSupported"
    }

    // MARK: What does not fit

    private mutating func checkFit(
        _ definition: AzureResourceFact,
        _ id: AzureResourceID,
        _ publication: AzureBuild.Publication,
        _ base: AzureResourceFact?
    ) {
        let state = publication.isSpecialized ? "Specialized" : "Generalized"
        compare("os-type", "operating system", definition.system, build.system?.text ?? base?.system, id, publication)
        compare("os-state", "state", definition.state, state, id, publication)
        compare("generation", "generation", definition.generation, base?.generation, id, publication)
        compare("architecture", "architecture", definition.architecture, base?.architecture, id, publication)
        guard let security = build.security, definition.features["SecurityType"] == nil else { return }
        problem(
            "security-type",
            "The \(id.title) has no feature SecurityType, and \(build.name) is built as \(security.text)",
            at: security.span,
            advice:
                "Machines of its versions are made without it; publish into a definition with SecurityType=\(Self.feature(security.text)).",
            isWarning: true
        )
    }

    private mutating func compare(
        _ code: String,
        _ what: String,
        _ defined: String?,
        _ made: String?,
        _ id: AzureResourceID,
        _ publication: AzureBuild.Publication
    ) {
        guard let defined, let made, !equalIgnoringCase(defined, made) else { return }
        problem(
            code,
            "The \(id.title) is for the \(what) \(defined), and \(build.name) makes \(made)",
            at: publication.image,
            advice: "A definition keeps it for ever: publish into another one, or change what is built."
        )
    }

    private mutating func checkNumber(
        _ publication: AzureBuild.Publication,
        _ id: AzureResourceID,
        _ versions: [ImageVersionFact]
    ) {
        guard case .exact(let wanted) = publication.version.version, let number = ImageVersionNumber(wanted) else {
            return
        }
        let numbers = versions.compactMap { ImageVersionNumber($0.name) }
        if numbers.contains(number) {
            guard !isForced else { return }
            let next = numbers.max().flatMap {
                $0.patch == .max ? nil : ImageVersionNumber($0.major, $0.minor, $0.patch + 1)
            }
            problem(
                "version-exists",
                "Version \(number) of the \(id.title) is there already",
                at: publication.number,
                advice:
                    "Give another number\(next.map { ", such as \($0)" } ?? ""), or build with -force, which deletes it first."
            )
        } else if let highest = numbers.max(), number < highest, !publication.version.isExcludedFromLatest {
            problem(
                "version-below",
                "Version \(number) of the \(id.title) will not be the latest: there is \(highest)",
                at: publication.number,
                advice: "Give a higher number if machines are to be made from it.",
                isWarning: true
            )
        }
    }
}
