import RoostLanguage
import RoostModel
import Synchronization

/// A task that is a folder of files, as its `task.json` describes it.
struct TaskFolder: Sendable {
    let path: String
    let manifest: TaskManifest

    /// - Throws: ``TaskFolderFailure/unreadable(_:problems:)``.
    init(path: String, name: String) throws(TaskFolderFailure) {
        let bytes = ProcFile.read("\(path)/task.json", limit: 4 << 20) ?? []
        let (manifest, problems) = TaskManifestReader.read(bytes)
        guard let manifest else {
            throw .unreadable(name, problems: problems.filter(\.isError).map(\.description))
        }
        self.path = path
        self.manifest = manifest
    }
}

/// The task folders of a job, found before its first step.
final class TaskFolders: Sendable {
    private let folders = Mutex<[String: TaskFolder]>([:])
    /// Major versions of programs, asked once a job.
    private let versions = Mutex<[String: Int]>([:])

    subscript(task: TaskReference) -> TaskFolder? { folders.withLock { $0[Self.key(task)] } }

    func put(_ folder: TaskFolder, for task: TaskReference) { folders.withLock { $0[Self.key(task)] = folder } }

    func nodeVersion(_ path: String) -> Int? { versions.withLock { $0[path] } }
    func setNodeVersion(_ version: Int, of path: String) { versions.withLock { $0[path] = version } }

    private static func key(_ task: TaskReference) -> String { "\(task.id.lowercased())@\(task.version)" }
}
