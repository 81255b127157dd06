import RoostLanguage
import RoostPipeline

/// What the text at a place means.
enum Target: Hashable, Sendable {
    case key(SchemaMapping, SchemaKey)
    case value(SchemaKey, String)
    case task(TaskDefinition)
    case unknownTask(String)
    case input(TaskDefinition, TaskInput)
    case template(name: String)
    case templateParameter(template: String, name: String)
    case function(FunctionDocumentation)
    case directive(String)
    case context(ExpressionContext)
    case variable(String)
    case parameter(String)
    case loop(String, entry: Int)
    case stage(String)
    case job(String, stage: String?)
    case repository(String)
    case container(String)
    case pipeline(String)
}

/// Finds out what the text at a place of a file means.
struct TargetFinder {
    let file: EditorSnapshot.File
    let visibility: Visibility
    private let site: Outline.Site
    private let entry: Int
    private let offset: Int

    init?(_ snapshot: EditorSnapshot, _ file: EditorSnapshot.File, offset: Int) {
        guard let site = file.outline.site(at: offset) else { return nil }
        self.file = file
        self.site = site
        self.offset = offset
        entry =
            switch site {
            case .key(let entry), .value(let entry): entry
            }
        visibility = Visibility(snapshot: snapshot, file: file, entry: entry)
    }

    private var outline: Outline { file.outline }

    /// What it means, and the bytes that say it.
    var target: (Target, Range<Int>)? {
        switch site {
        case .key:
            guard let key = outline.entries[entry].key else { return nil }
            if let found = inExpression(key.range, key: nil) { return found }
            return keyTarget(key).map { ($0, key.range) }
        case .value:
            guard let value = outline.entries[entry].value else { return nil }
            let node = outline.entries[entry]
            let name = node.kind == .word ? outline.entries[node.parent].key?.text : node.key?.text
            if let found = inExpression(value.range, key: name) { return found }
            return valueTarget(value).map { ($0, value.range) }
        }
    }

    // MARK: Keys and values

    private func keyTarget(_ key: Outline.Piece) -> Target? {
        if let reference = outline.task(ofInputsAt: entry) {
            guard let task = TaskManual.current.task(reference.text) else { return nil }
            return task.input(key.text).map { .input(task, $0) }
        }
        if let template = outline.template(ofParametersAt: entry) {
            return .templateParameter(template: template.text, name: key.text)
        }
        if let (mapping, known) = outline.schemaKey(entry) { return .key(mapping, known) }
        let isVariable = file.facts.variables.contains { $0.range == key.range }
        return isVariable ? .variable(key.text) : nil
    }

    private func valueTarget(_ value: Outline.Piece) -> Target? {
        if file.facts.variables.contains(where: { $0.range == value.range }) { return .variable(value.text) }
        if file.facts.parameters.contains(where: { $0.range == value.range }) { return .parameter(value.text) }
        for kind in outline.values(of: entry) {
            switch kind {
            case .name(let reference), .names(let reference):
                if let target = named(reference, value.text) { return target }
            default: continue
            }
        }
        guard outline.entries[entry].kind == .pair, let (_, key) = outline.schemaKey(entry) else { return nil }
        return .value(key, value.text)
    }

    private func named(_ reference: SchemaValue.Reference, _ name: String) -> Target? {
        switch reference {
        case .stage: .stage(name)
        case .job: .job(name, stage: nil)
        case .template: alias(in: name).map { .repository($0) } ?? .template(name: name)
        case .repository: .repository(name)
        case .task: TaskManual.current.task(name).map { .task($0) } ?? .unknownTask(name)
        case .container: .container(name)
        case .pipeline: .pipeline(name)
        case .pool, .environment, .image: nil
        }
    }

    /// The alias in `path@alias`, when the place is in it.
    private func alias(in name: String) -> String? {
        guard let value = outline.entries[entry].value, let at = name.lastIndex(of: "@") else { return nil }
        let quote = value.style == .quoted ? 1 : 0
        let start = value.range.lowerBound + quote + name.utf8.distance(from: name.startIndex, to: at)
        return offset > start ? String(name[name.index(after: at)...]) : nil
    }

    // MARK: Expressions

    private func inExpression(_ scalar: Range<Int>, key: String?) -> (Target, Range<Int>)? {
        let bytes = file.lines.bytes
        switch ExpressionScan(bytes: bytes, scalar: scalar, key: key).place(at: offset) {
        case .macro(let range): return range.isEmpty ? nil : (.variable(file.lines.string(range)), range)
        case .expression(let kind, let range):
            let path = ExpressionPath(Array(bytes[range]), at: offset - range.lowerBound)
            let word = (path.word.lowerBound + range.lowerBound)..<(path.word.upperBound + range.lowerBound)
            guard !word.isEmpty else { return nil }
            return named(file.lines.string(word), path, kind).map { ($0, word) }
        case nil: return nil
        }
    }

    private func named(_ word: String, _ path: ExpressionPath, _ kind: ExpressionScan.Kind) -> Target? {
        switch path.form {
        case .text: return nil
        case .start:
            if let loop = visibility.loops.first(where: { $0.name.lowercased() == word.lowercased() }) {
                return .loop(loop.name, entry: loop.entry)
            }
            if !path.isCall, let context = ExpressionContext.named(word) { return .context(context) }
            if kind == .compileTime, !path.isCall, ["if", "elseif", "else", "each", "insert"].contains(word) {
                return .directive(word)
            }
            return FunctionDocumentation.named(word).map { .function($0) }
        case .member, .index: return member(word, path.base)
        }
    }

    private func member(_ word: String, _ base: [String]) -> Target? {
        switch (base.first?.lowercased(), base.count) {
        case ("variables", 1): .variable(word)
        case ("parameters", 1): .parameter(word)
        case ("dependencies", 1): visibility.dependsOnStages ? .stage(word) : .job(word, stage: nil)
        case ("stagedependencies", 1): .stage(word)
        case ("stagedependencies", 2): .job(word, stage: base[1])
        case ("resources", 2) where base[1].lowercased() == "repositories": .repository(word)
        default: nil
        }
    }
}
