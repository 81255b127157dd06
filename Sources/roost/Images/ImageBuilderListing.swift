import RoostTemplate

/// A template of Image Builder for a person: what it is filled with, made from, changed by, and where it goes.
struct ImageBuilderListing {
    private let plan: ImagePlan
    private let output: ImageOutput

    init(_ plan: ImagePlan, _ output: ImageOutput) {
        self.plan = plan
        self.output = output
    }

    func print() {
        output.say("Image Builder template")
        printParameters()
        for target in plan.targets {
            output.tell("template-builder", [target.name, target.type])
            output.say("\n\(target.name)\n")
            output.say("  From:\n\n    \(target.base?.summary ?? "<unknown>")\n")
            printSteps("Steps", target.provisioners)
            if !target.validations.isEmpty { printSteps("Validations", target.validations) }
            let places = (target.destinations ?? []).map { "    \($0.name): \($0.place.summary)" }
            output.say("  Goes to:\n\n\(places.isEmpty ? "    <nowhere>" : places.joined(separator: "\n"))")
        }
    }

    private func printParameters() {
        guard !plan.variables.isEmpty else { return }
        output.say("\nParameters:\n")
        let width = plan.variables.map(\.name.count).max() ?? 0
        for variable in plan.variables {
            output.tell(
                "template-variable",
                [variable.name, variable.shownDefault, variable.isRequired ? "1" : "0"]
            )
            let name = variable.name + String(repeating: " ", count: width - variable.name.count)
            let value = variable.isSensitive ? SecretTexts.replacement : variable.value?.consoleText
            output.say("  \(name) = \(value ?? "<required>")")
        }
    }

    private func printSteps(_ title: String, _ steps: [ImageStep]) {
        output.say("  \(title):\n")
        if steps.isEmpty { output.say("    <none>") }
        for step in steps {
            output.tell("template-provisioner", [step.type])
            output.say("    \(step.type)\(step.name.map { " (\($0))" } ?? "")")
        }
        output.say("")
    }
}

extension ImageBase {
    /// In a few words.
    var summary: String {
        switch self {
        case .marketplace(let image): "\(image.publisher) \(image.offer) \(image.sku), version \(image.version)"
        case .managedImage(let image): "managed image \(image.name) in \(image.resourceGroup)"
        case .galleryVersion(let version): "\(version.image.summary), version \(version.version)"
        case .communityGallery(let identifier), .directSharedGallery(let identifier): identifier
        case .vhd(let address): address
        case .managedDisk(let identifier): identifier
        case .container(let image): "container image \(image.reference)"
        case .containerBuild(let build): "container image built by \(build.path)"
        case .containerTemplate(let name, _): "template \(name)"
        case .disk(let disk): "disk \(disk.addresses.joined(separator: " or "))"
        case .installer(let disk): "medium \(disk.addresses.joined(separator: " or "))"
        case .machine(let host): host.map { "machine \($0)" } ?? "no machine"
        case .none: "nothing"
        }
    }
}

extension GalleryImageName {
    fileprivate var summary: String { "\(image) of gallery \(gallery) in \(resourceGroup)" }
}

extension ImageDestination.Place {
    /// In a few words.
    var summary: String {
        switch self {
        case .managedImage(let store): "managed image \(store.image.name) in \(store.image.resourceGroup)"
        case .gallery(let publication): Self.summary(publication)
        case .vhd(let store): store.summary
        case .container(let store): "container image \(store.repository ?? "without a name")"
        case .files(let store): store.summary
        case .nothing: "nothing is kept"
        }
    }

    private static func summary(_ publication: GalleryPublication) -> String {
        let version =
            switch publication.version {
            case .exact(let number): "version \(number)"
            case .next(let major): major.map { "next version of \($0)" } ?? "next version"
            case .ofSource: "version as of the source"
            case .generated: "new version"
            }
        let regions = publication.regions.map { $0.replicas == 1 ? $0.name : "\($0.name) (\($0.replicas) replicas)" }
        return "\(publication.image.summary), \(version)"
            + (regions.isEmpty ? "" : ", in \(regions.joined(separator: ", "))")
    }
}

extension VHDStore {
    fileprivate var summary: String {
        switch location {
        case .address(let address): "disk at \(address)"
        case .staging: "disk in the build's own store"
        case .account(_, let name, let container, let prefix): "disk \(prefix)… in \(container) of \(name)"
        }
    }
}

extension FileStore {
    fileprivate var summary: String { "\(isFolder ? "folder" : "file") \(path)" }
}
