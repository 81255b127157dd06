public import RoostModel

/// How a job ended.
public struct JobOutcome: Hashable, Sendable {
    public var result: TaskResult
    /// By `step.name`.
    public var outputs: [String: OutputVariable]
    /// The server knows the end of the job.
    public var isReported: Bool

    public init(result: TaskResult, outputs: [String: OutputVariable] = [:], isReported: Bool = true) {
        self.result = result
        self.outputs = outputs
        self.isReported = isReported
    }
}

/// Why a job is ended before its time.
public enum CancelReason: Hashable, Sendable {
    /// Somebody asked for it, or it took longer than it may.
    case requested
    /// The agent is going down; the text says why.
    case agentShutdown(String)
    /// The process that took the job from the server is gone, and the lease with it.
    case listenerLost
}
