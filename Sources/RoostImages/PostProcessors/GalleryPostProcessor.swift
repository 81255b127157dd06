import Foundation
import RoostLanguage
import RoostTemplate

/// Records what was built as a version of a gallery.
struct GalleryPostProcessor: ImagePostProcessor {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed {
        let step = ImageStep(type: work.type, settings: work.settings)
        guard let publication = step.recording else { throw ImageBuildFailure.setting(Self.unknown) }
        guard let gallery = work.context.gallery else {
            throw GalleryFailure.noServer(image: publication.image.image)
        }
        let content = try ArtifactContent(artifact, work)
        defer { content.remove() }
        let recording = GalleryRecording(
            publication: publication,
            gallery: gallery,
            files: content.files,
            facts: try facts(artifact, work),
            context: work.context
        )
        let image = try await recording.publish()
        let result = ImageArtifact(
            builderID: "roost.gallery",
            id: image.id,
            text: "Image version: \(image.id) (sha256:\(image.contentHash))"
        )
        return PostProcessed(result, keepsInput: true)
    }

    private func facts(_ artifact: ImageArtifact, _ work: StepWork) throws -> GalleryFacts {
        GalleryFacts(
            origin: work.context.origin,
            source: work.target.base?.recordedName,
            tags: try work.map("tags"),
            artifact: ArtifactRecord(artifact, work.target).origin
        )
    }

    private static let unknown =
        "The settings of \(ImageStep.recordingType) have to be known before the build, since the gallery is asked before it"

    /// Builders that publish by themselves, with what is in their images.
    private static let publishers = [
        RootfsDriver.type: "shared_image_gallery_destination",
        AzureImageBuilderDriver.type: "a SharedImage in \"distribute\"",
    ]

    /// What keeps results of a target from being recorded, as far as it can be told without asking the gallery.
    static func refusals(of target: ImageTarget) -> [Diagnostic] {
        target.recordings.compactMap { step in
            if let own = publishers[target.type] {
                return refusal(
                    "\(target.name) is not recorded by \(step.type)",
                    step,
                    advice: "Use \(own): the version then carries its packages, layers and capabilities too."
                )
            }
            guard let publication = step.recording else {
                return refusal(
                    unknown,
                    step,
                    advice: "Write texts and variables there, and nothing of the running build."
                )
            }
            guard let date = publication.endOfLife, (try? Date(date, strategy: .iso8601)) == nil else { return nil }
            return refusal(
                "\"\(date)\" of \(step.type) is no moment",
                step,
                advice: "Write it as 2027-01-31T00:00:00Z."
            )
        }
    }

    private static func refusal(_ summary: String, _ step: ImageStep, advice: String) -> Diagnostic {
        .error("image-build.recording", summary, at: step.range?.span, advice: advice)
    }
}

extension ImageBase {
    /// What a version in a gallery is said to be built from; nil when there is nothing to say.
    var recordedName: String? {
        switch self {
        case .marketplace(let image): "\(image.publisher):\(image.offer):\(image.sku):\(image.version)"
        case .managedImage(let image): "\(image.resourceGroup)/\(image.name)"
        case .galleryVersion(let version):
            "\(version.image.resourceGroup)/\(version.image.gallery)/\(version.image.image)/\(version.version)"
        case .communityGallery(let id), .directSharedGallery(let id), .managedDisk(let id): id
        case .vhd(let address): FetchAddress.shown(address)
        case .container(let image): image.reference
        case .containerBuild(let build): build.path
        case .containerTemplate(let name, _): name
        case .disk(let image), .installer(let image): image.addresses.first.map(FetchAddress.shown)
        case .machine, .none: nil
        }
    }
}
