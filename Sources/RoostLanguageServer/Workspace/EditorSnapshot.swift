import RoostPipeline

/// All that questions of the client are answered from: open documents, files, settings.
///
/// Answers are functions of it.
struct EditorSnapshot: Sendable {
    /// A file with its structure.
    struct File: Sendable {
        let path: String
        let outline: Outline
        let facts: FileFacts

        init(path: String, lines: TextLines) {
            self.path = path
            outline = Outline(lines)
            facts = FileFacts(outline)
        }

        var lines: TextLines { outline.lines }
    }

    /// Open documents by path, or by address when they are no files.
    var documents: [String: TextLines] = [:]
    /// The client's own spelling of the addresses of open documents.
    var uris: [String: String] = [:]
    /// Documents that the client says are pipelines, whatever they look like.
    var pipelineDocuments: Set<String> = []
    var folders: [String] = []
    /// Folders that stand for repositories, by alias.
    var repositories: [String: String] = [:]
    var index = WorkspaceIndex()
    var disk: any FileReading = LocalFiles()
    var encoding = PositionEncoding.utf16
    var client = ClientCapabilities()
    /// What variables came to, by `path:line:column` of their values.
    var values: [String: [String]] = [:]

    /// A file, as it is open or on disk.
    func file(_ path: String) -> File? {
        if let lines = documents[path] { return File(path: path, lines: lines) }
        guard path.hasPrefix("/"), let text = disk.text(path) else { return nil }
        return File(path: path, lines: TextLines(text))
    }

    /// The text of a file, as it is open or on disk.
    func text(_ path: String) -> String? {
        documents[path].map { $0.string(0..<$0.bytes.count) } ?? disk.text(path)
    }

    /// What a file says; the index answers for files that are not open.
    func facts(_ path: String) -> FileFacts? {
        if documents[path] == nil, let known = index.files[path] { return known.facts }
        return file(path)?.facts
    }

    func uri(_ path: String) -> String { uris[path] ?? (path.hasPrefix("/") ? FileURI.uri(path) : path) }

    func location(_ range: Range<Int>, in file: File) -> Location {
        Location(uri: uri(file.path), range: file.lines.range(range, encoding))
    }

    // MARK: Repositories

    /// The folder that is the root of a file's repository: the nearest with `.git`, else the folder that is open, else its own.
    func repositoryRoot(of path: String) -> String {
        var folder = Self.parent(path)
        if let known = index.roots[folder] { return known }
        while !folder.isEmpty {
            if disk.exists("\(folder)/.git") { return folder }
            folder = Self.parent(folder)
        }
        let open = folders.filter { path.hasPrefix("\($0)/") }
        return open.max { $0.utf8.count < $1.utf8.count } ?? Self.parent(path)
    }

    /// The folder a path is in, empty for those directly below the root.
    static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }

    /// The file that a reference to a template in a file means, whether or not it is there.
    func template(_ name: String, in path: String) -> String? {
        guard !name.contains("${{"), !name.contains("$(") else { return nil }
        let root = repositoryRoot(of: path)
        guard path.hasPrefix("\(root)/") else { return nil }
        let own = TemplateReference(path: String(path.dropFirst(root.count + 1)))
        guard let file = own.resolve(name) else { return nil }
        if file.alias.lowercased() == "self" { return "\(root)/\(file.path)" }
        return folder(ofRepository: file.alias).map { "\($0)/\(file.path)" }
    }

    /// The folder that stands for a repository resource.
    func folder(ofRepository alias: String) -> String? {
        repositories.first { $0.key.lowercased() == alias.lowercased() }?.value
    }

    /// The roots from which a file is reached, at most so many; itself alone when nothing includes it.
    func roots(of path: String) -> [String] {
        var roots: [String] = []
        var seen: Set<String> = [path]
        var next = [path]
        while let current = next.popLast(), roots.count < Self.rootLimit {
            let above = includers(of: current)
            if above.isEmpty { roots.append(current) }
            for file in above.reversed() where seen.insert(file).inserted { next.append(file) }
        }
        // Files that include each other in a circle have no root.
        return roots.isEmpty ? [path] : roots.sorted()
    }

    /// A template that more pipelines use is judged by these.
    private static let rootLimit = 40

    /// The files that include a file, directly: as they are open, or as they are on disk.
    private func includers(of path: String) -> [String] {
        let onDisk = (index.includers[path] ?? []).filter { documents[$0] == nil }
        let open = documents.keys.filter { other in
            guard other != path, let facts = facts(other) else { return false }
            return facts.templates.contains { template($0.name, in: other) == path }
        }
        return (onDisk + open).sorted()
    }
}
