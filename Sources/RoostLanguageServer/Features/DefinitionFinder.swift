import RoostPipeline

/// Finds where the name at a place is defined.
struct DefinitionFinder {
    private let snapshot: EditorSnapshot
    private let file: EditorSnapshot.File
    private let visibility: Visibility
    private let target: Target

    init?(_ snapshot: EditorSnapshot, path: String, offset: Int) {
        guard let file = snapshot.file(path), let finder = TargetFinder(snapshot, file, offset: offset),
            let (target, _) = finder.target
        else { return nil }
        self.snapshot = snapshot
        self.file = file
        visibility = finder.visibility
        self.target = target
    }

    var locations: [Location] {
        switch target {
        case .template(let name): template(name)
        case .templateParameter(let template, let name): parameter(name, of: template)
        case .parameter(let name): parameter(name, in: file)
        case .variable(let name): variable(name)
        case .loop(_, let entry): file.outline.entries[entry].key.map { [snapshot.location($0.range, in: file)] } ?? []
        case .stage(let name): definitions(file.facts.stages, name)
        case .job(let name, let stage):
            definitions(stage.map { visibility.jobs(ofStage: $0) } ?? visibility.jobs, name)
        case .repository(let name): definitions(file.facts.repositories, name)
        case .container(let name): definitions(file.facts.containers, name)
        case .pipeline(let name): definitions(file.facts.pipelines, name)
        case .key, .value, .task, .unknownTask, .input, .function, .directive, .context: []
        }
    }

    private func definitions(_ list: [FileFacts.Definition], _ name: String) -> [Location] {
        list.filter { $0.name.lowercased() == name.lowercased() }.map { snapshot.location($0.range, in: file) }
    }

    private func template(_ name: String) -> [Location] {
        guard let path = snapshot.template(name, in: file.path), let other = snapshot.file(path) else { return [] }
        return [snapshot.location(0..<0, in: other)]
    }

    private func parameter(_ name: String, of template: String) -> [Location] {
        guard let path = snapshot.template(template, in: file.path), let other = snapshot.file(path) else { return [] }
        return parameter(name, in: other)
    }

    private func parameter(_ name: String, in file: EditorSnapshot.File) -> [Location] {
        file.facts.parameter(name).map { [snapshot.location($0.range, in: file)] } ?? []
    }

    /// Definitions in files, places where scripts set it, and the step whose output it is.
    private func variable(_ name: String) -> [Location] {
        var locations = visibility.variables(named: name).map { snapshot.location($0.definition.range, in: $0.file) }
        locations += visibility.settings(of: name).map { snapshot.location($0, in: file) }
        if locations.isEmpty, let dot = name.firstIndex(of: ".") {
            locations = definitions(file.facts.steps, String(name[..<dot]))
        }
        return locations
    }
}
