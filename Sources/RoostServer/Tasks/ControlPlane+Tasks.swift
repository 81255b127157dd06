import FoundationEssentials
import NIOCore
import RoostContent
import RoostLanguage
import RoostModel
import RoostPipeline
import RoostStore

extension ControlPlane {
    /// Packages are no larger.
    static let packageLimit = 512 << 20

    /// Installed tasks, by name and version.
    func installedTasks() -> [InstalledTask] { read { $0.tasks.tasks } }

    /// Installs a package.
    ///
    /// - Parameters:
    ///   - id: the task it must be.
    ///   - body: a ZIP archive with `task.json` at its top.
    ///   - overwrites: whether it may take the place of the same version.
    ///   - contribution: its full name, when it comes from an extension.
    ///   - caller: who does it.
    /// - Returns: the task.
    /// - Throws: ``TaskPackageError``, `ZipFault`.
    func installTask(
        id: String,
        _ body: some AsyncSequence<ByteBuffer, any Error>,
        overwrites: Bool,
        contribution: String?,
        by caller: Caller
    ) async throws -> InstalledTask {
        let file = try await PackageFile(
            body,
            folder: "\(settings.dataFolder)/uploads",
            limit: Self.packageLimit
        )
        let (manifest, text) = try Self.inspect(file.path)
        guard manifest.id == id else { throw TaskPackageError.otherID(path: id, package: manifest.id) }
        try check(manifest, overwrites: overwrites)
        var chunks: [ContentChunk] = []
        try await file.pieces { bytes in
            let chunk = ContentChunk(id: ChunkCodec.id(of: bytes), size: bytes.count)
            if try await !self.chunks.missing([chunk.id], in: InstalledTask.space).isEmpty {
                try await self.chunks.put(chunk.id, ChunkCodec.encode(bytes), in: InstalledTask.space)
            }
            chunks.append(chunk)
        }
        let row = InstalledTask.Row(
            text: text,
            chunks: chunks,
            size: file.size,
            sha256: file.sha256,
            contribution: contribution,
            installedAt: Date(),
            installedBy: caller.auditName
        )
        guard let task = InstalledTask(row) else { throw TaskPackageError.invalid([]) }
        return try await keep(task, by: caller)
    }

    /// What a package holds; everything that is wrong with it is told at once.
    private static func inspect(_ path: String) throws -> (TaskManifest, String) {
        let archive = try ZipReader(path: path)
        guard let entry = archive.file("task.json") else {
            throw TaskPackageError.invalid(["It has no file 'task.json' at its top."])
        }
        let bytes = try archive.bytes(of: entry, limit: 4 << 20)
        let (manifest, problems) = TaskManifestReader.read(bytes)
        guard let manifest else { throw TaskPackageError.invalid(problems.filter(\.isError).map(\.description)) }
        let files = Set(archive.entries.filter { !$0.isFolder }.map(\.name))
        let missing = manifest.targetProblems(files.contains)
        guard missing.isEmpty else { throw TaskPackageError.invalid(missing.map(\.description)) }
        return (manifest, String(decoding: bytes, as: UTF8.self))
    }

    private func check(_ manifest: TaskManifest, overwrites: Bool) throws(TaskPackageError) {
        if let known = TaskCatalog.task(manifest.id) { throw .builtIn(name: known.name) }
        let library = read { $0.tasks }
        let version = manifest.version.description
        if !overwrites, library.task(id: manifest.id, version: version) != nil {
            throw .installed(name: manifest.name, version: version)
        }
        let other = library.tasks.first {
            $0.manifest.id != manifest.id && equalIgnoringCase($0.manifest.name, manifest.name)
        }
        if let other { throw .nameTaken(name: manifest.name, id: other.manifest.id) }
    }

    private func keep(_ task: InstalledTask, by caller: Caller) async throws -> InstalledTask {
        let value = try JSONEncoder().encode(task.row)
        return try await change { state, change in
            state.tasks.put(task)
            change.store.append(.putSetting(name: task.settingName, value: value))
            change.audit(
                caller,
                "task.install",
                "task:\(task.manifest.id)",
                "\(task.manifest.name) \(task.manifest.version)"
            )
            return task
        }
    }

    /// Removes a version of a task.
    ///
    /// - Throws: ``TaskPackageError/notFound(id:version:)``.
    func deleteTask(id: String, version: String, by caller: Caller) async throws {
        guard let task = read({ $0.tasks.task(id: id, version: version) }) else {
            throw TaskPackageError.notFound(id: id, version: version)
        }
        try await change { state, change in
            state.tasks.remove(task)
            change.store.append(.deleteSetting(name: task.settingName))
            change.audit(caller, "task.delete", "task:\(id)", "\(task.manifest.name) \(version)")
        }
    }
}
