import RoostPipeline

@testable import RoostLanguageServer

/// An editor with one document open, whose cursor is where `‸` stands in its text, and other files beside it.
struct Editor {
    let path: String
    let offset: Int
    var snapshot: EditorSnapshot

    static let folder = "/site"

    init(_ marked: String, path: String = "azure-pipelines.yml", files: [String: String] = [:]) {
        let parts = marked.split(separator: "‸", maxSplits: 1, omittingEmptySubsequences: false)
        let text = parts.joined()
        self.path = "\(Self.folder)/\(path)"
        offset = parts[0].utf8.count
        snapshot = EditorSnapshot()
        snapshot.folders = [Self.folder]
        let disk = MemoryFiles(
            Dictionary(uniqueKeysWithValues: files.map { ("\(Self.folder)/\($0.key)", $0.value) })
        )
        snapshot.disk = disk
        var index = WorkspaceIndex(of: [Self.folder], disk)
        index.link(snapshot)
        snapshot.index = index
        snapshot.documents[self.path] = TextLines(text)
        snapshot.client.hasSnippets = true
    }

    var items: [CompletionItem] { CompletionEngine(snapshot, path: path, offset: offset)?.items ?? [] }
    var labels: [String] { items.map(\.label) }
    var hover: String? { Hover(snapshot, path: path, offset: offset)?.text }

    /// `file:line` of each definition, lines from 1.
    var definitions: [String] {
        let locations = DefinitionFinder(snapshot, path: path, offset: offset)?.locations ?? []
        return locations.map { "\($0.uri.split(separator: "/").last ?? ""):\($0.range.start.line + 1)" }
    }

    /// The document after an item was taken.
    func text(taking label: String) -> String? {
        guard let item = items.first(where: { $0.label == label }), let lines = snapshot.documents[path] else {
            return nil
        }
        var bytes = lines.bytes
        bytes.replaceSubrange(item.range, with: Array(item.newText.utf8))
        return String(decoding: bytes, as: UTF8.self)
    }
}
