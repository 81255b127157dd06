import RoostLanguage
import RoostPipeline

/// What is said about the text at a place.
struct Hover {
    let text: String
    let range: Range<Int>

    init?(_ snapshot: EditorSnapshot, path: String, offset: Int) {
        guard let file = snapshot.file(path), let finder = TargetFinder(snapshot, file, offset: offset),
            let (target, range) = finder.target,
            let text = HoverText(snapshot: snapshot, visibility: finder.visibility).text(of: target)
        else { return nil }
        self.text = text
        self.range = range
    }
}

/// Puts targets into words, as Markdown.
struct HoverText {
    let snapshot: EditorSnapshot
    let visibility: Visibility

    private var file: EditorSnapshot.File { visibility.file }

    /// Nil when nothing is known that the text does not say itself.
    func text(of target: Target) -> String? {
        switch target {
        case .key(let mapping, let key): keyText(mapping, key)
        case .value(let key, _): "**\(key.name)**: \(key.documentation)"
        case .task(let task): taskText(task)
        case .unknownTask(let name): "**\(name)** is not among the tasks that are known here; it may be installed."
        case .input(let task, let input): inputText(task, input)
        case .template(let name): templateText(name)
        case .templateParameter(let template, let name): templateParameterText(template, name)
        case .function(let function): "```\n\(function.signature)\n```\n\(function.documentation)"
        case .directive(let word): Self.directives[word]
        case .context(let context): "**\(context.name)**\n\n\(context.documentation)"
        case .variable(let name): variableText(name)
        case .parameter(let name): file.facts.parameter(name).map(parameterText)
        case .loop(let name, let entry): loopText(name, entry)
        case .stage(let name): definitionText("stage", name, file.facts.stages)
        case .job(let name, let stage):
            definitionText("job", name, stage.map { visibility.jobs(ofStage: $0) } ?? visibility.jobs)
        case .repository(let name): repositoryText(name)
        case .container(let name): definitionText("container", name, file.facts.containers)
        case .pipeline(let name): definitionText("pipeline resource", name, file.facts.pipelines)
        }
    }

    private static let directives = [
        "if": "**if**: keeps what is below when the expression is true.",
        "elseif": "**elseif**: keeps what is below when no branch before was kept and the expression is true.",
        "else": "**else**: keeps what is below when no branch before was kept.",
        "each": "**each**: repeats what is below for every item of a list, or for every pair of a mapping.",
        "insert": "**insert**: puts the pairs of a mapping in this place.",
    ]

    // MARK: Keys and tasks

    private func keyText(_ mapping: SchemaMapping, _ key: SchemaKey) -> String {
        var text = "**\(key.name)**: \(key.values.map(\.description).joined(separator: " or "))"
        if key.isDeprecated { text += "  \n*For old files only.*" }
        text += "\n\n\(key.documentation)"
        if key.isFirst, mapping.documentation != key.documentation {
            text += "\n\n\(mapping.noun): \(mapping.documentation)"
        }
        return text
    }

    private func taskText(_ task: TaskDefinition) -> String {
        var text = "**\(task.reference)**: \(task.title)\n\n\(task.documentation)\n"
        let isOurs = TaskCatalog.task(task.name)?.majors.contains(task.major) ?? false
        if !isOurs { text += "\n*Agents of Roost do not carry it out by themselves.*\n" }
        for input in task.inputs { text += "\n- `\(input.name)`\(input.isRequired ? " (required)" : "")" }
        return text
    }

    private func inputText(_ task: TaskDefinition, _ input: TaskInput) -> String {
        var text = "**\(input.name)** of \(task.reference): \(input.kind.description)\n\n\(input.documentation)"
        if let condition = input.condition { text += "\n\nCounts when `\(condition)`." }
        if let value = input.defaultValue { text += "\n\nDefault: `\(value)`" }
        if !input.aliases.isEmpty { text += "\n\nAlso: \(input.aliases.joined(separator: ", "))" }
        if input.isRequired { text += "\n\nRequired." }
        return text
    }

    // MARK: Templates and parameters

    private func templateText(_ name: String) -> String? {
        guard let path = snapshot.template(name, in: file.path) else { return nil }
        guard let facts = snapshot.facts(path) else { return "There is no file `\(path)`." }
        var text = "**\(name)**\n\n`\(path)`\n"
        for parameter in facts.parameters { text += "\n- `\(parameter.name)`: \(parameter.summary)" }
        return text
    }

    private func templateParameterText(_ template: String, _ name: String) -> String? {
        guard let path = snapshot.template(template, in: file.path), let facts = snapshot.facts(path) else {
            return nil
        }
        guard let parameter = facts.parameter(name) else { return "The template has no parameter **\(name)**." }
        return parameterText(parameter)
    }

    private func parameterText(_ parameter: FileFacts.Parameter) -> String {
        var text = "**\(parameter.name)**: \(parameter.summary)"
        if let name = parameter.displayName { text += "\n\n\(name)" }
        return text
    }

    // MARK: Names

    private func variableText(_ name: String) -> String? {
        var lines: [String] = []
        for variable in visibility.variables(named: name) { lines.append("- " + place(of: variable)) }
        for range in visibility.settings(of: name) {
            lines.append("- set while the run goes on in line \(file.lines.line(of: range.lowerBound) + 1)")
        }
        if let predefined = PredefinedVariable.named(name) {
            let time = predefined.isKnownAtCompileTime ? "" : "\n\nHas no value in `${{ }}`."
            let own = lines.isEmpty ? "" : "\n\n\(lines.joined(separator: "\n"))"
            return "**\(predefined.name)**, predefined\n\n\(predefined.documentation)\(time)\(own)"
        }
        guard lines.isEmpty else { return "**\(name)**\n\n\(lines.joined(separator: "\n"))" }
        let groups = file.facts.groups.map { "'\($0.name)'" }
        guard !groups.isEmpty else { return "**\(name)** is set nowhere in the files that are open here." }
        return "**\(name)** is set nowhere in the files; it may come from the group \(groups.joined(separator: ", "))."
    }

    /// Where a variable is set, and to what.
    private func place(of variable: Visibility.Variable) -> String {
        let lines = variable.file.lines
        let line = lines.line(of: variable.definition.range.lowerBound) + 1
        let name = variable.file.path.split(separator: "/").last.map(String.init) ?? variable.file.path
        var text = variable.file.path == file.path ? "line \(line)" : "\(name):\(line)"
        if let value = variable.definition.detail { text += ": `\(value)`" }
        guard let range = variable.definition.valueRange else { return text }
        let column = lines.string(lines.starts[lines.line(of: range.lowerBound)]..<range.lowerBound).count + 1
        let known = snapshot.values["\(variable.file.path):\(lines.line(of: range.lowerBound) + 1):\(column)"] ?? []
        let other = known.filter { $0 != variable.definition.detail }
        return other.isEmpty ? text : text + ", which is \(other.map { "`\($0)`" }.joined(separator: " or "))"
    }

    private func loopText(_ name: String, _ entry: Int) -> String? {
        file.outline.entries[entry].key.map { "**\(name)**: the item of the loop `\($0.text)`" }
    }

    private func definitionText(_ kind: String, _ name: String, _ list: [FileFacts.Definition]) -> String? {
        guard let found = list.first(where: { $0.name.lowercased() == name.lowercased() }) else { return nil }
        let line = file.lines.line(of: found.range.lowerBound) + 1
        return "\(kind) **\(found.name)**, line \(line)" + (found.detail.map { "\n\n\($0)" } ?? "")
    }

    private func repositoryText(_ alias: String) -> String? {
        if alias.lowercased() == "self" { return "**self**: the repository of the pipeline." }
        if alias.lowercased() == "none" { return "**none**: nothing is fetched." }
        guard let found = file.facts.repositories.first(where: { $0.name.lowercased() == alias.lowercased() }),
            let item = file.outline.site(at: found.range.lowerBound)
        else { return nil }
        var text = "repository **\(found.name)**"
        if case .value(let pair) = item {
            let parent = file.outline.entries[pair].parent
            for key in ["type", "name", "ref"] {
                if let value = file.outline.text(key, in: parent) { text += "\n- \(key): `\(value.text)`" }
            }
        }
        if let folder = snapshot.folder(ofRepository: alias) { text += "\n- folder: `\(folder)`" }
        return text
    }
}
