import RoostPipeline

/// What one file says that others, or other places of it, refer to.
struct FileFacts: Sendable {
    /// A name that is defined, with what is known of it.
    struct Definition: Hashable, Sendable {
        var name: String
        /// Of the name.
        var range: Range<Int>
        /// Of the whole thing.
        var extent: Range<Int>
        /// The value of a variable, the display name of a job.
        var detail: String?
        /// Of the value, when there is one.
        var valueRange: Range<Int>?
        /// The entry that the name counts in: the root, a stage or a job.
        var scope: Int
    }

    /// A parameter a file declares.
    struct Parameter: Hashable, Sendable {
        var name: String
        var range: Range<Int>
        var type: String
        var defaultValue: String?
        var hasDefault: Bool
        var allowed: [String]
        var displayName: String?
        /// The old form, in which everything is optional.
        var isUntyped: Bool
    }

    /// A reference to a template.
    struct TemplateUse: Hashable, Sendable {
        var name: String
        var range: Range<Int>
        var entry: Int
    }

    var stages: [Definition] = []
    /// The scope is the entry of the stage, or the root.
    var jobs: [Definition] = []
    var variables: [Definition] = []
    /// Names of variable groups.
    var groups: [Definition] = []
    var parameters: [Parameter] = []
    var repositories: [Definition] = []
    var containers: [Definition] = []
    var pipelines: [Definition] = []
    var pools: Set<String> = []
    var environments: Set<String> = []
    var templates: [TemplateUse] = []
    /// Steps with a name, whose output variables others read.
    var steps: [Definition] = []
    /// The keys at the root.
    var rootKeys: [String] = []

    init(_ outline: Outline) {
        var reader = FactReader(outline: outline)
        reader.read()
        self = reader.facts
    }

    init() {}

    func parameter(_ name: String) -> Parameter? { parameters.first { $0.name.lowercased() == name.lowercased() } }
}

/// Gathers facts from an outline.
private struct FactReader {
    let outline: Outline
    var facts = FileFacts()

    mutating func read() {
        facts.rootKeys = outline.pairs(0).compactMap { outline.entries[$0].key?.text }
        for index in outline.entries.indices where outline.entries[index].kind == .pair {
            guard let key = outline.entries[index].key?.text else { continue }
            read(index, key)
        }
    }

    private mutating func read(_ index: Int, _ key: String) {
        let value = outline.entries[index].value
        switch key {
        case "stage": if isFirst(index, "stage") { add(value, index, to: \.stages) }
        case "job", "deployment": if isFirst(index, key) { add(value, index, to: \.jobs) }
        case "template": if let value { template(value, index) }
        case "variables": if isMember(index, of: ["root", "stage", "job", "deployment"]) { variables(index) }
        case "parameters": if outline.entries[index].parent == 0 { parameters(index) }
        case "repository": if isMember(index, of: ["repository"]) { add(value, index, to: \.repositories) }
        case "container": if isMember(index, of: ["containerResource"]) { add(value, index, to: \.containers) }
        case "pipeline": if isMember(index, of: ["pipelineResource"]) { add(value, index, to: \.pipelines) }
        case "pool": if let value, !value.text.contains("$") { facts.pools.insert(value.text) }
        case "environment": if let value, !value.text.contains("$") { facts.environments.insert(value.text) }
        case "name":
            if isMember(index, of: ["pool"]), let value, !value.text.contains("$") { facts.pools.insert(value.text) }
            if isMember(index, of: Self.stepIDs) { add(value, index, to: \.steps) }
        default: break
        }
    }

    private static let stepIDs = PipelineSchema.current.groups["step"]?.members ?? []

    private func isMember(_ index: Int, of ids: [String]) -> Bool {
        outline.mappings(in: outline.entries[index].parent).contains { ids.contains($0.id) }
    }

    private func isFirst(_ index: Int, _ key: String) -> Bool {
        outline.schemaKey(index).map { $0.key.isFirst && $0.key.name == key } ?? false
    }

    private mutating func add(
        _ value: Outline.Piece?,
        _ index: Int,
        to list: WritableKeyPath<FileFacts, [FileFacts.Definition]>
    ) {
        guard let value, !value.text.isEmpty else { return }
        let parent = outline.entries[index].parent
        facts[keyPath: list].append(
            FileFacts.Definition(
                name: value.text,
                range: value.range,
                extent: outline.entries[parent].range,
                detail: outline.text("displayName", in: parent)?.text,
                valueRange: nil,
                scope: stage(around: index)
            )
        )
    }

    /// The stage an entry is in, the root when there is none.
    private func stage(around index: Int) -> Int {
        outline.ancestors(index).dropFirst().first { outline.pair("stage", in: $0) != nil } ?? 0
    }

    private mutating func template(_ value: Outline.Piece, _ index: Int) {
        let isReference = outline.schemaKey(index).map { $0.key.name == "template" } ?? false
        guard isReference, !value.text.isEmpty else { return }
        facts.templates.append(FileFacts.TemplateUse(name: value.text, range: value.range, entry: index))
    }

    // MARK: Variables

    private mutating func variables(_ index: Int) {
        let scope = outline.entries[index].parent
        for pair in outline.pairs(index) {
            let entry = outline.entries[pair]
            guard let key = entry.key, outline.items(index).isEmpty else { continue }
            define(key, value: entry.value, extent: entry.range, scope)
        }
        for item in outline.items(index) {
            if let name = outline.text("name", in: item) {
                define(name, value: outline.text("value", in: item), extent: outline.entries[item].range, scope)
            }
            if let group = outline.text("group", in: item) {
                facts.groups.append(
                    FileFacts.Definition(
                        name: group.text,
                        range: group.range,
                        extent: outline.entries[item].range,
                        scope: scope
                    )
                )
            }
        }
    }

    private mutating func define(_ name: Outline.Piece, value: Outline.Piece?, extent: Range<Int>, _ scope: Int) {
        guard !name.text.hasPrefix("${{") else { return }
        facts.variables.append(
            FileFacts.Definition(
                name: name.text,
                range: name.range,
                extent: extent,
                detail: value?.text,
                valueRange: value?.range,
                scope: scope
            )
        )
    }

    // MARK: Parameters

    private mutating func parameters(_ index: Int) {
        let items = outline.items(index)
        guard items.isEmpty else {
            for item in items { parameter(item) }
            return
        }
        for pair in outline.pairs(index) {
            guard let key = outline.entries[pair].key else { continue }
            facts.parameters.append(
                FileFacts.Parameter(
                    name: key.text,
                    range: key.range,
                    type: "string",
                    defaultValue: outline.entries[pair].value?.text,
                    hasDefault: true,
                    allowed: [],
                    displayName: nil,
                    isUntyped: true
                )
            )
        }
    }

    private mutating func parameter(_ item: Int) {
        guard let name = outline.text("name", in: item) else { return }
        let values = outline.pair("values", in: item).map { outline.items($0) } ?? []
        let standard = outline.pair("default", in: item)
        facts.parameters.append(
            FileFacts.Parameter(
                name: name.text,
                range: name.range,
                type: outline.text("type", in: item)?.text ?? "string",
                defaultValue: standard.flatMap { outline.entries[$0].value?.text },
                hasDefault: standard != nil,
                allowed: values.compactMap { outline.entries[$0].value?.text },
                displayName: outline.text("displayName", in: item)?.text,
                isUntyped: false
            )
        )
    }
}
