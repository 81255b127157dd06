import RoostLanguage
import RoostPipeline

/// What may be written inside an expression or a macro.
struct ExpressionCompletion {
    private let engine: CompletionEngine
    private let entry: Int
    private let place: ExpressionScan.Place

    init(_ engine: CompletionEngine, _ entry: Int, _ place: ExpressionScan.Place) {
        self.engine = engine
        self.entry = entry
        self.place = place
    }

    private var visibility: Visibility { engine.visibility(entry) }
    private var facts: FileFacts { engine.file.facts }

    var items: [CompletionItem] {
        switch place {
        case .macro(let name): return variables(engine.documentRange(name), form: .start, isCompileTime: false)
        case .expression(let kind, let range):
            // The letter stays in, so that what follows it is not taken for the word.
            let bytes = Array(engine.file.lines.bytes[range])
            let path = ExpressionPath(bytes, at: engine.offset + 1 - range.lowerBound)
            let word = (path.word.lowerBound + range.lowerBound)..<(path.word.upperBound + range.lowerBound)
            return items(kind, path, engine.documentRange(word), isFirst: isBlank(bytes[..<path.word.lowerBound]))
        }
    }

    private func isBlank(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.allSatisfy { $0 == 0x20 } }

    private func items(
        _ kind: ExpressionScan.Kind,
        _ path: ExpressionPath,
        _ word: Range<Int>,
        isFirst: Bool
    ) -> [CompletionItem] {
        switch path.form {
        case .text: return []
        case .start:
            return (isFirst && kind == .compileTime ? directives(word) : []) + names(kind, word) + functions(kind, word)
        case .member, .index: return members(path, word, kind)
        }
    }

    // MARK: Beginnings

    private func directives(_ word: Range<Int>) -> [CompletionItem] {
        let directives = [
            ("if", "Keeps what is below when the expression is true."),
            ("elseif", "Keeps what is below when no branch before was kept and the expression is true."),
            ("else", "Keeps what is below when no branch before was kept."),
            ("each", "Repeats what is below for every item: each item in parameters.list."),
            ("insert", "Puts the pairs of a mapping in this place."),
        ]
        return directives.map { name, documentation in
            CompletionItem(
                label: name,
                kind: .keyword,
                documentation: documentation,
                newText: name == "else" || name == "insert" ? name : "\(name) ",
                range: word,
                rank: 4
            )
        }
    }

    private func names(_ kind: ExpressionScan.Kind, _ word: Range<Int>) -> [CompletionItem] {
        var contexts = ExpressionContext.all.filter { $0.uses.contains(kind) }.map { ($0.name, $0.documentation) }
        if kind == .compileTime {
            contexts += visibility.loops.map { ($0.name, "The item of the loop around this place.") }
        }
        return contexts.map { name, documentation in
            CompletionItem(
                label: name,
                kind: .variable,
                documentation: documentation,
                newText: name,
                range: word,
                rank: 2
            )
        }
    }

    private func functions(_ kind: ExpressionScan.Kind, _ word: Range<Int>) -> [CompletionItem] {
        FunctionDocumentation.all.filter { $0.mayStand(in: kind) }.map { function in
            let takesNothing = function.parameters.isEmpty
            let hasSnippets = engine.snapshot.client.hasSnippets
            return CompletionItem(
                label: function.name,
                kind: .function,
                detail: function.signature,
                documentation: function.documentation,
                newText: takesNothing
                    ? "\(function.name)()" : hasSnippets ? "\(function.name)($0)" : "\(function.name)(",
                isSnippet: !takesNothing && hasSnippets,
                range: word,
                rank: 3
            )
        }
    }

    // MARK: Members

    private func members(_ path: ExpressionPath, _ word: Range<Int>, _ kind: ExpressionScan.Kind) -> [CompletionItem] {
        let base = path.base.map { $0.lowercased() }
        switch (base.first, base.count) {
        case ("variables", 1): return variables(word, form: path.form, isCompileTime: kind == .compileTime)
        case ("parameters", 1): return facts.parameters.map { named($0.name, $0.summary, word, path.form) }
        case ("pipeline", 1): return [named("startTime", "when the run began", word, path.form)]
        case ("resources", _): return resources(base, word, path.form)
        case ("dependencies", 1):
            let list = visibility.dependsOnStages ? facts.stages : visibility.jobs
            return list.filter { !visibility.isSelf($0) }.map { named($0.name, $0.detail, word, path.form) }
        case ("dependencies", 2): return outcome(word, path.form)
        case ("dependencies", 3) where base[2] == "outputs": return outputs(word, path.form)
        case ("stagedependencies", 1): return facts.stages.map { named($0.name, $0.detail, word, path.form) }
        case ("stagedependencies", 2):
            return visibility.jobs(ofStage: path.base[1]).map { named($0.name, $0.detail, word, path.form) }
        case ("stagedependencies", 3): return outcome(word, path.form)
        case ("stagedependencies", 4) where base[3] == "outputs": return outputs(word, path.form)
        default: return []
        }
    }

    private func outcome(_ word: Range<Int>, _ form: ExpressionPath.Form) -> [CompletionItem] {
        [
            named("result", "Succeeded, SucceededWithIssues, Skipped, Failed or Canceled", word, form),
            named("outputs", "output variables of its steps", word, form),
        ]
    }

    /// Steps whose output variables may be read; the name of the variable follows a dot.
    private func outputs(_ word: Range<Int>, _ form: ExpressionPath.Form) -> [CompletionItem] {
        facts.steps.map { named("\($0.name).", $0.detail, word, form) }
    }

    private func resources(_ base: [String], _ word: Range<Int>, _ form: ExpressionPath.Form) -> [CompletionItem] {
        switch base.count {
        case 1: return ["repositories", "pipelines", "containers"].map { named($0, nil, word, form) }
        case 2 where base[1] == "repositories":
            return (["self"] + facts.repositories.map(\.name)).map { named($0, nil, word, form) }
        case 2 where base[1] == "containers": return facts.containers.map { named($0.name, nil, word, form) }
        case 2 where base[1] == "pipelines": return facts.pipelines.map { named($0.name, nil, word, form) }
        case 3 where base[1] == "repositories":
            return ["name", "ref", "type", "id", "url", "version"].map { named($0, nil, word, form) }
        default: return []
        }
    }

    /// What is known of the run of a pipeline resource.
    private static let pipelineMembers = [
        "projectName", "projectID", "pipelineName", "pipelineID", "runName", "runID", "runURI", "sourceBranch",
        "sourceCommit", "sourceProvider", "requestedFor", "requestedForID",
    ]

    private func variables(_ word: Range<Int>, form: ExpressionPath.Form, isCompileTime: Bool) -> [CompletionItem] {
        var seen: Set<String> = []
        var items: [CompletionItem] = []
        for variable in visibility.variables where seen.insert(variable.definition.name.lowercased()).inserted {
            items.append(named(variable.definition.name, variable.definition.detail, word, form))
        }
        for pipeline in facts.pipelines {
            for member in Self.pipelineMembers {
                items.append(
                    named("resources.pipeline.\(pipeline.name).\(member)", "of the run that is used", word, form)
                )
            }
        }
        for variable in PredefinedVariable.all where !isCompileTime || variable.isKnownAtCompileTime {
            guard seen.insert(variable.name.lowercased()).inserted else { continue }
            var item = named(variable.name, nil, word, form)
            item.documentation = variable.documentation
            item.kind = .constant
            item.rank = 6
            items.append(item)
        }
        return items
    }

    /// A name in the form that is being written; one that cannot follow a dot is written as an index.
    private func named(
        _ name: String,
        _ detail: String?,
        _ word: Range<Int>,
        _ form: ExpressionPath.Form
    ) -> CompletionItem {
        var item = CompletionItem(label: name, kind: .variable, detail: detail, newText: name, range: word, rank: 2)
        let isWord = name.utf8.allSatisfy { $0 == UInt8(ascii: "_") || isLetterOrDigit($0) }
        if form == .member, !isWord, word.lowerBound > 0 {
            item.range = (word.lowerBound - 1)..<word.upperBound
            item.newText = "['\(name)']"
            item.filterText = ".\(name)"
        }
        return item
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
