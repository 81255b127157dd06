import RoostLanguage
import RoostTemplate

/// What packer gets of a target, and what is done here with what it made.
///
/// In a chain of post-processors, what stands before `roost-gallery` is packer's; from there on it is run here.
struct PackerHandover: Sendable {
    /// What comes after packer's part of a chain.
    struct Rest: Sendable {
        var steps: [ImageStep]
        /// The file in which packer writes what its part came to; nil when the rest begins with what the builder made.
        var marker: String?
    }

    let rests: [Rest]
    /// What cannot be done in the order in which it is written.
    let problems: [Diagnostic]
    private let target: ImageTarget
    /// Packer's parts of chains, with the markers that they end with.
    private let chains: [(steps: [ImageStep], marker: String?)]

    /// - Parameters:
    ///   - target: as the template has it.
    ///   - own: types of post-processors that are run here.
    init(_ target: ImageTarget, own: some Collection<String>) {
        self.target = target
        var (chains, rests): ([(steps: [ImageStep], marker: String?)], [Rest]) = ([], [])
        for (place, chain) in target.postProcessors.enumerated() {
            let end = chain.firstIndex { $0.type == ImageStep.recordingType } ?? chain.endIndex
            let (before, rest) = (Array(chain[..<end]), Array(chain[end...]))
            let marker = before.isEmpty || rest.isEmpty ? nil : "chain-\(place + 1).json"
            if !before.isEmpty { chains.append((before, marker)) }
            if !rest.isEmpty { rests.append(Rest(steps: rest, marker: marker)) }
        }
        // Whatever the other chains do, what the builder made has to be there afterwards.
        if !chains.isEmpty, rests.contains(where: { $0.marker == nil }) { chains.append(([], "builder.json")) }
        (self.chains, self.rests) = (chains, rests)
        problems = rests.flatMap { Self.problems($0.steps, target, own) }
    }

    /// The target for packer, whose markers are written into a folder.
    ///
    /// A marker is what packer's `manifest` writes of the artifact that it gets; it hands the same on.
    func target(markingIn folder: String) -> ImageTarget {
        var target = target
        target.postProcessors = chains.map { chain in
            guard let marker = chain.marker else { return chain.steps }
            let settings = ImageSettings([.init("output", SettingValue(.text("\(folder)/\(marker)")))])
            return chain.steps + [ImageStep(type: "manifest", settings: settings)]
        }
        return target
    }

    /// Artifacts without those that are there twice because of markers.
    func artifacts(_ told: [ImageArtifact]) -> [ImageArtifact] {
        guard chains.contains(where: { $0.marker != nil }) else { return told }
        var seen: Set<ImageArtifact> = []
        return told.filter { seen.insert($0).inserted }
    }

    /// What each rest begins with.
    ///
    /// - Throws: ``PackerFailure/noArtifact(before:)`` when packer made nothing for it.
    func inputs(_ told: [ImageArtifact], _ folder: String) throws -> [(steps: [ImageStep], input: ImageArtifact)] {
        try rests.map { rest in
            guard let artifact = try artifact(for: rest, told, folder) else {
                throw PackerFailure.noArtifact(before: rest.steps.first?.type ?? "")
            }
            return (rest.steps, artifact)
        }
    }

    private func artifact(for rest: Rest, _ told: [ImageArtifact], _ folder: String) throws -> ImageArtifact? {
        guard let marker = rest.marker else { return told.first }
        guard let build = try BuildManifest.read("\(folder)/\(marker)").builds.last else { return nil }
        let files = (build.files ?? []).map(\.name)
        return told.last { $0.id == build.artifact_id && $0.files == files }
    }

    private static func problems(
        _ steps: [ImageStep],
        _ target: ImageTarget,
        _ own: some Collection<String>
    ) -> [Diagnostic] {
        var problems: [Diagnostic] = []
        for step in steps where !own.contains(step.type) {
            problems.append(
                .error(
                    "image-build.order",
                    "The post-processor \"\(step.type)\" of \(target.name) is packer's, and packer is done when \(ImageStep.recordingType) begins",
                    at: step.range?.span,
                    advice: "Put it before \(ImageStep.recordingType), or into a chain of its own."
                )
            )
        }
        if let first = steps.first, first.keepsInputArtifact == false {
            problems.append(
                .error(
                    "image-build.keeps-input",
                    "What packer made of \(target.name) stays where it is, and \(first.type) cannot take it away",
                    at: first.range?.span,
                    advice: "Leave out keep_input_artifact = false."
                )
            )
        }
        return problems
    }
}
