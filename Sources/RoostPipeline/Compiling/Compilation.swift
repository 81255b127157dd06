import RoostLanguage
import RoostModel

/// One use of the compiler.
struct Compilation {
    private let limits: PipelineLimits
    private let request: CompileRequest
    private let document: YAMLDocument
    private let file: TemplatePath.File
    private let log: DiagnosticLog
    private let limitations: DiagnosticLog
    private let files: TemplateFiles
    private let expander: Expander

    init(
        loader: any TemplateLoader,
        limits: PipelineLimits,
        request: CompileRequest,
        document: YAMLDocument,
        file: TemplatePath.File
    ) {
        self.limits = limits
        self.request = request
        self.document = document
        self.file = file
        let cache = TemplateTextCache(limits: limits.expressions)
        let meter = MemoryMeter(limit: limits.memory)
        log = DiagnosticLog(limit: limits.problems)
        limitations = DiagnosticLog(limit: limits.problems)
        files = TemplateFiles(
            loader: loader,
            limits: limits,
            log: log,
            cache: cache,
            ownRepository: request.repository,
            meter: meter
        )
        expander = Expander(log: log, files: files, cache: cache, limits: limits, meter: meter)
    }

    func run() -> CompiledPipeline {
        files.addRoot(document, as: file)
        for diagnostic in document.diagnostics { log.add(diagnostic) }
        guard let root = rootMapping() else {
            return result(nil, PipelineTriggers(push: .none, pullRequest: .none), [])
        }
        files.checkExpressions(of: document, site: nil)
        var triggers = TriggerReader(log: log).read(root)
        let parameters = RootParameters(log: log, limits: limits.yaml).bind(root["parameters"], request.parameters)
        let outcome = plan(root, withWebhooks(parameters.values, root))
        if let outcome { triggers.pipelines = outcome.pipelines }
        return result(log.hasErrors ? nil : outcome, triggers, parameters.declared)
    }

    /// The mapping a pipeline is; anything else is reported.
    private func rootMapping() -> SyntaxMapping? {
        switch document.root {
        case .mapping(let mapping): return mapping
        case .scalar(let scalar) where !scalar.isNull: expectedMapping(scalar.place)
        case .sequence(let sequence): expectedMapping(sequence.place)
        case .scalar, .unknown, nil:
            if document.diagnostics.isEmpty {
                log.error(
                    "pipeline.empty",
                    "The file is empty",
                    at: SyntaxPlace(source: document.source, range: 0..<0),
                    advice: "A pipeline has stages, jobs or steps."
                )
            }
        }
        return nil
    }

    /// The parameters, and for each webhook of the file one that nobody declares: the payload, null in a run it did not start.
    private func withWebhooks(_ parameters: ParameterValues, _ root: SyntaxMapping) -> ParameterValues {
        guard case .sequence(let webhooks)? = root["resources"]?.mapping?["webhooks"] else { return parameters }
        var parameters = parameters
        for item in webhooks.items {
            guard let alias = item.mapping?["webhook"]?.scalar?.string, !alias.isEmpty else { continue }
            let payload = request.webhooks.first { equalIgnoringCase($0.key, alias) }?.value ?? .null
            if parameters[alias] == nil { parameters[alias] = BoundValue(payload) }
        }
        return parameters
    }

    private func expectedMapping(_ place: SyntaxPlace) {
        log.error(
            "pipeline.kind",
            "A mapping was expected",
            at: place.firstLine,
            advice: "A pipeline is a mapping with keys such as 'steps:'."
        )
    }

    private struct Outcome {
        var plan: RunPlan
        var expanded: ExpandedPipeline
        var pipelines: [PipelineResource]
    }

    private func plan(
        _ root: SyntaxMapping,
        _ parameters: ParameterValues
    ) -> Outcome? {
        let scope = Scope(
            file: file,
            site: nil,
            parameters: parameters,
            variables: VariableFrame(outer: outerVariables()),
            constants: constants()
        )
        let expanded = expander.expand(.mapping(root.without("parameters")), .root, scope)
        guard case .mapping(let mapping) = expanded, !expander.isExhausted else { return nil }
        let whole = expander.extend(mapping, scope)
        guard !expander.isExhausted else { return nil }
        let builder = PlanBuilder(
            log: log,
            limitations: limitations,
            check: RuntimeExpressionCheck(log: log, limits: limits.expressions),
            limits: limits,
            repositories: expander.repositories,
            predefined: request.predefinedVariables,
            tasks: request.tasks
        )
        var plan = builder.plan(LegacyForms(log: log).modernized(whole))
        plan.extendedTemplate = mapping["extends"]?.mapping?["template"]?.scalar?.string
        let result = ExpandedPipeline(tree: .mapping(whole))
        if !log.hasErrors { plan.finalYAML = result.yaml }
        return Outcome(plan: plan, expanded: result, pipelines: takenPipelines(whole))
    }

    /// The pipelines whose runs it takes, with expressions evaluated and those of the template it extends; what is wrong with them is reported already.
    private func takenPipelines(_ whole: SyntaxMapping) -> [PipelineResource] {
        TriggerReader(log: DiagnosticLog(limit: limits.problems)).pipelines(whole)
    }

    // MARK: What is known before

    /// Variables of the request, then predefined ones.
    private func outerVariables() -> (String) -> String? {
        var known: [String: String] = [:]
        for (name, value) in request.predefinedVariables { known[foldedName(name)] = value }
        known["system.pullrequest.isfork"] = request.settings.isFork ? "True" : "False"
        for (name, value) in request.queueTimeVariables { known[foldedName(name)] = value }
        return { known[foldedName($0)] }
    }

    private func constants() -> [(name: String, value: NamedValue)] {
        var constants: [(name: String, value: NamedValue)] = [
            ("resources", .lazy { [expander, request] in Self.resources(expander.repositories, request.repository) })
        ]
        if let start = request.startTime { constants.append(("pipeline", .value(["startTime": .dateTime(start)]))) }
        return constants
    }

    private static func resources(_ repositories: [PlannedRepository], _ own: PlannedRepository) -> Value {
        let objects = ([own] + repositories).map { repository -> (String, Value) in
            let value: Value = [
                "name": .string(repository.name), "type": .string(repository.type), "ref": .string(repository.ref),
            ]
            return (repository.alias, value)
        }
        return ["repositories": .object(ObjectValue(objects))]
    }

    // MARK: Result

    private func result(
        _ outcome: Outcome?,
        _ triggers: PipelineTriggers,
        _ parameters: [PipelineParameter]
    ) -> CompiledPipeline {
        var triggers = triggers
        if request.settings.ignoresImpliedTriggers {
            if triggers.push == .implied { triggers.push = .none }
            if triggers.pullRequest == .implied { triggers.pullRequest = .none }
        }
        return CompiledPipeline(
            plan: outcome?.plan,
            expanded: outcome?.expanded,
            diagnostics: log.sorted(files: files.sources.map(\.name)),
            limitations: limitations.sorted(files: files.sources.map(\.name)),
            triggers: triggers,
            parameters: parameters,
            files: files.used.map { CompiledPipeline.UsedFile(path: $0.path, repository: $0.alias) },
            sources: files.sources
        )
    }
}
