import RoostLanguage

/// A template of HCL2: what it declares, and the plan it comes to.
public struct PackerTemplate: Sendable {
    /// Names with their values, and the functions that expressions may call.
    public let evaluation: PackerEvaluation
    /// As they are written, before they are spread over their sources.
    public let builds: [PackerBuild]
    public let reading: ImageTemplateReading

    /// Reads a file or folder; all problems are in the reading.
    public init(_ input: ImageTemplateInput) {
        let (files, unreadable) = PackerInput.reading(input)
        self.init(input, files, unreadable)
    }

    /// Reads files that are in memory already.
    init(_ input: ImageTemplateInput, _ files: PackerInput, _ unreadable: [Diagnostic] = []) {
        let evaluation = PackerEvaluation(files, now: input.now)
        let (builds, problems) = evaluation.builds()
        var planner = PackerPlanner(input, evaluation)
        let plan = planner.plan(builds)
        // A file that cannot be read whole may well have what seems to be missing.
        if files.templates.contains(where: { $0.diagnostics.hasErrors }) { planner.withdrawMissingBuild() }
        var diagnostics = unreadable
        if !files.templates.isEmpty { diagnostics += evaluation.diagnostics }
        if unreadable.isEmpty, evaluation.requirements.isForThisVersion {
            diagnostics += problems + planner.diagnostics
        }
        if !input.warnsOfUndeclared { diagnostics.removeAll { $0.code == "hcl.packer.undeclared" && !$0.isError } }
        self.evaluation = evaluation
        self.builds = builds
        let sources = (files.templates + files.automaticFiles + files.variableFiles).map(\.source)
        let syntax =
            unreadable
            + files.templates.flatMap { $0.diagnostics + $0.body.content(PackerConfiguration.schema).diagnostics }
        reading = ImageTemplateReading(
            plan: plan,
            diagnostics: diagnostics.withoutRepetitions.ordered(by: sources),
            syntaxProblems: syntax,
            sources: sources
        )
    }
}

extension [Diagnostic] {
    /// Each problem once, where several targets have the same.
    var withoutRepetitions: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        return filter { seen.insert($0).inserted }
    }

    /// In the order of the files and the places in them; what has no place comes first.
    func ordered(by sources: [SourceText]) -> [Diagnostic] {
        let files = Dictionary(sources.enumerated().map { ($1.name, $0) }) { first, _ in first }
        let keys = map { diagnostic in
            diagnostic.span.map { (files[$0.file] ?? sources.count, $0.start.offset) } ?? (-1, 0)
        }
        return indices.sorted { (keys[$0].0, keys[$0].1, $0) < (keys[$1].0, keys[$1].1, $1) }.map { self[$0] }
    }
}
