public import FoundationEssentials
public import RoostLanguage
public import RoostModel

/// Tasks and secure files that are folders and files of this machine, for runs without a server.
public struct FolderTaskHost: TaskHost {
    private let folders: [String: String]
    private let files: [String: String]

    /// - Parameters:
    ///   - tasks: each with its folder.
    ///   - files: paths of secure files by their ids.
    public init(tasks: [(manifest: TaskManifest, folder: String)], files: [String: String] = [:]) {
        folders = Dictionary(tasks.map { ("\($0.manifest.id)@\($0.manifest.version)", $0.folder) }) { $1 }
        self.files = files
    }

    public var foldersInPlace: [String] { folders.values.sorted() }

    public func folder(
        of task: TaskReference,
        tasks: String,
        note: @Sendable (String) -> Void
    ) async throws -> String? {
        folders["\(task.id)@\(task.version)"]
    }

    public func fetch(_ file: JobSecureFile, to path: String) async throws {
        guard let source = files[file.id] else { throw TaskFailure.fileMissing(file.name) }
        guard let bytes = ProcFile.read(source, limit: Self.limit) else { throw TaskFailure.fileMissing(source) }
        let error = SecretFile.create(bytes, at: path)
        if error != 0 { throw TaskFolderFailure.fileNotWritten(path, reason: systemMessage(error)) }
    }

    public func idToken(for connection: JobEndpoint, job: UUID) async throws -> Secret {
        throw CloudAccountFailure.noServer(connection.name)
    }

    /// That of secure files on a server.
    private static let limit = 10 << 20
}
