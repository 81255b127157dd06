public import FoundationEssentials
public import RoostModel

/// Where tasks that are not built in and secure files come from: a server, or folders of this machine.
public protocol TaskHost: Sendable {
    /// The folder of a task, with its `task.json`.
    ///
    /// - Parameters:
    ///   - task: with id and full version.
    ///   - tasks: where unpacked tasks are kept.
    ///   - note: takes lines for the log.
    /// - Returns: its path; nil when there is no such task.
    /// - Throws: why it could not be fetched or unpacked.
    func folder(of task: TaskReference, tasks: String, note: @Sendable (String) -> Void) async throws -> String?

    /// Folders of tasks that are used where they stand, outside of the agent's own.
    var foldersInPlace: [String] { get }

    /// Writes a secure file into a new file that only this user can read.
    func fetch(_ file: JobSecureFile, to path: String) async throws

    /// An id token of the server that sent the job, for the cloud of a service connection.
    func idToken(for connection: JobEndpoint, job: UUID) async throws -> Secret
}

extension TaskHost {
    /// None.
    public var foldersInPlace: [String] { [] }
}

/// A secure file that a job may read.
public struct JobSecureFile: Hashable, Sendable {
    /// Lower-case UUID.
    public var id: String
    public var name: String
    public var ticket: String

    public init(id: String, name: String, ticket: String) {
        self.id = id.lowercased()
        self.name = name
        self.ticket = ticket
    }
}
