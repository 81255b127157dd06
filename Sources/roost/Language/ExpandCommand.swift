import ArgumentParser
import Foundation
import RoostLanguage
import RoostPipeline

/// How `roost expand` prints the pipeline.
enum ExpandFormat: String, ExpressibleByArgument, CaseIterable {
    case yaml, json
}

/// `roost expand`: the pipeline as a run sees it, without templates and expressions.
struct ExpandCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expand",
        abstract: "Print a pipeline with all templates and expressions evaluated, offline.",
        discussion: """
              roost expand azure-pipelines.yml --parameters environment=test
              roost expand azure-pipelines.yml --show-origin
              roost expand azure-pipelines.yml --repository templates=../templates --output json

            With --show-origin each line stands beside the file and line it came from. Problems go to standard error. Exit codes: 0 expanded,
            1 errors, 64 wrong usage.
            """
    )

    @Argument(help: "The pipeline's YAML file.", completion: .file(extensions: ["yml", "yaml"]))
    var file = "azure-pipelines.yml"

    @Flag(help: "Show for each line which file and line it came from.")
    var showOrigin = false

    @Option(name: .shortAndLong, help: "How to print: yaml or json.")
    var output: ExpandFormat = .yaml

    @OptionGroup(title: "The run that is imagined") var source: SourceOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func validate() throws {
        guard FileManager.default.fileExists(atPath: file) else { throw ValidationError("There is no file '\(file)'.") }
        if isFolder(file) { throw ValidationError("'\(file)' is a folder; give the path of a pipeline's file.") }
    }

    func run() throws {
        let place = PipelinePlace(file: file, root: source.root)
        guard let data = FileManager.default.contents(atPath: place.absolutePath) else {
            throw ValidationError("The file '\(file)' cannot be read.")
        }
        let limits = limits.limits
        let loader = LocalTemplateLoader(root: place.root, folders: source.folders, limits: limits)
        let compiled = PipelineCompiler(loader: loader, limits: limits)
            .compile(path: place.path, text: [UInt8](data), request: source.request(for: place))
        let names = FileNames(place: place, folders: source.folders)
        report(compiled, names)
        guard let expanded = compiled.expanded, compiled.plan != nil else { throw RoostExit.failed.code }
        try print(expanded, compiled, names)
    }

    private func report(_ compiled: CompiledPipeline, _ names: FileNames) {
        let diagnostics = compiled.diagnostics.map { $0.renamingFiles(names.shown) }
        guard !diagnostics.isEmpty else { return }
        let sources = compiled.sources.map { SourceText(name: names.shown($0.name), text: $0.text) }
        let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
        let text = DiagnosticRenderer(style: style, sources: sources).render(diagnostics)
        Terminal.printError(String(text.dropLast()))
    }

    private func print(_ expanded: ExpandedPipeline, _ compiled: CompiledPipeline, _ names: FileNames) throws {
        switch output {
        case .json: try LintCommand.printJSON(ExpandedJSON(expanded, compiled, names, withLines: showOrigin))
        case .yaml where showOrigin:
            Terminal.print(OriginListing(expanded.lines, names).render(.standard))
        case .yaml: Terminal.print(String(expanded.yaml.dropLast()))
        }
    }
}
