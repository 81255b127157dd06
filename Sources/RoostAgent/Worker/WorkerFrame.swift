/// What a listener tells its worker, through the worker's standard input.
public enum WorkerFrame: Sendable, Hashable {
    /// Prepare for a job that may come; no job yet.
    case prepare(WorkerConfiguration)
    /// Carry out a job; the message is the JSON the server sent.
    case newJob(WorkerConfiguration, message: [UInt8])
    /// The server has confirmed the job's lease: its steps may run.
    case leaseHeld
    /// Cancel it; steps that run after a cancel may take this long.
    case cancel(timeout: Duration)
    /// The agent is going down, and why.
    case agentShutdown(String)
    /// The server's `JobMetadataUpdate`, JSON.
    case jobMetadata([UInt8])
    /// The time after a cancel is nearly over: end what runs and deliver the lines.
    case flushLogs
}
