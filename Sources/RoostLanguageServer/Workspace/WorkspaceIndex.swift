import RoostPipeline

/// The YAML files of the folders that are open, with what each says; read again where they changed.
struct WorkspaceIndex: Sendable {
    struct File: Sendable {
        let stamp: Int
        let facts: FileFacts
    }

    /// By absolute path.
    private(set) var files: [String: File] = [:]
    /// Files by the files they include.
    private(set) var includers: [String: [String]] = [:]
    /// Roots of repositories, by the folders in them.
    private(set) var roots: [String: String] = [:]

    private static let fileLimit = 5000

    init() {}

    /// The index of folders; files that did not change are taken from an older one.
    init(of folders: [String], _ disk: any FileReading, reusing old: WorkspaceIndex = WorkspaceIndex()) {
        for folder in folders {
            for path in disk.yamlFiles(in: folder, limit: Self.fileLimit) {
                guard !Task.isCancelled, files.count < Self.fileLimit, let stamp = disk.stamp(path) else { continue }
                if let known = old.files[path], known.stamp == stamp {
                    files[path] = known
                } else if let text = disk.text(path) {
                    files[path] = File(stamp: stamp, facts: FileFacts(Outline(TextLines(text))))
                }
            }
        }
    }

    var paths: [String] { files.keys.sorted() }

    /// Notes which file includes which, as a snapshot with this index resolves their references.
    mutating func link(_ snapshot: EditorSnapshot) {
        var snapshot = snapshot
        snapshot.index = self
        for folder in Set(files.keys.map(EditorSnapshot.parent)) {
            roots[folder] = snapshot.repositoryRoot(of: "\(folder)/")
        }
        snapshot.index = self
        for path in paths {
            for use in files[path]?.facts.templates ?? [] {
                if let file = snapshot.template(use.name, in: path), file != path {
                    includers[file, default: []].append(path)
                }
            }
        }
    }
}
