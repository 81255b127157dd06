import ArgumentParser
import Foundation
import RoostLanguage
import RoostPipeline

/// How `roost lint` prints what it found.
enum LintFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, sarif
}

/// `roost lint`: checks pipelines without a server.
struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint",
        abstract: "Check pipelines, offline.",
        discussion: """
            Every pipeline is expanded with all its templates and planned as a run would be; all problems are reported, each at its place.
            What Roost cannot run (an unknown task, a Windows image) is a warning here and an error when a run is queued.

              roost lint
              roost lint azure-pipelines.yml --parameters environment=test
              roost lint ci --repository templates=../templates --output sarif

            A folder is searched for pipelines; their templates are checked as part of them, other templates for their syntax only. Exit
            codes: 0 no errors, 1 errors, 64 wrong usage.
            """
    )

    @Argument(
        help: "Files, or folders that are searched for pipelines.",
        completion: .file(extensions: ["yml", "yaml"])
    )
    var paths: [String] = ["."]

    @Option(name: .shortAndLong, help: "How to print: text, json or sarif.")
    var output: LintFormat = .text

    @Flag(inversion: .prefixedNo, help: "Report warnings too.")
    var warnings = true

    @Flag(help: "End with 1 also when there are only warnings.")
    var strict = false

    @OptionGroup(title: "The run that is imagined") var source: SourceOptions
    @OptionGroup var tasks: TaskFolderOptions
    @OptionGroup(title: "Limits") var limits: LimitOptions

    func validate() throws {
        for path in paths where !FileManager.default.fileExists(atPath: path) {
            throw ValidationError("There is no file or folder '\(path)'.")
        }
    }

    func run() throws {
        var report = LintReport()
        let (places, templates) = try places()
        let installed = try tasks.read().installed
        for place in places {
            let compiled = try compile(place, installed)
            report.add(compiled, at: place, folders: source.folders, warns: warnings)
        }
        for place in templates where !report.hasUsed(place) {
            let (text, limits) = (try bytes(of: place), limits.limits)
            let problems = PipelineCompiler.syntaxProblems(path: place.path, text: text, limits: limits)
            report.addTemplate(problems.diagnostics, problems.source, at: place)
        }
        try print(report)
        if report.errors > 0 || strict && report.warnings > 0 { throw RoostExit.failed.code }
    }

    /// The pipelines that are asked for, and templates beside them, each once.
    private func places() throws -> (pipelines: [PipelinePlace], templates: [PipelinePlace]) {
        var places: [PipelinePlace] = []
        var templates: [PipelinePlace] = []
        for path in paths {
            guard isFolder(path) else {
                places.append(PipelinePlace(file: path, root: source.root))
                continue
            }
            let search = PipelineSearch(folder: path, root: source.root, limits: limits.limits)
            places += search.pipelines.map { PipelinePlace(file: $0, root: source.root, within: path) }
            templates += search.templates.map { PipelinePlace(file: $0, root: source.root, within: path) }
            if search.pipelines.isEmpty, search.templates.isEmpty {
                throw ValidationError("There is no pipeline in '\(path)'.")
            }
        }
        var seen: Set<PipelinePlace> = []
        return (places.filter { seen.insert($0).inserted }, templates.filter { seen.insert($0).inserted })
    }

    private func bytes(of place: PipelinePlace) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: place.absolutePath) else {
            throw ValidationError("The file '\(PipelinePlace.shown(place.absolutePath))' cannot be read.")
        }
        return [UInt8](data)
    }

    /// Compiles a file; a parameter that must be given and is not gets a value of its type, for a run would ask for it.
    private func compile(_ place: PipelinePlace, _ tasks: InstalledTasks) throws -> CompiledPipeline {
        let text = try bytes(of: place)
        let limits = limits.limits
        let loader = LocalTemplateLoader(root: place.root, folders: source.folders, limits: limits)
        let compiler = PipelineCompiler(loader: loader, limits: limits)
        let declared = PipelineCompiler.parameters(path: place.path, text: text, limits: limits)
        let defaults = declared.compactMap { parameter in parameter.exampleValue.map { (parameter.name, $0) } }
        var request = source.request(for: place, parameters: Dictionary(defaults) { $1 })
        request.tasks = tasks
        return compiler.compile(path: place.path, text: text, request: request)
    }

    private func print(_ report: LintReport) throws {
        switch output {
        case .text:
            let style: DiagnosticRenderer.Style = Terminal.standard.hasColor ? .coloured : .plain
            Terminal.print(String(report.text(style: style).dropLast()))
        case .json: try Self.printJSON(LintJSON(report))
        case .sarif: try Self.printJSON(SARIFLog(report.diagnostics, version: Roost.version))
        }
    }

    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Terminal.print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
