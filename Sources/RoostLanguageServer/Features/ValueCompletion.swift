import RoostLanguage
import RoostPipeline

/// Values that may be written for a key or as an item of a list.
struct ValueCompletion {
    private let engine: CompletionEngine
    private let entry: Int

    init(_ engine: CompletionEngine, _ entry: Int) {
        self.engine = engine
        self.entry = entry
    }

    private var outline: Outline { engine.outline }
    private var snapshot: EditorSnapshot { engine.snapshot }
    private var facts: FileFacts { engine.file.facts }

    var items: [CompletionItem] {
        guard let value = outline.entries[entry].value else { return [] }
        let range = engine.documentRange(engine.inner(value))
        if let task = outline.task(ofInputsAt: entry) { return inputValues(task.text, range) }
        if let template = outline.template(ofParametersAt: entry) { return parameterValues(template.text, range) }
        return outline.values(of: entry).flatMap { items(of: $0, range) }
    }

    private func items(of value: SchemaValue, _ range: Range<Int>) -> [CompletionItem] {
        switch value {
        case .words(let words): words.map { word($0, range) }
        case .boolean: ["true", "false"].map { word($0, range) }
        case .name(let reference): names(reference, range)
        // One name may stand for a list of one.
        case .names(let reference): outline.entries[entry].kind == .item ? names(reference, range) : []
        case .text, .number, .condition, .texts, .textMapping, .anything, .mapping, .list, .named: []
        }
    }

    private func word(_ text: String, _ range: Range<Int>) -> CompletionItem {
        CompletionItem(label: text, kind: .enumMember, newText: text, range: range, rank: 2)
    }

    // MARK: Names

    private func names(_ reference: SchemaValue.Reference, _ range: Range<Int>) -> [CompletionItem] {
        switch reference {
        case .stage: definitions(facts.stages, range)
        case .job: definitions(engine.visibility(entry).jobs, range)
        case .template: templates(range)
        case .repository: checkoutWords(range) + definitions(facts.repositories, range)
        case .pipeline: ["current", "none"].map { word($0, range) } + definitions(facts.pipelines, range)
        case .container: containerWords(range) + definitions(facts.containers, range)
        case .pool: known(\.pools, range)
        case .environment: known(\.environments, range)
        case .image: PipelineSchema.hostedImages.map { word($0, range) }
        case .task: tasks(range)
        }
    }

    private func definitions(_ list: [FileFacts.Definition], _ range: Range<Int>) -> [CompletionItem] {
        let visibility = engine.visibility(entry)
        return list.filter { !visibility.isSelf($0) }.map { definition in
            CompletionItem(
                label: definition.name,
                kind: .reference,
                detail: definition.detail,
                newText: definition.name,
                range: range,
                rank: 2
            )
        }
    }

    private func checkoutWords(_ range: Range<Int>) -> [CompletionItem] {
        let isCheckout = outline.entries[entry].key?.text == "checkout"
        return (isCheckout ? ["self", "none"] : ["self"]).map { word($0, range) }
    }

    private func containerWords(_ range: Range<Int>) -> [CompletionItem] {
        outline.entries[entry].key?.text == "target" ? [word("host", range)] : []
    }

    /// Names that files of the workspace use.
    private func known(_ names: KeyPath<FileFacts, Set<String>>, _ range: Range<Int>) -> [CompletionItem] {
        var all = facts[keyPath: names]
        for file in snapshot.index.files.values { all.formUnion(file.facts[keyPath: names]) }
        let typed = outline.entries[entry].value.map { engine.typed(engine.inner($0)) }
        let mine = outline.entries[entry].value.map { outline.lines.string(engine.inner($0)) }
        return all.subtracting([typed, mine].compactMap { $0 }).sorted().map {
            CompletionItem(label: $0, kind: .reference, newText: $0, range: range, rank: 2)
        }
    }

    private func tasks(_ range: Range<Int>) -> [CompletionItem] {
        TaskManual.current.tasks.map { task in
            CompletionItem(
                label: task.reference,
                kind: .module,
                detail: task.title,
                documentation: task.documentation,
                newText: task.reference,
                range: range,
                rank: 2
            )
        }
    }

    // MARK: Templates

    private func templates(_ range: Range<Int>) -> [CompletionItem] {
        guard let value = outline.entries[entry].value else { return [] }
        let typed = engine.typed(engine.inner(value))
        if let at = typed.lastIndex(of: "@"),
            typed.utf8.distance(from: typed.startIndex, to: at) < engine.offset - range.lowerBound
        {
            let start = range.lowerBound + typed.utf8.distance(from: typed.startIndex, to: at) + 1
            return [word("self", start..<range.upperBound)] + definitions(facts.repositories, start..<range.upperBound)
        }
        let wanted = outline.schemaKey(entry).flatMap { Self.bodies[$0.mapping.id] }
        let root = snapshot.repositoryRoot(of: engine.file.path)
        let isAbsolute = typed.hasPrefix("/")
        return snapshot.index.paths.compactMap { path in
            guard path != engine.file.path, path.hasPrefix("\(root)/"), let facts = snapshot.facts(path) else {
                return nil
            }
            let fits = wanted.map { facts.rootKeys.contains($0) } ?? !facts.parameters.isEmpty
            let name =
                isAbsolute
                ? String(path.dropFirst(root.count))
                : Self.relative(path, to: EditorSnapshot.parent(engine.file.path))
            let detail = facts.parameters.map(\.name).joined(separator: ", ")
            return CompletionItem(
                label: name,
                kind: .file,
                detail: detail.isEmpty ? nil : "parameters: \(detail)",
                newText: name,
                range: range,
                rank: fits ? 2 : 7
            )
        }
    }

    /// The list a template must hold where it is named.
    private static let bodies = [
        "stepTemplate": "steps", "jobTemplate": "jobs", "stageTemplate": "stages", "variableTemplate": "variables",
    ]

    /// A path from a folder, with `..` where it must go up.
    static func relative(_ path: String, to folder: String) -> String {
        let target = path.split(separator: "/")
        let base = folder.split(separator: "/")
        let common = zip(target, base).prefix { $0 == $1 }.count
        let up = Array(repeating: "..", count: base.count - common)
        return (up + target.dropFirst(common).map(String.init)).joined(separator: "/")
    }

    // MARK: Inputs and parameters

    private func inputValues(_ reference: String, _ range: Range<Int>) -> [CompletionItem] {
        guard let name = outline.entries[entry].key?.text,
            let input = TaskManual.current.task(reference)?.input(name)
        else { return [] }
        switch input.kind {
        case .words(let words): return words.map { word($0, range) }
        case .boolean: return ["true", "false"].map { word($0, range) }
        case .text, .lines, .number, .path, .connection, .secureFile: return []
        }
    }

    private func parameterValues(_ template: String, _ range: Range<Int>) -> [CompletionItem] {
        guard let name = outline.entries[entry].key?.text,
            let path = snapshot.template(template, in: engine.file.path),
            let parameter = snapshot.facts(path)?.parameter(name)
        else { return [] }
        if !parameter.allowed.isEmpty { return parameter.allowed.map { word($0, range) } }
        return parameter.type.lowercased() == "boolean" ? ["true", "false"].map { word($0, range) } : []
    }
}
