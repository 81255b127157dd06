import RoostLanguage
import RoostPipeline

/// Keys that may be written in a mapping, and the beginnings of items of a list.
struct KeyCompletion {
    private let engine: CompletionEngine
    /// The entry that is being written.
    private let entry: Int
    /// The entry whose mapping it is in.
    private let container: Int

    init(_ engine: CompletionEngine, _ entry: Int, container: Int) {
        self.engine = engine
        self.entry = entry
        self.container = container
    }

    private var outline: Outline { engine.outline }
    private var schema: PipelineSchema { .current }

    var items: [CompletionItem] {
        guard !isInline else { return [] }
        if let task = outline.task(ofInputsAt: probe) { return inputs(of: task.text) }
        if let template = outline.template(ofParametersAt: probe) { return parameters(of: template.text) }
        let mappings = outline.mappings(in: container)
        var items: [CompletionItem] = []
        if mappings.count == 1 {
            items = keys(of: mappings[0])
        } else {
            items = firstKeys(of: mappings)
        }
        return items + listItems
    }

    /// A pair with text before it in its line, such as a value: no key can begin there.
    private var isInline: Bool {
        outline.entries[entry].kind == .word && outline.entries[container].value != nil
    }

    /// An entry directly in the container.
    private var probe: Int { entry == container ? outline.entries[entry].children.first ?? entry : entry }

    private var present: Set<String> {
        Set(outline.containerPairs(container).filter { $0 != entry }.compactMap { outline.entries[$0].key?.text })
    }

    // MARK: Keys of the schema

    private func keys(of mapping: SchemaMapping) -> [CompletionItem] {
        let present = present
        if let first = mapping.firstKey, present.isEmpty, isItem {
            return [item(first, in: mapping, rank: 1)]
        }
        var left = mapping.keys.filter { !present.contains($0.name) }
        if mapping.id == "root" { left = rootKeys(left, present) }
        return left.map { item($0, in: mapping, rank: $0.isRequired ? 1 : ($0.isDeprecated ? 8 : 3)) }
    }

    private var isItem: Bool { outline.entries[container].kind == .item }

    /// A file has one of stages, jobs, steps and extends; what a job has stands at the root beside steps only.
    private func rootKeys(_ keys: [SchemaKey], _ present: Set<String>) -> [SchemaKey] {
        let bodies: Set<String> = ["stages", "jobs", "steps", "extends"]
        let ofSteps = Set(schema.mappings["rootSteps"]?.keys.map(\.name) ?? [])
        let body = bodies.intersection(present).first
        return keys.filter { key in
            if bodies.contains(key.name) { return body == nil }
            return !ofSteps.contains(key.name) || body == "steps"
        }
    }

    /// The keys that say what an item is.
    private func firstKeys(of mappings: [SchemaMapping], prefix: String = "") -> [CompletionItem] {
        mappings.enumerated().compactMap { place, mapping in
            mapping.firstKey.map { item($0, in: mapping, rank: 1 + place / 7, prefix: prefix) }
        }
    }

    /// Items of a list below a key, when nobody has begun one: `- script: `.
    private var listItems: [CompletionItem] {
        guard outline.entries[entry].kind == .word, outline.entries[container].kind == .pair else { return [] }
        return outline.values(of: container).flatMap { value -> [CompletionItem] in
            guard case .list(let id) = value else { return [] }
            return firstKeys(of: schema.members(id), prefix: "- ")
        }
    }

    private func item(_ key: SchemaKey, in mapping: SchemaMapping, rank: Int, prefix: String = "") -> CompletionItem {
        CompletionItem(
            label: prefix + key.name,
            kind: .property,
            detail: key.values.map(\.description).joined(separator: " or "),
            documentation: key.documentation,
            newText: prefix + key.name + tail(key.values, column: prefix.count),
            isSnippet: isSnippet(key.values),
            range: range,
            rank: rank,
            isDeprecated: key.isDeprecated
        )
    }

    // MARK: What is written

    private var existingKey: Outline.Piece? { outline.entries[entry].kind == .pair ? outline.entries[entry].key : nil }

    /// The word that is replaced.
    private var range: Range<Int> {
        if let key = existingKey { return engine.documentRange(key.range) }
        return outline.entries[entry].value.map { engine.documentRange($0.range) } ?? engine.offset..<engine.offset
    }

    private func isSnippet(_ values: [SchemaValue]) -> Bool {
        guard existingKey == nil, engine.snapshot.client.hasSnippets, let first = values.first else { return false }
        switch first {
        case .mapping, .list, .named, .textMapping, .texts, .names: return !isFlow
        default: return false
        }
    }

    private var isFlow: Bool { outline.entries[entry].isFlow }

    /// What follows a key: a blank for texts, a line of its own for mappings and lists.
    private func tail(_ values: [SchemaValue], column: Int = 0) -> String {
        guard existingKey == nil else { return "" }
        guard isSnippet(values), let first = values.first else { return isText(values) ? ": " : ":" }
        let indentation = String(repeating: " ", count: indentation + column)
        switch first {
        case .list, .texts, .names: return ":\n\(indentation)- $0"
        default: return ":\n\(indentation)  $0"
        }
    }

    private func isText(_ values: [SchemaValue]) -> Bool {
        guard let first = values.first, !isFlow else { return true }
        switch first {
        case .mapping, .list, .named, .textMapping, .texts, .names: return false
        default: return true
        }
    }

    /// How much further in the key stands than its line, which clients indent by themselves.
    private var indentation: Int {
        let lines = engine.file.lines
        let start = lines.starts[lines.line(of: range.lowerBound)]
        let blanks = lines.bytes[start...].prefix { $0 == 0x20 }.count
        return max(0, range.lowerBound - start - blanks)
    }

    // MARK: Inputs and parameters

    private func inputs(of reference: String) -> [CompletionItem] {
        guard let task = TaskManual.current.task(reference) else { return [] }
        let present = present.map { $0.lowercased() }
        let left = task.inputs.filter { input in
            !([input.name] + input.aliases).contains { present.contains($0.lowercased()) }
        }
        return left.map { input in
            let value = hint(input)
            return CompletionItem(
                label: input.name,
                kind: .property,
                detail: input.summary,
                documentation: input.documentation,
                newText: existingKey != nil ? input.name : "\(input.name): \(value)",
                isSnippet: existingKey == nil && value.contains("$"),
                range: range,
                rank: input.isRequired && input.condition == nil ? 1 : 3
            )
        }
    }

    /// The default of an input, ready to be written over.
    private func hint(_ input: TaskInput) -> String {
        guard engine.snapshot.client.hasSnippets else { return "" }
        let words: [String]? =
            switch input.kind {
            case .words(let words): words
            case .boolean: ["true", "false"]
            default: nil
            }
        if let words {
            let ordered = words.filter { $0 == input.defaultValue } + words.filter { $0 != input.defaultValue }
            return "${1|\(ordered.joined(separator: ","))|}"
        }
        guard let value = input.defaultValue else { return "" }
        let needsQuotes = ["*", "{", "[", "&", "!", "%", "@", "`", "#", "|", ">"].contains { value.hasPrefix($0) }
        return needsQuotes ? "'${1:\(CompletionItem.escaped(value))}'" : "${1:\(CompletionItem.escaped(value))}"
    }

    private func parameters(of template: String) -> [CompletionItem] {
        guard let path = engine.snapshot.template(template, in: engine.file.path),
            let facts = engine.snapshot.facts(path)
        else { return [] }
        let present = present.map { $0.lowercased() }
        return facts.parameters.filter { !present.contains($0.name.lowercased()) }.map { parameter in
            CompletionItem(
                label: parameter.name,
                kind: .property,
                detail: parameter.summary,
                documentation: parameter.displayName,
                newText: existingKey != nil ? parameter.name : "\(parameter.name): ",
                range: range,
                rank: parameter.hasDefault ? 3 : 1
            )
        }
    }
}

extension TaskInput {
    /// Its kind, whether it must be there, and what counts without it.
    var summary: String {
        var text = kind.description
        if isRequired { text += ", required" }
        if let condition { text += " when \(condition)" }
        if let defaultValue { text += ", default \(defaultValue)" }
        return text
    }
}

extension FileFacts.Parameter {
    /// Its type, and what counts without it.
    var summary: String {
        var text = type
        if !allowed.isEmpty { text += ": \(allowed.joined(separator: " | "))" }
        if !hasDefault { return text + ", required" }
        if let defaultValue, !defaultValue.isEmpty { text += ", default \(defaultValue)" }
        return text
    }
}
