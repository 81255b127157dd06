import RoostLanguage
import RoostModel
import RoostTemplate

extension PreflightInquiry {
    /// What a root file system needs of the galleries of a Roost server.
    mutating func checkGallery(_ target: ImageTarget, _ settings: PreflightSettings) {
        for step in target.recordings { checkGalleryDestination(step.settings, target, settings, Recorded(target)) }
        guard !target.type.hasPrefix("azure-") else { return }
        for block in target.settings.all("shared_image_gallery") { checkGalleryBase(block, target) }
        for block in target.settings.all("shared_image_gallery_destination") {
            checkGalleryDestination(block, target, settings, Recorded(system: "Linux", architecture: Self.architecture))
        }
    }

    private mutating func checkGalleryBase(_ block: ImageSettings, _ target: ImageTarget) {
        guard let gallery = block.placed("gallery_name"), let image = block.placed("image_name") else { return }
        let span = target.place
        let selector = block.placed("image_version") ?? PlacedText("latest", span)
        let definition = answer(.definition(gallery: gallery.text, image: image.text), at: image.span)
        let version = answer(
            .resolution(gallery: gallery.text, image: image.text, selector: selector.text),
            at: selector.span
        )
        if case .missing = definition {
            findProblem(
                "source",
                "The image definition \(gallery.text)/\(image.text), which \(target.name) is made from, is not on the server",
                at: image.span,
                advice: "'roost image-definition list \(gallery.text)' lists what is."
            )
        } else if case .missing = version {
            findProblem(
                "source-version",
                "\(gallery.text)/\(image.text) has no version for \"\(selector.text)\", which \(target.name) is made from",
                at: selector.span,
                advice: "'roost image-version list \(gallery.text) \(image.text)' lists what is."
            )
        }
    }

    private mutating func checkGalleryDestination(
        _ block: ImageSettings,
        _ target: ImageTarget,
        _ settings: PreflightSettings,
        _ made: Recorded
    ) {
        guard let gallery = block.placed("gallery_name"), let image = block.placed("image_name") else { return }
        let regions = block.all("target_region").compactMap { $0.placed("name") }
        let known = answer(.gallery(gallery.text), at: gallery.span)
        let definition = answer(.definition(gallery: gallery.text, image: image.text), at: image.span)
        let versions = answer(.versions(gallery: gallery.text, image: image.text), at: image.span)
        checkRegions(regions)
        if case .missing = known { findNoGallery(gallery, target, regions) }
        switch definition {
        case .missing: findNoDefinition(gallery, image, target, made)
        case .found(.resource(let fact)): checkFit(fact, gallery, image, target, made)
        default: break
        }
        if let number = block.placed("image_version"), case .found(.versions(let versions)) = versions {
            checkNumber(number, versions, "/galleries/\(gallery.text)/images/\(image.text)", settings)
        }
    }

    // MARK: Asking

    private mutating func answer(_ question: GalleryQuestion, at span: SourceSpan?) -> PreflightAnswer? {
        let whole = PreflightQuestion.gallery(question)
        let answer = ask(whole)
        if case .unknown(let obstacle) = answer { note(obstacle, of: whole, isNeeded: true, at: span) }
        return answer
    }

    private mutating func findProblem(
        _ code: String,
        _ summary: String,
        at span: SourceSpan?,
        advice: String? = nil,
        draft: PreflightDraft? = nil,
        isWarning: Bool = false
    ) {
        let problem = Diagnostic.error("preflight.\(code)", summary, at: span, advice: advice)
        find(PreflightFinding(isWarning ? problem.asWarning : problem, draft: draft))
    }

    // MARK: Finding

    private mutating func checkRegions(_ regions: [PlacedText]) {
        guard !regions.isEmpty else { return }
        guard case .found(.regions(let known)) = answer(.regions, at: regions[0].span) else { return }
        for region in regions where known[AzureCheck.region(region.text)] == nil {
            findProblem(
                "region",
                "The server has no region \"\(region.text)\"",
                at: region.span,
                advice: "It has \(known.values.sorted().joined(separator: ", "))."
            )
        }
    }

    private mutating func findNoGallery(_ gallery: PlacedText, _ target: ImageTarget, _ regions: [PlacedText]) {
        findProblem(
            "gallery",
            "The gallery \"\(gallery.text)\", into which \(target.name) publishes, is not on the server",
            at: gallery.span,
            draft: .gallery(gallery.text, location: regions.first?.text)
        )
    }

    /// The processors of the images that this machine builds.
    private static var architecture: String {
        #if arch(arm64)
            "Arm64"
        #else
            "x64"
        #endif
    }

    /// What is known of an image that becomes a version; nil is not known.
    private struct Recorded {
        var system: String?
        var architecture: String?

        init(system: String?, architecture: String?) { (self.system, self.architecture) = (system, architecture) }

        init(_ target: ImageTarget) { system = target.settings.known("os_type") }
    }

    private mutating func findNoDefinition(
        _ gallery: PlacedText,
        _ image: PlacedText,
        _ target: ImageTarget,
        _ made: Recorded
    ) {
        let draft = ImageDefinitionDraft(
            publisher: gallery.text,
            offer: image.text,
            sku: (made.system ?? "Linux").lowercased(),
            system: made.system ?? "Linux",
            generation: "V2",
            architecture: made.architecture ?? "x64"
        )
        findProblem(
            "definition",
            "The image definition \"\(image.text)\" of gallery \"\(gallery.text)\", of which \(target.name) makes a version, is not on the server",
            at: image.span,
            draft: .definition(gallery: gallery.text, image: image.text, draft)
        )
    }

    private mutating func checkFit(
        _ definition: AzureResourceFact,
        _ gallery: PlacedText,
        _ image: PlacedText,
        _ target: ImageTarget,
        _ made: Recorded
    ) {
        let pairs = [
            ("os-type", "operating system", definition.system, made.system),
            ("architecture", "architecture", definition.architecture, made.architecture),
        ]
        for (code, what, defined, made) in pairs {
            guard let defined, let made, !equalIgnoringCase(defined, made) else { continue }
            findProblem(
                code,
                "The image definition \(gallery.text)/\(image.text) is for the \(what) \(defined), and \(target.name) makes \(made)",
                at: image.span,
                advice: "A definition keeps it for ever: publish into another one."
            )
        }
    }

    private mutating func checkNumber(
        _ wanted: PlacedText,
        _ versions: [ImageVersionFact],
        _ image: String,
        _ settings: PreflightSettings
    ) {
        guard let number = ImageVersionNumber(wanted.text) else { return }
        let numbers = versions.compactMap { ImageVersionNumber($0.name) }
        if numbers.contains(number) {
            findProblem(
                "version-exists",
                "\(image)/versions/\(number) is there already",
                at: wanted.span,
                advice: "Give another number; what a version holds never changes."
            )
        } else if let highest = numbers.max(), number < highest {
            findProblem(
                "version-below",
                "\(image)/versions/\(number) will not be the latest: there is \(highest)",
                at: wanted.span,
                isWarning: true
            )
        }
    }
}
