public import RoostLanguage
import RoostModel

/// Makes the plan of a run out of a pipeline's YAML.
///
/// The steps are: read the file, bind parameters, expand templates and expressions, check the result, plan. Problems do not stop it; all are
/// reported together. It reads nothing but what the loader gives it, and the same input always gives the same result.
public struct PipelineCompiler {
    private let loader: any TemplateLoader
    private let limits: PipelineLimits

    public init(loader: any TemplateLoader, limits: PipelineLimits = .default) {
        self.loader = loader
        self.limits = limits
    }

    /// Compiles a file that was read as text.
    ///
    /// - Parameters:
    ///   - path: From the root of its repository; templates are found relative to it.
    ///   - text: The content of the file.
    ///   - request: What is known of the run.
    /// - Returns: The plan and all problems.
    public func compile(path: String, text: String, request: CompileRequest = CompileRequest()) -> CompiledPipeline {
        let file = Self.file(path)
        return compile(YAMLDocument(name: file.name, text: text, limits: limits.yaml), as: file, request)
    }

    /// Compiles a file of which only the bytes are known; they must be UTF-8.
    ///
    /// - Parameters:
    ///   - path: From the root of its repository; templates are found relative to it.
    ///   - text: The bytes of the file.
    ///   - request: What is known of the run.
    /// - Returns: The plan and all problems.
    public func compile(path: String, text: [UInt8], request: CompileRequest = CompileRequest()) -> CompiledPipeline {
        let file = Self.file(path)
        return compile(YAMLDocument(name: file.name, bytes: text, limits: limits.yaml), as: file, request)
    }

    /// What starts runs of a file, without looking at the rest of it.
    ///
    /// - Parameters:
    ///   - path: From the root of its repository.
    ///   - text: The content of the file.
    /// - Returns: The triggers, and what is wrong with them or with the file as YAML.
    public static func triggers(path: String, text: String) -> (triggers: PipelineTriggers, diagnostics: [Diagnostic]) {
        let document = YAMLDocument(name: file(path).name, text: text)
        let log = DiagnosticLog(limit: PipelineLimits.default.problems)
        for diagnostic in document.diagnostics { log.add(diagnostic) }
        let triggers = document.root?.mapping.map { TriggerReader(log: log).read($0) }
        return (triggers ?? PipelineTriggers(push: .none, pullRequest: .none), log.sorted())
    }

    /// The parameters a root file declares, without looking at the rest of it.
    ///
    /// - Parameters:
    ///   - path: From the root of its repository.
    ///   - text: The bytes of the file.
    ///   - limits: How large it may be.
    /// - Returns: The parameters, none when the file cannot be read.
    public static func parameters(
        path: String,
        text: [UInt8],
        limits: PipelineLimits = .default
    ) -> [PipelineParameter] {
        let document = YAMLDocument(name: file(path).name, bytes: text, limits: limits.yaml)
        guard case .mapping(let root)? = document.root else { return [] }
        let log = DiagnosticLog(limit: limits.problems)
        return RootParameters(log: log, limits: limits.yaml).bind(root["parameters"], [:]).declared
    }

    /// What is wrong with a template by itself: as YAML, and with the form of its expressions.
    ///
    /// Whether names exist and what it expands to is known only where it is used.
    ///
    /// - Parameters:
    ///   - path: From the root of its repository.
    ///   - text: The bytes of the file.
    ///   - limits: How large it may be.
    /// - Returns: The problems, and the text for showing lines of it.
    public static func syntaxProblems(
        path: String,
        text: [UInt8],
        limits: PipelineLimits = .default
    ) -> (diagnostics: [Diagnostic], source: SourceText) {
        let document = YAMLDocument(name: file(path).name, bytes: text, limits: limits.yaml)
        let log = DiagnosticLog(limit: limits.problems)
        for diagnostic in document.diagnostics { log.add(diagnostic) }
        let files = TemplateFiles(
            loader: MemoryTemplateLoader(),
            limits: limits,
            log: log,
            cache: TemplateTextCache(limits: limits.expressions),
            ownRepository: PlannedRepository(alias: PlannedRepository.ownAlias, type: "git", name: "self"),
            meter: MemoryMeter(limit: limits.memory)
        )
        files.checkExpressions(of: document, site: nil)
        return (log.sorted(), document.source)
    }

    private static func file(_ path: String) -> TemplatePath.File {
        let parts = path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).filter { $0 != "." }
        return TemplatePath.File(alias: PlannedRepository.ownAlias, path: parts.joined(separator: "/"))
    }

    private func compile(
        _ document: YAMLDocument,
        as file: TemplatePath.File,
        _ request: CompileRequest
    ) -> CompiledPipeline {
        DeepStack.run {
            Compilation(loader: loader, limits: limits, request: request, document: document, file: file).run()
        }
    }
}
