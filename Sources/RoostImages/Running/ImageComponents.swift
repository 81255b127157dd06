import RoostLanguage
import RoostTemplate

/// Does what one type of provisioner is for.
public protocol ImageProvisioner: Sendable {
    /// What the result in the machine depends on; nil when it does nothing to the machine that could be kept.
    func key(_ work: StepWork) async throws -> StepKey?
    func provision(_ work: StepWork) async throws
}

/// Does what one type of post-processor is for.
public protocol ImagePostProcessor: Sendable {
    func process(_ artifact: ImageArtifact, _ work: StepWork) async throws -> PostProcessed
}

/// What a post-processor gives.
public struct PostProcessed: Sendable {
    public var artifact: ImageArtifact
    /// Whether what it was given is kept, unless the template says.
    public var keepsInput: Bool
    /// Whether it is kept whatever the template says.
    public var mustKeepInput: Bool

    public init(_ artifact: ImageArtifact, keepsInput: Bool, mustKeepInput: Bool = false) {
        self.artifact = artifact
        self.keepsInput = keepsInput
        self.mustKeepInput = mustKeepInput
    }
}

/// What builds can be made of here, by type.
public struct ImageComponents: Sendable {
    public var drivers: [String: any ImageBuilderDriver]
    public var provisioners: [String: any ImageProvisioner]
    public var postProcessors: [String: any ImagePostProcessor]

    public init(
        drivers: [String: any ImageBuilderDriver],
        provisioners: [String: any ImageProvisioner],
        postProcessors: [String: any ImagePostProcessor]
    ) {
        self.drivers = drivers
        self.provisioners = provisioners
        self.postProcessors = postProcessors
    }

    public static let standard = ImageComponents(
        drivers: ["null": NullDriver(), "file": FileDriver()],
        provisioners: [
            "shell": ShellProvisioner(), "shell-local": LocalShellProvisioner(), "file": FileProvisioner(),
            "ansible-local": AnsibleLocalProvisioner(), "breakpoint": BreakpointProvisioner(),
            "sleep": SleepProvisioner(),
        ],
        postProcessors: [
            "artifice": ArtificePostProcessor(), "checksum": ChecksumPostProcessor(),
            "compress": CompressPostProcessor(), "manifest": ManifestPostProcessor(),
            ImageStep.recordingType: GalleryPostProcessor(), "shell-local": LocalShellPostProcessor(),
        ]
    )

    /// Everything in a target that nobody here can do.
    func refusals(of target: ImageTarget) -> [Diagnostic] {
        var problems = builderRefusals(of: target)
        for step in target.provisioners + target.validations + [target.errorCleanup].compactMap(\.self)
        where provisioners[step.type] == nil {
            problems.append(Self.refusal(.init(.provisioner, step.type), step.range, target, provisioners.keys))
        }
        for step in target.postProcessors.flatMap({ $0 }) where postProcessors[step.type] == nil {
            problems.append(Self.refusal(.init(.postProcessor, step.type), step.range, target, postProcessors.keys))
        }
        return problems
    }

    private func builderRefusals(of target: ImageTarget) -> [Diagnostic] {
        guard let driver = drivers[target.type] else {
            return [Self.refusal(ComponentName(.builder, target.type), target.range, target, drivers.keys)]
        }
        return driver.refusal(of: target).map { [$0] } ?? []
    }

    private static func refusal(
        _ component: ComponentName,
        _ range: HCLRange?,
        _ target: ImageTarget,
        _ known: some Collection<String>
    ) -> Diagnostic {
        .error(
            "image-build.type",
            "\(target.name) cannot be built here: nothing runs the \(component)",
            at: range?.span,
            advice:
                "These run here: \(known.sorted().joined(separator: ", ")). Leave the target out with -except, or use packer for it."
        )
    }
}
