public import Foundation
public import RoostClient
public import RoostModel
public import RoostWire

/// An agent that speaks the whole protocol and runs nothing: it says of each job that its steps succeeded.
public final class SimulatedAgent: Sendable {
    public let agent: TaskAgentWire
    public let pool: Int
    public let key: AgentKey
    public let client: RoostClient
    private let address: String

    /// Registers an agent.
    ///
    /// Making a key takes long; thousands of agents may share one.
    public init(
        cluster address: String,
        registrar: RoostClient,
        pool: Int,
        name: String,
        capabilities: [String: String] = [:],
        singleUse: Bool = false,
        key given: AgentKey? = nil
    ) async throws {
        self.address = address
        self.pool = pool
        key = try given ?? AgentKey.generate()
        let publicKey = try key.publicKey
        var facts = capabilities
        facts["Agent.Name"] = name
        facts["Agent.Version"] = "4.270.0"
        agent = try await registrar.addAgent(
            pool: pool,
            TaskAgentWire(
                name: name,
                version: "4.270.0",
                osDescription: "simulated",
                authorization: TaskAgentAuthorizationWire(
                    publicKey: AgentPublicKeyWire(exponent: publicKey.exponent, modulus: publicKey.modulus)
                ),
                systemCapabilities: facts,
                singleUse: singleUse ? true : nil
            )
        )
        guard let clientID = agent.authorization?.clientId, let url = agent.authorization?.authorizationUrl else {
            throw TestFailure("the answer to the registration has no OAuth client")
        }
        client = try RoostClient(
            url: address,
            credential: .agent(client: ClientID(clientID), tokenURL: url, audience: url, key: key),
            options: ClientOptions(userAgent: "simulated", connections: 4)
        )
    }

    /// A session and the key of its messages.
    public struct Session: Sendable {
        public var id: UUID
        public var key: Data
    }

    public func openSession(owner: String = "simulated") async throws -> Session {
        let answer = try await client.createSession(
            pool: pool,
            TaskAgentSessionWire(ownerName: owner, agent: TaskAgentReferenceWire(id: agent.id, name: agent.name))
        )
        guard let id = answer.sessionId, let wrapped = answer.encryptionKey?.value else {
            throw TestFailure("the session has no key")
        }
        return Session(id: id, key: try MessageCrypto.unwrap(wrapped, with: key))
    }

    /// The next message, decrypted; nil when the poll came back empty.
    public func poll(
        _ session: Session,
        after last: Int? = nil
    ) async throws -> (message: TaskAgentMessageWire, text: Data)? {
        guard let message = try await client.nextMessage(pool: pool, session: session.id, after: last) else {
            return nil
        }
        guard let iv = message.iv, let body = message.body.flatMap({ Data(base64Encoded: $0) }) else {
            throw TestFailure("the message is not encrypted")
        }
        return (message, try MessageCrypto.decrypt(body, iv: iv, key: session.key))
    }

    /// Waits for a job and acknowledges its message.
    public func takeJob(_ session: Session) async throws -> PipelineAgentJobRequestWire {
        while true {
            guard let (message, text) = try await poll(session) else { continue }
            try await client.deleteMessage(pool: pool, session: session.id, id: message.messageId ?? 0)
            guard message.messageType == "PipelineAgentJobRequest" else { continue }
            return try WireJSON.decode(PipelineAgentJobRequestWire.self, from: text)
        }
    }

    /// A client with a job's own token.
    public func jobClient(_ job: PipelineAgentJobRequestWire) throws -> RoostClient {
        try RoostClient(
            url: address,
            credential: .bearer(Secret(try jobToken(job))),
            options: ClientOptions(userAgent: "simulated-job", retries: 0)
        )
    }

    /// A job's own token.
    public func jobToken(_ job: PipelineAgentJobRequestWire) throws -> String {
        guard let token = job.resources?.endpoints?.first?.authorization?.parameters?["AccessToken"] else {
            throw TestFailure("the job has no token")
        }
        return token
    }

    /// Where a job reports to.
    public static func planAddress(_ job: PipelineAgentJobRequestWire) throws -> PlanAddress {
        guard let scope = job.plan?.scopeIdentifier, let plan = job.plan?.planId, let timeline = job.timeline?.id else {
            throw TestFailure("the job has no plan")
        }
        return PlanAddress(scope: scope, plan: plan, timeline: timeline)
    }

    /// Begins a job: the first renewal of its lease.
    public func begin(_ job: PipelineAgentJobRequestWire) async throws {
        _ = try await client.renewRequest(pool: pool, id: job.requestId ?? 0)
    }

    /// Ends a job, with a line in the log of each step.
    public func complete(
        _ job: PipelineAgentJobRequestWire,
        result: TaskResult = .succeeded,
        outputs: [String: String] = [:]
    )
        async throws
    {
        let jobClient = try jobClient(job)
        do {
            let address = try Self.planAddress(job)
            var records: [TimelineRecordWire] = []
            for (index, step) in (job.steps ?? []).enumerated() {
                let log = try await jobClient.createLog(address, path: "logs\\\(step.id?.uuidString ?? "")")
                let line = Array("\(WireDate.text(Date())) ran \(step.displayName ?? "")\n".utf8)
                try await jobClient.appendLog(address, log: log.id ?? 0, bytes: line, offset: 0)
                records.append(
                    TimelineRecordWire(
                        id: step.id,
                        parentId: job.jobId,
                        type: "Task",
                        name: step.displayName,
                        refName: step.name,
                        order: index + 1,
                        startTime: Date(),
                        finishTime: Date(),
                        state: "completed",
                        result: result.rawValue,
                        log: TaskLogReferenceWire(id: log.id)
                    )
                )
            }
            try await jobClient.updateRecords(address, records)
            try await jobClient.postEvent(
                address,
                JobEventWire(
                    name: "JobCompleted",
                    jobId: job.jobId,
                    requestId: job.requestId,
                    result: result.rawValue,
                    outputs: outputs.mapValues { VariableValueWire(value: $0) }
                )
            )
        } catch {
            await jobClient.close()
            throw error
        }
        await jobClient.close()
    }

    public func close() async { await client.close() }
}
