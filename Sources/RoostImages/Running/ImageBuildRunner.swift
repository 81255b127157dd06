public import Foundation
public import RoostLanguage
public import RoostTemplate

/// Builds the targets of a plan.
public struct ImageBuildRunner: Sendable {
    public var plan: ImagePlan
    public var options: ImageBuildOptions
    public var components: ImageComponents
    public var runtime: BuildRuntime
    /// Builds what the components cannot; nil is nothing.
    public var packer: PackerProgram?
    /// The same for all targets.
    public var runID: String
    public var workingFolder: String
    public var templateFolder: String
    public var environment: [String: String]
    public var gallery: (any ImageGallery)?
    public var origin = TemplateOrigin()
    public var now: Date

    public init(
        _ plan: ImagePlan,
        options: ImageBuildOptions = ImageBuildOptions(),
        components: ImageComponents = .standard,
        runtime: BuildRuntime = BuildRuntime(),
        packer: PackerProgram? = nil,
        runID: String,
        workingFolder: String,
        templateFolder: String,
        environment: [String: String],
        now: Date
    ) {
        self.plan = plan
        self.options = options
        self.components = components
        self.runtime = runtime
        self.packer = packer
        self.runID = runID
        self.workingFolder = workingFolder
        self.templateFolder = templateFolder
        self.environment = environment
        self.now = now
    }

    /// What cannot be built here, all of it, before anything is started.
    public var refusals: [Diagnostic] {
        plan.targets.flatMap { target in
            let (own, recording) = (components.refusals(of: target), GalleryPostProcessor.refusals(of: target))
            guard !own.isEmpty, let packer, PackerProgram.mayKnow(target, in: plan.language) else {
                return own + recording
            }
            return packer.refusals(of: target, handover(of: target), environment, because: own) + recording
        }
    }

    /// All that keeps the targets from being built: what packer finds wrong in its targets too, which takes it a moment.
    public func problems() async -> [Diagnostic] {
        let refusals = refusals
        guard !refusals.hasErrors else { return refusals }
        var problems = refusals
        for target in plan.targets {
            if let build = packerBuild(of: target) { problems += await build.problems() }
        }
        return problems
    }

    func handover(of target: ImageTarget) -> PackerHandover {
        PackerHandover(target, own: components.postProcessors.keys)
    }

    /// Targets of Azure that packer builds.
    public var cloudTargets: [ImageTarget] {
        plan.targets.filter { AzureAccount.isFor($0.type) && packerBuild(of: $0) != nil }
    }

    /// Nil when the target is built here.
    func packerBuild(of target: ImageTarget) -> PackerTargetBuild? {
        guard let packer, PackerProgram.mayKnow(target, in: plan.language), !components.refusals(of: target).isEmpty
        else { return nil }
        return PackerTargetBuild(packer: packer, runner: self, target: target)
    }

    /// Builds all targets; cancelling the task cancels them, and returns when all is cleaned up.
    ///
    /// - Parameter report: gets what happens, from several tasks at once.
    /// - Returns: what became of the targets, in the order of the plan.
    public func run(_ report: @escaping @Sendable (ImageBuildEvent) -> Void) async -> [ImageBuildResult] {
        let most = options.parallel > 0 ? options.parallel : plan.targets.count
        return await withTaskGroup(of: (Int, ImageBuildResult).self) { group in
            var results: [Int: ImageBuildResult] = [:]
            for (place, target) in plan.targets.enumerated() {
                if place >= most, let (place, result) = await group.next() { results[place] = result }
                let build = TargetBuild(runner: self, target: target, report: report)
                group.addTask { (place, await build.run()) }
            }
            for await (place, result) in group { results[place] = result }
            return results.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    /// Ends all programs that run for any build, at once: the process is about to end.
    public static func killPrograms() { HostProcess.killAll() }
}
