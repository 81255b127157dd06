public import FoundationEssentials
public import RoostModel
public import RoostWire

/// Tells the changes of a job's records to somebody in this process; there is no server.
public struct LocalReporter: JobReporter {
    private let told: @Sendable ([TimelineRecordWire]) -> Void

    /// - Parameter told: takes each batch of changes, in order of the job's life; called from several threads.
    public init(_ told: @escaping @Sendable ([TimelineRecordWire]) -> Void) { self.told = told }

    public func updateRecords(_ records: [TimelineRecordWire]) { told(records) }

    /// Gives a number nobody asks for, because lines go another way.
    public func createLog(path: String) async throws -> Int { 1 }
    public func append(_ bytes: [UInt8], toLog id: Int, at offset: Int) async throws {}
    public func attach(_ bytes: [UInt8], to record: UUID, kind: String, name: String) async throws {}
    public func updateRun(_ change: RunChange) async throws {}
    public func complete(
        _ result: TaskResult,
        outputs: [String: OutputVariable],
        agentShuttingDown: Bool
    ) async throws {}
}
