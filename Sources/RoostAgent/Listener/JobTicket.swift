import FoundationEssentials
import RoostModel
import RoostWire

/// A job's message as the listener needs it: whose it is, and the bytes for the worker.
struct JobTicket: Sendable {
    let job: JobID
    let request: Int
    let displayName: String
    let plan: UUID?
    /// JSON; holds all secrets of the job and is never written anywhere.
    let message: [UInt8]

    private struct Header: Decodable {
        var jobId: UUID
        var requestId: Int
        var jobDisplayName: String?
        var jobName: String?
        var plan: Plan?

        struct Plan: Decodable { var planId: UUID? }
    }

    /// Reads the parts of a message that the listener needs.
    ///
    /// - Throws: a decoding error when it is no job's message.
    init(_ message: [UInt8]) throws {
        let header = try WireJSON.decode(Header.self, from: Data(message))
        job = JobID(header.jobId)
        request = header.requestId
        displayName = header.jobDisplayName ?? header.jobName ?? "Job"
        plan = header.plan?.planId
        self.message = message
    }

    /// The message of a one-job agent: its jobs see that in a variable.
    func runningOnce() throws -> [UInt8] {
        var wire = try WireJSON.decode(PipelineAgentJobRequestWire.self, from: Data(message))
        wire.variables = (wire.variables ?? [:]).merging(["agent.runMode": VariableValueWire(value: "once")]) {
            _,
            new in new
        }
        return Array(try WireJSON.encode(wire))
    }
}
