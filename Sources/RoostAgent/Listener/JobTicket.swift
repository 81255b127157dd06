import FoundationEssentials
import RoostModel
import RoostWire

/// A job's message as the listener needs it: whose it is, and the bytes for the worker.
struct JobTicket: Sendable {
    let job: JobID
    let request: Int
    let displayName: String
    let plan: UUID?
    /// Steps of it run in containers, or beside some.
    let hasContainers: Bool
    /// JSON; holds all secrets of the job and is never written anywhere.
    let message: [UInt8]

    private struct Header: Decodable {
        var jobId: UUID
        var requestId: Int
        var jobDisplayName: String?
        var jobName: String?
        var plan: Plan?
        var jobContainer: String?
        var jobSidecarContainers: [String: String]?
        var steps: [Step]?

        struct Plan: Decodable { var planId: UUID? }
        struct Step: Decodable { var target: StepTargetWire? }

        var hasContainers: Bool {
            let targets = (steps ?? []).compactMap { $0.target?.target?.lowercased() }
            return jobContainer?.isEmpty == false || jobSidecarContainers?.isEmpty == false
                || targets.contains { !$0.isEmpty && $0 != PlannedTarget.host }
        }
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
        hasContainers = header.hasContainers
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
