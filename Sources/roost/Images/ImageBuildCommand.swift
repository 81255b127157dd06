import ArgumentParser
import Foundation
import RoostImages
import RoostLanguage
import RoostTemplate

/// `roost image build`: builds what a template describes, on this machine.
struct ImageBuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the images of a template on this machine.",
        discussion: """
            The template is checked first, and whether anything is missing; then its targets are built side by side. Ctrl-C stops the build \
            and cleans up; pressed again, it stops at once. Targets that are not built here, such as those of azure-arm, are handed to the \
            program packer; without it they are refused before anything is started.

              roost image build -var version=1.2.0 ubuntu.pkr.hcl
              roost image build -only 'release.*' -parallel-builds=2 -on-error=abort templates/

            Exit codes: 0 built, 1 errors, a failed target or an interruption, 64 wrong usage.
            """
    )

    @Argument(help: "The template: a file, or a folder of *.pkr.hcl and *.pkr.json.", completion: .file())
    var template: String

    @OptionGroup(title: "Variables") var source: ImageTemplateOptions
    @OptionGroup(title: "Targets") var choice: ImageTargetOptions
    @OptionGroup(title: "Building") var building: ImageBuildingOptions
    @OptionGroup(title: "Preflight") var preflight: ImagePreflightOptions
    @OptionGroup(title: "Output") var output: ImageOutputOptions
    @OptionGroup(title: "Connection, for templates that name a gallery") var connection: ConnectionOptions

    func run() async throws {
        let reading = await reading()
        var runner = try runner(reading.plan)
        runner.origin = TemplateOrigin(reading, template)
        let output = ImageOutput(output.form, reading)
        var problems = problems(reading)
        if !problems.hasErrors { problems += await runner.problems() }
        if !problems.hasErrors { problems += try await missing(reading, output) }
        output.report(problems)
        guard !problems.hasErrors else {
            if output.isJSON { try output.print(json: ImageBuildAnswer(problems: problems)) }
            throw RoostExit.failed.code
        }
        await sweep(runner, output)
        guard reading.plan.needsGallery else { return try await build(runner, problems, output) }
        let server = try await Connection(connection.current())
        runner.gallery = ServerGallery(server: server)
        do { try await build(runner, problems, output) } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    /// What other servers keep and what data sources say is asked for: without it nothing can be built.
    private func reading() async -> ImageTemplateReading {
        var lookups = LookupOptions()
        lookups.lookups = true
        lookups.evaluatesDataSources = true
        let input = source.input(template, choice: choice)
        let language = source.configType?.language
        return await lookups.settled(input) { ImageTemplate.read($0, as: language).reading }
    }

    /// Folders that are occupied are an error unless they may be replaced.
    private func problems(_ reading: ImageTemplateReading) -> [Diagnostic] {
        reading.diagnostics(lookingForFilesIn: FileManager.default.currentDirectoryPath).filter {
            // Otherwise it is told by what is looked for before the build.
            !($0.code == "image.occupied" && (building.force || !building.leavesOutPreflight))
        }.consideringAccount(ProcessInfo.processInfo.environment)
    }

    /// What the sources of Image Builder are on this machine.
    private func bases() throws -> ImageBases {
        let named = building.bases ?? ProcessInfo.processInfo.environment["ROOST_IMAGE_BASES"]
        guard let path = named, !path.isEmpty else { return ImageBases() }
        return try ImageBases(file: path)
    }

    /// What the build would fail for later; nothing has been made when it is told.
    private func missing(_ reading: ImageTemplateReading, _ output: ImageOutput) async throws -> [Diagnostic] {
        guard !building.leavesOutPreflight else { return [] }
        let environment = ProcessInfo.processInfo.environment
        var settings = PreflightSettings(
            isForced: building.force,
            workingFolder: FileManager.default.currentDirectoryPath,
            cacheFolder: building.cacheFolder ?? LayerCache.standardFolder(environment),
            environment: environment
        )
        // What is built here goes to no cloud.
        settings.offlineTypes = ["azure-image-builder"]
        let (report, _, failures) = try await preflight.run(reading.plan, settings, connection, patience: .seconds(20))
        { line in
            if !output.isJSON { output.say(line) }
        }
        return failures + report.diagnostics
    }

    /// What is waited for before a build: a cloud that takes longer to remove a group does so by itself.
    private static let sweepLimit = Duration.seconds(20)

    /// Removes what killed builds left in the clouds of this one.
    private func sweep(_ runner: ImageBuildRunner, _ output: ImageOutput) async {
        guard let ledger = runner.packer?.ledger, !runner.cloudTargets.isEmpty else { return }
        do {
            let outcomes = try await ledger.sweep(
                targets: runner.cloudTargets,
                runner.environment,
                within: Self.sweepLimit
            )
            if !output.isJSON { outcomes.compactMap(\.said).forEach(output.say) }
            output.report(outcomes.compactMap(\.problem))
        } catch {
            // The build itself does not need it.
            output.report([
                .error("image-build.sweep", "What killed builds left in clouds could not be looked for: \(error)")
                    .asWarning
            ])
        }
    }

    private func runner(_ plan: ImagePlan) throws -> ImageBuildRunner {
        let folder = FileManager.default.currentDirectoryPath
        var runtime = BuildRuntime(isDebug: building.debug)
        if canAsk { runtime.ask = { question in try await TerminalQuestion.asked(question) } }
        var components = ImageComponents.standard
        let cache = building.cacheFolder ?? LayerCache.standardFolder(ProcessInfo.processInfo.environment)
        let rootfs = RootfsDriver(cacheFolder: cache, usesCache: !building.noCache)
        components.drivers[RootfsDriver.type] = rootfs
        components.drivers[AzureImageBuilderDriver.type] = AzureImageBuilderDriver(rootfs, bases: try bases())
        return ImageBuildRunner(
            plan,
            options: ImageBuildOptions(
                onError: building.onError,
                isForced: building.force,
                parallel: building.debug ? 1 : building.parallelBuilds
            ),
            components: components,
            runtime: runtime,
            packer: PackerProgram(named: building.packer, ProcessInfo.processInfo.environment),
            runID: UUID().uuidString.lowercased(),
            workingFolder: folder,
            templateFolder: URL(filePath: template, relativeTo: URL(filePath: folder)).deletingLastPathComponent().path,
            environment: ProcessInfo.processInfo.environment,
            now: Date()
        )
    }

    /// Only a person is asked, and only on a terminal.
    private var canAsk: Bool {
        guard case .person = output.form else { return false }
        return isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    }

    private func build(_ runner: ImageBuildRunner, _ problems: [Diagnostic], _ output: ImageOutput) async throws {
        let printer = ImageBuildPrinter(self.output.form, runner.plan, hasTimes: building.timestampUI)
        printer.start(isDebug: building.debug)
        let start = ContinuousClock.now
        let records = building.inJob ? ImageBuildRecords() : nil
        let results = await BuildInterruption.watching {
            await runner.run { event in
                records?.take(event)
                printer.print(event)
            }
        }
        let isInterrupted = results.contains { if case .canceled = $0.outcome { true } else { false } }
        printer.finish(results, after: ContinuousClock.now - start, isInterrupted: isInterrupted)
        if output.isJSON { try output.print(json: ImageBuildAnswer(problems: problems, results)) }
        let isDone = results.allSatisfy { if case .finished = $0.outcome { true } else { false } }
        if !isDone { throw RoostExit.failed.code }
    }
}

/// How a build runs.
struct ImageBuildingOptions: ParsableArguments {
    @Flag(
        name: [.customLong("force", withSingleDash: true), .customLong("force")],
        help: "Replace results of earlier builds."
    )
    var force = false

    @Option(
        name: [.customLong("on-error", withSingleDash: true), .customLong("on-error")],
        help: "What happens to a machine whose provisioning failed; ask does so on a terminal only."
    )
    var onError: ImageBuildOptions.OnError = .cleanup

    @Option(
        name: [.customLong("parallel-builds", withSingleDash: true), .customLong("parallel-builds")],
        help: "Targets at once; 0 is all."
    )
    var parallelBuilds = 0

    @Flag(
        name: [.customLong("timestamp-ui", withSingleDash: true), .customLong("timestamp-ui")],
        help: "Begin each line with the time."
    )
    var timestampUI = false

    @Flag(
        name: [.customLong("debug", withSingleDash: true), .customLong("debug")],
        help: "Build one target after the other, and wait for Enter before each provisioner on a terminal."
    )
    var debug = false

    @Option(
        help: ArgumentHelp(
            "The program that builds what is not built here; also ROOST_PACKER. (default: packer, on PATH)",
            valueName: "program"
        ),
        completion: .file()
    )
    var packer: String?

    @Option(
        help: "Where the layers of root file systems are kept; by default ~/.cache/roost/image-layers.",
        completion: .directory
    )
    var cacheFolder: String?

    @Flag(
        help:
            "In a job of a pipeline: show steps as records of its timeline, and keep files that are made as artifacts."
    )
    var inJob = false

    @Option(
        help: "A JSON file that names root file systems for sources of Image Builder; by default ROOST_IMAGE_BASES.",
        completion: .file()
    )
    var bases: String?

    @Flag(help: "Make the layers of root file systems anew.")
    var noCache = false

    @Flag(help: "Do not look before the build for what it would miss; also ROOST_IMAGE_PREFLIGHT=off.")
    var noPreflight = false

    var leavesOutPreflight: Bool {
        noPreflight || ProcessInfo.processInfo.environment["ROOST_IMAGE_PREFLIGHT"]?.lowercased() == "off"
    }

    func validate() throws {
        guard parallelBuilds >= 0 else { throw ValidationError("-parallel-builds is a number from 0 on.") }
    }
}
