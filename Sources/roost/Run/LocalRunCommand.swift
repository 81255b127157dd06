import ArgumentParser
import Foundation
import RoostLanguage
import RoostModel
import RoostPipeline

/// `roost run FILE`: a pipeline run here and now, in this working tree, without a server.
struct LocalRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Run a pipeline here, without a server.",
        discussion: """
            The file is compiled and planned as the server does it, and its jobs run one after the other with the agent's own worker, in the
            working tree as it is: changes that are not committed count, and checkout steps fetch nothing.

              roost run
              roost run ci/azure-pipelines.yml --variable configuration=debug --job Test

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
            "Folder that stands for a repository of the file's resources; may be repeated.",
            valueName: "alias=folder"
        )
    )
    var repository: [Assignment] = []

    @Option(help: "Run only this job and what it depends on not at all; may be repeated.")
    var job: [String] = []

    @Flag(help: "Print the expanded YAML and run nothing.")
    var expand = false

    func run() async throws {
        do {
            let source = try LocalSource(file: file)
            let compiled = try compile(source)
            report(compiled)
            guard let plan = compiled.plan else { throw RoostExit.failed.code }
            if expand {
                Terminal.print(plan.finalYAML)
                return
            }
            let driver = try LocalRunDriver(
                plan: plan,
                source: source,
                variables: try pairs(variable),
                jobs: job,
                requests: try stageRequests(plan)
            )
            let result = await driver.run()
            switch result {
            case .succeeded, .succeededWithIssues, .skipped: return
            case .canceled: throw RoostExit.canceled.code
            case .failed, .abandoned: throw RoostExit.failed.code
            }
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

    private func compile(_ source: LocalSource) throws -> CompiledPipeline {
        let compiler = PipelineCompiler(
            loader: FolderTemplateLoader(folder: source.root, otherFolders: Assignment.dictionary(repository))
        )
        return compiler.compile(
            path: source.path,
            text: source.text,
            request: CompileRequest(
                parameters: try ParameterValues.read(file: parametersFile, given: pairs(parameter)),
                queueTimeVariables: try pairs(variable),
                predefinedVariables: source.predefined
            )
        )
    }

    private func report(_ compiled: CompiledPipeline) {
        let renderer = DiagnosticRenderer(
            style: Terminal.standardError.hasColor ? .coloured : .plain,
            sources: compiled.sources
        )
        for diagnostic in compiled.diagnostics + compiled.limitations.map(\.asWarning) {
            Terminal.printError(renderer.render(diagnostic))
        }
        for note in compiled.plan.map(Self.serverParts) ?? [] { Terminal.printError("warning: \(note)") }
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
