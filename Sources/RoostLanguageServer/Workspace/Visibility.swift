import RoostPipeline

/// What names mean at a place of a file: variables of its scopes and of the templates they include, loop variables, jobs beside it.
struct Visibility {
    let snapshot: EditorSnapshot
    let file: EditorSnapshot.File
    /// The entry the place is in.
    let entry: Int

    /// A variable that is defined, and the file that does.
    struct Variable {
        let definition: FileFacts.Definition
        let file: EditorSnapshot.File
    }

    private static let depthLimit = 4

    /// Definitions that count here, the nearest scope first, the last definition of a scope first.
    var variables: [Variable] {
        var result: [Variable] = []
        let scopes = file.outline.ancestors(entry) + [entry, 0]
        let own = file.facts.variables.filter { scopes.contains($0.scope) }
        let order: (FileFacts.Definition) -> Int = { file.outline.entries[$0.scope].depth }
        for definition in own.reversed().sorted(by: { order($0) > order($1) }) {
            result.append(Variable(definition: definition, file: file))
        }
        var seen: Set<String> = [file.path]
        result += included(in: file, &seen, depth: 0)
        for root in snapshot.roots(of: file.path) where seen.insert(root).inserted {
            guard let other = snapshot.file(root) else { continue }
            result += other.facts.variables.filter { $0.scope == 0 }.map { Variable(definition: $0, file: other) }
            result += included(in: other, &seen, depth: 0)
        }
        return result
    }

    /// Variables of the templates that a file's `variables` include.
    private func included(in file: EditorSnapshot.File, _ seen: inout Set<String>, depth: Int) -> [Variable] {
        guard depth < Self.depthLimit else { return [] }
        var result: [Variable] = []
        for use in file.facts.templates {
            guard file.outline.schemaKey(use.entry)?.mapping.id == "variableTemplate",
                let path = snapshot.template(use.name, in: file.path), seen.insert(path).inserted,
                let other = snapshot.file(path)
            else { continue }
            result += other.facts.variables.map { Variable(definition: $0, file: other) }
            result += included(in: other, &seen, depth: depth + 1)
        }
        return result
    }

    func variables(named name: String) -> [Variable] {
        variables.filter { $0.definition.name.lowercased() == name.lowercased() }
    }

    /// Places in this file where a script sets a variable while it runs.
    func settings(of name: String) -> [Range<Int>] {
        let bytes = file.lines.bytes
        let mark = Array("task.setvariable variable=".utf8)
        let wanted = Array(name.lowercased().utf8)
        var result: [Range<Int>] = []
        var place = 0
        while place + mark.count + wanted.count <= bytes.count {
            guard bytes[place] == mark[0], bytes[place..<(place + mark.count)].elementsEqual(mark) else {
                place += 1
                continue
            }
            let start = place + mark.count
            let end = bytes[start...].firstIndex { $0 == UInt8(ascii: "]") || $0 == UInt8(ascii: ";") || $0 == 0x0A }
            let range = start..<(end ?? bytes.count)
            if file.lines.string(range).lowercased().utf8.elementsEqual(wanted) { result.append(range) }
            place = start
        }
        return result
    }

    /// Jobs of the same stage.
    var jobs: [FileFacts.Definition] {
        let stage = file.outline.ancestors(entry).first { file.outline.pair("stage", in: $0) != nil } ?? 0
        return file.facts.jobs.filter { $0.scope == stage }
    }

    /// Jobs of a stage, by its name.
    func jobs(ofStage name: String) -> [FileFacts.Definition] {
        guard let stage = file.facts.stages.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            return []
        }
        return file.facts.jobs.filter { job in stage.extent.contains(job.range.lowerBound) }
    }

    /// The stage or job that the place is in itself.
    func isSelf(_ definition: FileFacts.Definition) -> Bool {
        definition.extent.contains(file.outline.entries[entry].range.lowerBound)
    }

    /// Whether `dependencies` speaks of stages here rather than of jobs.
    var dependsOnStages: Bool {
        let nearest = file.outline.ancestors(entry).first { item in
            ["job", "deployment", "stage"].contains { file.outline.pair($0, in: item) != nil }
        }
        return nearest.map { file.outline.pair("stage", in: $0) != nil } ?? false
    }

    /// Variables of the loops around the place, the innermost first, with the entries of the loops.
    var loops: [(name: String, entry: Int)] {
        ([entry] + file.outline.ancestors(entry)).compactMap { ancestor in
            guard let key = file.outline.entries[ancestor].key?.text, key.hasPrefix("${{") else { return nil }
            let words = key.dropFirst(3).split(separator: " ")
            guard words.count > 2, words[0] == "each", words[2] == "in" else { return nil }
            return (String(words[1]), ancestor)
        }
    }
}
