public import FoundationEssentials
public import RoostModel
public import RoostWire

/// Where the news of a job go: a server, a terminal, a test.
///
/// All methods may be called at once from several tasks.
public protocol JobReporter: Sendable {
    /// Works while the job runs; ends when its task is cancelled, after ``complete(_:outputs:agentShuttingDown:)``.
    func run() async

    /// Takes changes of records; what is absent in one leaves what was there.
    ///
    /// Returns at once; the news travel beside the job. Later changes of a record are merged into earlier ones that are still on their way.
    func updateRecords(_ records: [TimelineRecordWire])

    /// Makes a log for a record; repeated with the same path it may give the same log while that is empty.
    ///
    /// - Parameter path: `logs\RECORD`.
    /// - Returns: its number.
    /// - Throws: ``ReportFailure``, or any error when the call may be tried again.
    func createLog(path: String) async throws -> Int

    /// Adds bytes to a log.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8 with line feeds; may end inside a line.
    ///   - id: the log's number.
    ///   - offset: where they belong; bytes that are there already are not added again.
    /// - Throws: ``ReportFailure``, or any error when the call may be tried again.
    func append(_ bytes: [UInt8], toLog id: Int, at offset: Int) async throws

    /// Stores a file beside a record.
    ///
    /// - Parameters:
    ///   - bytes: its content.
    ///   - record: the timeline record.
    ///   - kind: the attachment's type, such as `DistributedTask.Core.Summary`.
    ///   - name: its name, unique among those of its kind.
    /// - Throws: any error; it fails the step.
    func attach(_ bytes: [UInt8], to record: UUID, kind: String, name: String) async throws

    /// Changes the run's number or adds a tag to the run.
    ///
    /// - Throws: any error; it fails the step.
    func updateRun(_ change: RunChange) async throws

    /// Ends the job, after all its records and lines are out; the server takes nothing of the job after this.
    ///
    /// - Parameters:
    ///   - result: how it ended.
    ///   - outputs: by `step.name`.
    ///   - agentShuttingDown: the job ended because its agent did.
    /// - Throws: any error, after tries of its own.
    func complete(_ result: TaskResult, outputs: [String: OutputVariable], agentShuttingDown: Bool) async throws
}

extension JobReporter {
    public func run() async {}
}

/// What a step may change at its run.
public enum RunChange: Hashable, Sendable {
    case number(String)
    case addTag(String)
}

/// Why a report will never be taken.
public enum ReportFailure: Error, Hashable, Sendable {
    /// The server knows nothing of the job any more, or its token has ended.
    case jobOver(String)

    var isFinal: Bool { true }
}
