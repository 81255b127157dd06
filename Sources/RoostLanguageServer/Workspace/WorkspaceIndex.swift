import RoostPipeline

/// The YAML files of the folders that are open, with what each says; read again where they changed.
struct WorkspaceIndex: Sendable {
    struct File: Sendable {
        let stamp: Int
        let facts: FileFacts
    }

    /// By absolute path.
    private(set) var files: [String: File] = [:]

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
}
