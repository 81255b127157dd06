public import FoundationEssentials
import Glibc
public import RoostClient
import RoostContent
public import RoostModel

/// Fetches tasks and secure files from the server that sent the job.
///
/// A task is unpacked beside its place and then renamed, so that its folder is there as a whole or not at all, whoever else unpacks it at the same
/// time; `VERSION.completed` beside it is the mark that the vendor's agent looks for.
public struct ServerTaskHost: TaskHost {
    private let client: RoostClient
    private let project: String
    private let plan: PlanAddress
    private let clock: any Clock<Duration>
    /// As many as the vendor's agent makes.
    private static let tries = 3

    /// - Parameters:
    ///   - client: with the job's token.
    ///   - project: the id of the job's project.
    ///   - plan: the job's.
    ///   - clock: measures pauses between tries.
    public init(client: RoostClient, project: String, plan: PlanAddress, clock: any Clock<Duration> = ContinuousClock())
    {
        self.client = client
        self.project = project
        self.plan = plan
        self.clock = clock
    }

    public func folder(
        of task: TaskReference,
        tasks: String,
        note: @Sendable (String) -> Void
    ) async throws -> String? {
        guard !task.id.isEmpty, UUID(uuidString: task.id) != nil else { return nil }
        let folder = "\(tasks)/\(Self.place(of: task))"
        let home = "\(tasks)/\(Self.home(of: task))"
        if Self.isComplete(folder) { return folder }
        note("Downloading task: \(task.name) (\(task.version))")
        if FileTree.make(home) != 0 { throw TaskFolderFailure.notUnpacked(task.name, reason: "\(home) cannot be made") }
        var tried = 0
        while true {
            tried += 1
            do {
                return try await unpack(task, home: home, folder: folder) ? folder : nil
            } catch let error as any UserFacingError where tried < Self.tries && Self.mayPass(error) {
                note("The task could not be fetched: \(error.summary) Try \(tried + 1) of \(Self.tries).")
                try await clock.sleep(for: .seconds(tried))
            }
        }
    }

    public func idToken(for connection: JobEndpoint, job: UUID) async throws -> Secret {
        try await client.idToken(plan, job: job, connection: connection.id)
    }

    /// A damaged transfer may go well the next time; the client itself has tried again after what the network did.
    private static func mayPass(_ error: any UserFacingError) -> Bool {
        switch error {
        case is ZipFault: true
        case TaskFolderFailure.wrongHash: true
        default: false
        }
    }

    private static func home(of task: TaskReference) -> String { "\(pathPart(task.name))_\(task.id)" }

    /// Where a task is below the folder of tasks.
    static func place(of task: TaskReference) -> String { "\(home(of: task))/\(pathPart(task.version))" }

    /// Letters that may stand in a name of a folder; a server is not trusted with paths.
    static func pathPart(_ text: String) -> String {
        let kept = text.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return kept.isEmpty || kept.first == "." ? "_\(kept)" : kept
    }

    /// False when the server has no such task.
    private func unpack(_ task: TaskReference, home: String, folder: String) async throws -> Bool {
        let draft = "\(home)/.\(UUID().uuidString.lowercased())"
        defer { FileTree.delete(draft) }
        guard FileTree.make(draft, mode: 0o700) == 0 else {
            throw TaskFolderFailure.notUnpacked(task.name, reason: "\(draft) cannot be made")
        }
        let archive = "\(draft)/package.zip"
        guard let expected = try await download(task, to: archive) else { return false }
        if let expected, FileDigest.sha256(archive)?.digest != expected.uppercased() {
            throw TaskFolderFailure.wrongHash(task.name)
        }
        let content = "\(draft)/content"
        try ZipReader(path: archive).extract(to: content)
        guard FileTree.isFile("\(content)/task.json") else {
            throw TaskFolderFailure.notUnpacked(task.name, reason: "it holds no task.json")
        }
        try place(content, at: folder, task)
        return true
    }

    /// Puts the unpacked files into their place, one job at a time; a copy that is whole already stays.
    private func place(_ content: String, at folder: String, _ task: TaskReference) throws {
        let lock = OwnedDescriptor(open("\(folder).lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o644))
        guard lock.number >= 0, flock(lock.number, LOCK_EX) == 0 else {
            throw TaskFolderFailure.notUnpacked(task.name, reason: systemMessage(errno))
        }
        defer { flock(lock.number, LOCK_UN) }
        if Self.isComplete(folder) { return }
        // What stands there without the mark is what an agent left that was killed.
        FileTree.delete(folder)
        let mark = SmallFile.write("\(Date().ISO8601Format())\n", to: "\(folder).completed", mode: 0o644)
        guard mark == 0 else { throw TaskFolderFailure.notUnpacked(task.name, reason: systemMessage(mark)) }
        guard rename(content, folder) == 0 else {
            throw TaskFolderFailure.notUnpacked(task.name, reason: systemMessage(errno))
        }
    }

    private static func isComplete(_ folder: String) -> Bool {
        FileTree.isFile("\(folder).completed") && FileTree.isFile("\(folder)/task.json")
    }

    /// The hash the server told, if it told one; nil when it has no such task.
    private func download(_ task: TaskReference, to path: String) async throws -> String?? {
        do {
            return .some(try await client.downloadTask(id: task.id, version: task.version, to: path))
        } catch ClientError.refused(let refusal) where refusal.status == 404 {
            return nil
        }
    }

    public func fetch(_ file: JobSecureFile, to path: String) async throws {
        try await client.downloadSecureFile(project: project, id: file.id, ticket: file.ticket, to: path)
    }
}
