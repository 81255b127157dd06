import RoostLanguage
import RoostTemplate

/// The build of one target: its machine, its provisioners, its post-processors.
struct TargetBuild: Sendable {
    let runner: ImageBuildRunner
    let target: ImageTarget
    let voice: MaskedVoice
    /// Files of steps that were fetched.
    private var files: StepFiles?

    init(runner: ImageBuildRunner, target: ImageTarget, report: @escaping @Sendable (ImageBuildEvent) -> Void) {
        self.runner = runner
        self.target = target
        voice = MaskedVoice(runner.plan, target: target.name, report)
    }

    func run() async -> ImageBuildResult {
        let start = ContinuousClock.now
        do {
            let artifacts = try await limited()
            let duration = ContinuousClock.now - start
            voice.tell(.finished(duration, artifacts))
            return ImageBuildResult(target: target, outcome: .finished(artifacts), duration: duration)
        } catch {
            let duration = ContinuousClock.now - start
            let isCanceled = Task.isCancelled
            let reason = isCanceled ? "build was cancelled" : voice.masked(ImageBuildFailure.text(error))
            voice.tell(.failed(duration, reason))
            return ImageBuildResult(
                target: target,
                outcome: isCanceled ? .canceled : .failed(reason),
                duration: duration
            )
        }
    }

    private var rules: TemplateRules { TemplateRules(target) }

    /// Within the time that the template gives.
    private func limited() async throws -> [ImageArtifact] {
        guard let limit = rules.timeout else { return try await artifacts() }
        return try await withThrowingTaskGroup(of: [ImageArtifact]?.self) { group in
            group.addTask { try await artifacts() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            if let artifacts = try await group.next() ?? nil { return artifacts }
            group.cancelAll()
            // Until everything is cleaned up.
            while let result = await group.nextResult() { _ = result }
            throw ImageBuildFailure.timedOut(step: "build of \(target.name)", after: limit)
        }
    }

    private func artifacts() async throws -> [ImageArtifact] {
        try Task.checkCancellation()
        report(.phase(.building))
        try await checkRecordings()
        if let packer = runner.packerBuild(of: target) { return try await artifacts(of: packer) }
        guard let driver = runner.components.drivers[target.type] else {
            throw ImageBuildFailure.setting("Nobody here builds targets of type \"\(target.type)\".")
        }
        let files = try await StepFiles(of: target, context())
        let machine = try await driver.start(target, context())
        do {
            return try await artifacts(of: machine, files)
        } catch let failure as ProvisioningFailure {
            // The machine was dealt with as the person wants it.
            throw failure.reason
        } catch {
            await Self.discard(machine)
            throw error
        }
    }

    private func artifacts(of packer: PackerTargetBuild) async throws -> [ImageArtifact] {
        let voice = voice
        let result = try await packer.run(hide: { voice.hide(ImageSettings(), $0) }) { said in
            voice.say(said.message, by: said.postProcessor)
        }
        guard !result.rests.isEmpty else { return result.artifacts }
        report(.phase(.distributing))
        let machine = NoMachine(type: target.type, artifact: result.rests[0].input)
        let chains = PostProcessing(build: self, machine: machine, running: running(machine))
        do { return result.artifacts + (try await chains.run(result.rests)) } catch {
            for artifact in result.artifacts { voice.say(.error("This was built and stays: \(artifact.id)")) }
            throw error
        }
    }

    /// What no gallery would take is told before anything is made.
    private func checkRecordings() async throws {
        for publication in target.recordings.compactMap(\.recording) {
            guard let gallery = runner.gallery else {
                throw GalleryFailure.noServer(image: publication.image.image)
            }
            _ = try await gallery.number(for: publication, source: nil)
        }
    }

    private func artifacts(of machine: any ImageMachine, _ files: StepFiles) async throws -> [ImageArtifact] {
        var build = self
        build.files = files
        let running = running(machine)
        voice.hide(ImageSettings(), Self.secretFacts.compactMap { running.facts[$0] })
        if !rules.validatesSourceOnly {
            report(.phase(.customizing))
            try await TargetProvisioning(build: build, machine: machine, running: running).run()
        }
        let problem = try await build.validated(machine, running)
        let artifact = try await machine.finish()
        if let problem { throw problem }
        let chains = PostProcessing(build: build, machine: machine, running: running)
        let artifacts = try await chains.run(artifact)
        await Self.discard(machine)
        return artifacts
    }

    /// A failure that does not keep the image from being distributed.
    private func validated(_ machine: any ImageMachine, _ running: RunningBuild) async throws -> (any Error)? {
        do {
            try await TargetValidation(build: self, machine: machine, running: running).run()
            return nil
        } catch {
            try Task.checkCancellation()
            guard rules.distributesAfterFailedValidation, !rules.validatesSourceOnly else { throw error }
            voice.say(.error("\(ImageBuildFailure.text(error)). The image is distributed all the same."))
            return error
        }
    }

    private static let secretFacts = ["Password", "WinRMPassword", "SSHPrivateKey"]

    /// Cleans up also when the build was cancelled.
    static func discard(_ machine: any ImageMachine) async { await Task { await machine.discard() }.value }

    // MARK: What steps know

    func context(postProcessor: String? = nil) -> BuildContext {
        let voice = voice
        var context = BuildContext(
            runID: runner.runID,
            workingFolder: runner.workingFolder,
            environment: runner.environment,
            isForced: runner.options.isForced,
            gallery: runner.gallery,
            origin: runner.origin,
            now: runner.now
        ) { voice.say($0, by: postProcessor) }
        context.report = { voice.tell(.progress($0)) }
        context.fetched = files?.places ?? [:]
        return context
    }

    private func running(_ machine: any ImageMachine) -> RunningBuild {
        var facts = machine.facts
        facts["PackerRunUUID"] = runner.runID
        facts["name"] = target.sourceName
        return RunningBuild(
            facts: facts,
            language: runner.plan.language,
            texts: TextTemplateContext(
                variables: runner.plan.language == .packerHCL ? nil : [:],
                now: runner.now,
                templateFolder: runner.templateFolder,
                workingFolder: runner.workingFolder,
                buildName: target.sourceName,
                buildType: target.type
            )
        )
    }

    func work(
        _ step: ImageStep,
        _ kind: ComponentKind,
        _ machine: any ImageMachine,
        _ running: RunningBuild
    ) throws -> StepWork {
        let component = ComponentName(kind, step.type, range: step.range)
        let (settings, problems) = running.settled(step.settings, of: component)
        if let problem = problems.first(where: \.isError) { throw ImageBuildFailure(problem) }
        voice.hide(settings)
        return StepWork(
            target: target,
            type: step.type,
            settings: settings,
            run: running,
            context: context(postProcessor: kind == .postProcessor ? step.type : nil),
            machine: machine,
            runtime: runner.runtime
        )
    }
}

/// Provisioning failed, and the machine was dealt with already.
struct ProvisioningFailure: Error {
    let reason: any Error
}
