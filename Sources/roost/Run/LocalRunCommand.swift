import ArgumentParser
import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline
import RoostServer

/// `roost run FILE`: a pipeline run here and now, in this working tree, without a server.
struct LocalRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Run a pipeline here, without a server.",
        discussion: """
            The file is compiled and planned as the server does it, and its jobs run one after the other with the agent's own worker, in the
            working tree as it is: changes that are not committed count, and 'checkout: self' fetches nothing. Other repositories are
            fetched from where their names or the map say, or are folders given here.

              roost run
              roost run ci/azure-pipelines.yml --variable configuration=debug --job Test
              roost run --repository templates=../templates --repository-map ~/.config/repositories

            The exit code is that of the pipeline: 0 succeeded, 1 failed, 5 canceled.
            """
    )

    @Argument(help: "The pipeline's YAML file.", completion: .file(extensions: ["yml", "yaml"]))
    var file = "azure-pipelines.yml"

    @Option(name: .shortAndLong, help: ArgumentHelp("Set a variable for this run.", valueName: "name=value"))
    var variable: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Give a template parameter.", valueName: "name=value"))
    var parameter: [String] = []

    @Option(
        help: ArgumentHelp("File of YAML or JSON with parameters: NAME: value; --parameter wins.", valueName: "path")
    )
    var parametersFile: String?

    @Option(help: ArgumentHelp("Stage to leave out; may be repeated.", valueName: "stage"))
    var stagesToSkip: [String] = []

    @Option(
        help: ArgumentHelp("Stage with 'trigger: manual' to run, too; may be repeated.", valueName: "stage")
    )
    var startStage: [String] = []

    @Option(
        help: ArgumentHelp(
            "Folder that stands, as it is, for a repository of the file's resources; may be repeated.",
            valueName: "alias=folder"
        )
    )
    var repository: [Assignment] = []

    @Option(
        help: ArgumentHelp("File of lines 'NAME = URL' that say where repositories are.", valueName: "path"),
        completion: .file()
    )
    var repositoryMap: String?

    @Option(help: "Run only this job and what it depends on not at all; may be repeated.")
    var job: [String] = []

    @OptionGroup var tasks: TaskFolderOptions

    @Option(
        help: ArgumentHelp(
            "File that stands for a secure file of the server; may be repeated.",
            valueName: "name=path"
        )
    )
    var secureFile: [Assignment] = []

    @Flag(help: "Print the expanded YAML and run nothing.")
    var expand = false

    func validate() throws {
        for repository in repository where !isFolder(repository.value) {
            throw ValidationError(
                "--repository \(repository.name)=\(repository.value): there is no folder '\(repository.value)'."
            )
        }
    }

    func run() async throws {
        do {
            let source = try LocalSource(file: file)
            let repositories = try LocalRepositories(map: repositoryMap, folders: repository)
            let tasks = try tasks.read()
            defer { withExtendedLifetime(tasks) {} }
            let (compiled, found) = await repositories.compile(source, try request(source, tasks.installed))
            report(compiled)
            guard let plan = compiled.plan else { throw RoostExit.failed.code }
            if expand {
                Terminal.print(plan.finalYAML)
                return
            }
            let wanted = try LocalRunDriver.only(job, plan)
            let driver = LocalRunDriver(
                plan: wanted,
                source: source,
                variables: try pairs(variable),
                sources: try await repositories.sources(of: wanted, compiled, found),
                folders: repositories.folders,
                requests: try stageRequests(plan),
                local: LocalLibrary(tasks: tasks.folders, secureFiles: Assignment.dictionary(secureFile))
            )
            let result = await driver.run()
            switch result {
            case .succeeded, .succeededWithIssues, .skipped: return
            case .canceled: throw RoostExit.canceled.code
            case .failed, .abandoned: throw RoostExit.failed.code
            }
        } catch ControlError.pipelineInvalid(let problems) {
            report(problems, [])
            throw RoostExit.failed.code
        } catch {
            throw fail(error)
        }
    }

    /// Stages to leave out and to start; one that waits for a person is left out unless it is named, since nobody could start it later.
    private func stageRequests(_ plan: RunPlan) throws -> [StageRequest] {
        func request(_ name: String, _ kind: StageRequest.Kind, by who: String) -> StageRequest {
            StageRequest(stage: name, kind: kind, by: who, at: Date())
        }
        func find(_ name: String) throws -> String {
            if let stage = plan.stages.first(where: { equalIgnoringCase($0.name, name) }) { return stage.name }
            let known = plan.stages.map(\.name).joined(separator: ", ")
            throw ValidationError("There is no stage '\(name)'; the file has \(known).")
        }
        let skipped = try stagesToSkip.map { request(try find($0), .skip, by: "--stages-to-skip") }
        let started = try startStage.map { request(try find($0), .start, by: "--start-stage") }
        let others = plan.stages.filter { stage in
            stage.trigger == .manual && !(skipped + started).contains { $0.stage == stage.name }
        }
        return skipped + started
            + others.map { request($0.name, .skip, by: "Nobody named it with --start-stage, which") }
    }

    private func request(_ source: LocalSource, _ tasks: InstalledTasks) throws -> CompileRequest {
        CompileRequest(
            parameters: try ParameterValues.read(file: parametersFile, given: pairs(parameter)),
            queueTimeVariables: try pairs(variable),
            predefinedVariables: source.predefined,
            tasks: tasks
        )
    }

    private func report(_ compiled: CompiledPipeline) {
        report(compiled.diagnostics + compiled.limitations.map(\.asWarning), compiled.sources)
        for note in compiled.plan.map(Self.serverParts) ?? [] { Terminal.printError("warning: \(note)") }
    }

    private func report(_ diagnostics: [Diagnostic], _ sources: [SourceText]) {
        let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
        let renderer = DiagnosticRenderer(style: style, sources: sources)
        for diagnostic in diagnostics { Terminal.printError(renderer.render(diagnostic)) }
    }

    /// What of a plan only a server has.
    private static func serverParts(_ plan: RunPlan) -> [String] {
        let jobs = plan.stages.flatMap(\.jobs)
        let variables = plan.variables + plan.stages.flatMap(\.variables) + jobs.flatMap(\.variables)
        let groups = variables.filter(\.isGroup).map { group in
            "\(group.value.place): the variable group '\(group.name)' is kept by a server; its variables have no values here."
        }
        let environments = jobs.compactMap { job in
            job.deployment?.environment.map { environment in
                "\(environment.name.place): checks of the environment '\(environment.name.text)' are asked for by a server only."
            }
        }
        return groups + environments
    }

    private func pairs(_ words: [String]) throws -> [String: String] {
        var values: [String: String] = [:]
        for word in words {
            guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
                throw ValidationError("'\(word)' is no name=value")
            }
            values[String(word[..<equals])] = String(word[word.index(after: equals)...])
        }
        return values
    }
}
