import RoostLanguage
import RoostModel
import RoostPipeline

/// What must hold of every input, however wrong it is.
public struct FuzzCheck: Sendable {
    public init() {}

    /// Small enough that an input which comes near them is done soon.
    static let limits = PipelineLimits(
        yaml: YAMLLimits(nodes: 100_000),
        nodes: 100_000,
        expandedBytes: 4 << 20,
        time: .seconds(5),
        memory: 64 << 20
    )

    /// Sentences about what does not hold, none when all is well.
    ///
    /// That it returns at all is the first thing to hold.
    public func failures(of input: FuzzInput) -> [String] {
        switch input.kind {
        case .expression: expression(String(decoding: input.files.first?.bytes ?? [], as: UTF8.self))
        case .pipeline: pipeline(input.files)
        case .image: TemplateCheck().failures(of: input.files.first?.bytes ?? [], name: input.files.first?.path ?? "")
        }
    }

    // MARK: Expressions

    private func expression(_ text: String) -> [String] {
        let (expression, diagnostics) = ParsedExpression.parse(text)
        guard let expression else {
            return diagnostics.isEmpty
                ? ["an expression that cannot be read has no diagnostic"] : check(diagnostics, [])
        }
        var failures: [String] = diagnostics.isEmpty ? [] : ["an expression that can be read has diagnostics"]
        let context = Self.context()
        do throws(EvaluationError) {
            let value = try expression.evaluate(in: context)
            let (traced, trace) = try expression.trace(in: context)
            if !same(value, traced) { failures.append("the traced value differs: \(value) and \(traced)") }
            if trace.lines.isEmpty { failures.append("the trace is empty") }
        } catch {
            failures += check([error.diagnostic], [])
        }
        // Versions are shown as `v1.2.3`, which is no expression.
        var hasVersion = false
        expression.root.forEach { if case .literal(.version) = $0.kind { hasVersion = true } }
        // The normal form writes properties as indexes, which are one level deeper.
        let again = ParsedExpression.parse(expression.normalText, limits: ExpressionLimits(depth: 60)).expression
        if again == nil, !hasVersion, expression.text.utf8.count < 10_000 {
            failures.append("the normal form cannot be read: \(expression.normalText)")
        }
        return failures
    }

    private func same(_ left: Value, _ right: Value) -> Bool {
        if case .number(let a) = left, case .number(let b) = right { return a == b || a.isNaN && b.isNaN }
        return left == right
    }

    private static func context() -> EvaluationContext {
        let map: Value = [
            "a": "text", "list": ["x", 2, nil, ["key": "k", "value": 1]], "map": ["a": 1, "b": ["c"]], "flag": true,
            "count": 3.5,
        ]
        let names: [String: NamedValue] = [
            "parameters": .value(map), "variables": .value(["a": "b", "Build.SourceBranch": "refs/heads/main"]),
            "x": .value(["y"]), "item": .value(map), "pipeline": .value(["startTime": .dateTime(DateTime(seconds: 0))]),
        ]
        return EvaluationContext(functions: .compileTime, names: names)
    }

    // MARK: Pipelines

    private func pipeline(_ files: [(path: String, bytes: [UInt8])]) -> [String] {
        guard let root = files.first else { return [] }
        let compiler = PipelineCompiler(loader: BytesLoader(files), limits: Self.limits)
        let request = CompileRequest(startTime: DateTime(seconds: 0))
        let result = compiler.compile(path: root.path, text: root.bytes, request: request)
        var failures = check(result.diagnostics + result.limitations, result.sources)
        if (result.plan == nil) != result.diagnostics.hasErrors {
            failures.append("there is \(result.plan == nil ? "no plan and no error" : "a plan and an error")")
        }
        if let plan = result.plan, let expanded = result.expanded {
            failures += again(plan, expanded, compiler, root.path)
        }
        return failures
    }

    /// What a file expands to is a file of the same meaning.
    private func again(
        _ plan: RunPlan,
        _ expanded: ExpandedPipeline,
        _ compiler: PipelineCompiler,
        _ path: String
    ) -> [String] {
        let yaml = expanded.yaml
        guard yaml.utf8.count < 1 << 20 else { return [] }
        let lines = expanded.lines
        var failures: [String] = []
        if lines.map({ $0.text + "\n" }).joined() != yaml { failures.append("the lines differ from the YAML") }
        // A text that an expression made may hold what would be an expression of its own.
        guard !yaml.contains("${{") else { return failures }
        let second = compiler.compile(path: path, text: yaml, request: CompileRequest(startTime: DateTime(seconds: 0)))
        if let error = second.diagnostics.first(where: { $0.isError && $0.code != "template.too-long" }) {
            failures.append("the expanded file has an error: \(error)")
        } else if let other = second.expanded, other.yaml != yaml {
            failures.append("the expanded file expands to something else")
        } else if let other = second.plan, other.stages.count != plan.stages.count {
            failures.append("the expanded file has \(other.stages.count) stages, not \(plan.stages.count)")
        }
        return failures
    }

    // MARK: Diagnostics

    private func check(_ diagnostics: [Diagnostic], _ sources: [SourceText]) -> [String] {
        let renderer = DiagnosticRenderer(sources: sources)
        var failures: [String] = []
        for diagnostic in diagnostics {
            if diagnostic.summary.isEmpty { failures.append("\(diagnostic.code) has no summary") }
            if let span = diagnostic.span, span.end < span.start { failures.append("\(diagnostic) has an empty span") }
            if renderer.render(diagnostic).isEmpty { failures.append("\(diagnostic) is rendered as nothing") }
        }
        return failures
    }
}

/// Files held in memory, as bytes.
private struct BytesLoader: TemplateLoader {
    private let files: [String: [UInt8]]

    init(_ files: [(path: String, bytes: [UInt8])]) {
        self.files = Dictionary(files.map { ($0.path, $0.bytes) }) { first, _ in first }
    }

    func load(path: String, repository: PlannedRepository) -> Result<[UInt8], TemplateLoadFailure> {
        guard repository.alias == "self" else { return .failure(.repositoryUnavailable(reason: "it is not here")) }
        return files[path].map { .success($0) } ?? .failure(.notFound)
    }
}
