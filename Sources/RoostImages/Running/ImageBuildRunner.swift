public import Foundation
public import RoostLanguage
public import RoostTemplate

/// Builds the targets of a plan.
public struct ImageBuildRunner: Sendable {
    public var plan: ImagePlan
    public var options: ImageBuildOptions
    public var components: ImageComponents
    public var runtime: BuildRuntime
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
        self.runID = runID
        self.workingFolder = workingFolder
        self.templateFolder = templateFolder
        self.environment = environment
        self.now = now
    }

    /// What cannot be built here, all of it, before anything is started.
    public var refusals: [Diagnostic] { components.refusals(of: plan) }

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
