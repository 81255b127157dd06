import FoundationEssentials
import Glibc
import RoostModel
import RoostWire
import Synchronization

@testable import RoostAgent

/// The far side of an agent: registration, tokens, one session with encrypted messages, leases, records, logs, events.
///
/// It does what a test tells it and keeps what it was sent. Tokens are checked: a person's, the listener's and the job's each have their own routes.
final class ScriptedServer: Sendable {
    struct State: Sendable {
        /// `METHOD path`, in order, without the query.
        var calls: [String] = []
        /// All that came, for searches.
        var bodies: [String] = []
        var pools = [TaskAgentPoolWire(id: 1, name: "linux"), TaskAgentPoolWire(id: 2, name: "default")]
        var agents: [TaskAgentWire] = []
        /// Why a person's token is refused; nil when it is good.
        var tokenFlaw: (status: Int, key: String, message: String)?
        /// How identities sign in.
        var identities = Identities()
        var isRoost = true
        var isRegistered = true
        var session: UUID?
        var sessionKey = Data()
        var sessionsOpened = 0
        var messages: [TaskAgentMessageWire] = []
        var nextMessage = 1
        var polls = 0
        var renewals: [Int: Int] = [:]
        /// Requests whose lease is refused from now on.
        var lostLeases: Set<Int> = []
        var leaseSeconds = 300.0
        var records: [UUID: TimelineRecordWire] = [:]
        var logs: [Int: [UInt8]] = [:]
        var events: [JobEventWire] = []
        var capabilities: [String: String] = [:]
        /// Answers 503 to everything.
        var isAway = false
        var isClosed = false
    }

    static let personToken = "pat-of-a-person-4711"
    static let identityToken = "token-of-an-identity-1138"
    private static let listenerToken = "listener-token"
    static let jobToken = "token-of-the-job-0815"

    let state = Watched(State())
    private let socket = Mutex<SocketServer?>(nil)
    private let portNumber = Mutex<UInt16>(0)

    var url: String { "http://127.0.0.1:\(portNumber.withLock { $0 })/org/" }

    static func with<Value>(_ body: (ScriptedServer) async throws -> Value) async throws -> Value {
        let server = ScriptedServer()
        try server.start()
        defer { server.stop() }
        return try await body(server)
    }

    private func start() throws {
        let server = try SocketServer { [state] request in ScriptedServer.answer(request, state) }
        portNumber.withLock { $0 = server.port }
        socket.withLock { $0 = server }
    }

    private func stop() {
        state.change { $0.isClosed = true }
        socket.withLock { $0?.close() }
    }

    // MARK: What tests do

    /// Sends a message to the session's agent, encrypted.
    func send(_ type: String, _ body: some Encodable) throws {
        let text = try WireJSON.encode(body)
        let key = state.value.sessionKey
        let sealed = try MessageCrypto.encrypt(text, key: key)
        state.change { state in
            state.messages.append(
                TaskAgentMessageWire(
                    messageId: state.nextMessage,
                    messageType: type,
                    iv: sealed.iv,
                    body: sealed.body.base64EncodedString()
                )
            )
            state.nextMessage += 1
        }
    }

    /// Sends a job with one bash step; gives its message.
    @discardableResult
    func sendJob(_ script: String, request: Int = 41) throws -> PipelineAgentJobRequestWire {
        let connection = ServiceEndpointWire(
            id: UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)),
            name: "SystemVssConnection",
            url: url,
            authorization: EndpointAuthorizationWire(scheme: "OAuth", parameters: ["AccessToken": Self.jobToken])
        )
        let job = PipelineAgentJobRequestWire(
            messageType: "PipelineAgentJobRequest",
            plan: OrchestrationPlanWire(scopeIdentifier: UUID(), planType: "Build", version: 14, planId: UUID()),
            timeline: TimelineReferenceWire(id: UUID()),
            jobId: UUID(),
            jobDisplayName: "Build",
            jobName: "__default",
            requestId: request,
            variables: [
                "system.definitionId": VariableValueWire(value: "1"), "build.buildId": VariableValueWire(value: "5"),
            ],
            resources: JobResourcesWire(endpoints: [connection]),
            steps: [
                JobStepWire(
                    id: UUID(),
                    name: "step",
                    displayName: "step",
                    reference: TaskReferenceWire(id: TaskReference.commandLine.id, name: "CmdLine", version: "2.0.0"),
                    inputs: ["script": script]
                )
            ]
        )
        try send("PipelineAgentJobRequest", job)
        return job
    }

    /// The text of all logs.
    var logText: String { state.value.logs.values.map { String(decoding: $0, as: UTF8.self) }.joined() }

    // MARK: Answers

    private static func answer(_ request: SocketRequest, _ state: Watched<State>) -> SocketServer.Answer? {
        let path = String(request.path.dropFirst("/org/".count))
        state.change { state in
            state.calls.append("\(request.method) \(path)")
            state.bodies.append(String(decoding: request.body, as: UTF8.self))
        }
        if state.value.isAway { return failure(503, "VssServiceException", "The server is away.") }
        if path == "_apis/oauth2/token/host" { return token(request, state) }
        if let answer = identityAnswer(request, state) { return answer }
        let parts = path.split(separator: "/").map(String.init)
        if parts.first != "_apis" { return jobAnswer(request, parts, state) }
        if request.authorization.hasPrefix("Basic ") || request.authorization == "Bearer \(identityToken)" {
            return personAnswer(request, path, parts, state)
        }
        guard request.authorization == "Bearer \(listenerToken)", state.value.isRegistered else {
            return failure(401, "VssUnauthorizedException", "The token is not known here.")
        }
        return listenerAnswer(request, path, parts, state)
    }

    static func failure(_ status: Int, _ key: String, _ message: String) -> SocketServer.Answer {
        var answer = json(["message": message, "typeKey": key])
        answer.status = status
        return answer
    }

    private static func token(_ request: SocketRequest, _ state: Watched<State>) -> SocketServer.Answer {
        let assertion = String(decoding: request.body, as: UTF8.self).split(separator: "&").compactMap {
            $0.hasPrefix("client_assertion=") ? String($0.dropFirst(17)) : nil
        }.first
        let known = state.value.agents.first?.authorization
        guard state.value.isRegistered, let assertion, let key = known?.publicKey, let exponent = key.exponent,
            let modulus = key.modulus,
            (try? ClientAssertion.verify(
                assertion,
                key: AgentPublicKey(exponent: exponent, modulus: modulus),
                audience: known?.authorizationUrl,
                at: Date()
            )) != nil
        else {
            var answer = json(
                OAuthErrorWire(error: "invalid_client", error_description: "The client is not registered here.")
            )
            answer.status = 400
            return answer
        }
        return json(OAuthTokenWire(access_token: listenerToken, expires_in: 3000, token_type: "bearer"))
    }

    private static func personAnswer(
        _ request: SocketRequest,
        _ path: String,
        _ parts: [String],
        _ state: Watched<State>
    ) -> SocketServer.Answer {
        let credential = String(
            decoding: Data(base64Encoded: String(request.authorization.dropFirst(6))) ?? Data(),
            as: UTF8.self
        )
        guard credential.hasSuffix(":\(personToken)") || request.authorization.hasPrefix("Bearer ") else {
            return failure(401, "VssUnauthorizedException", "The token is not known here.")
        }
        if let flaw = state.value.tokenFlaw, flaw.status != 403 || path.hasSuffix("agents") || request.method != "GET" {
            return failure(flaw.status, flaw.key, flaw.message)
        }
        switch (request.method, path) {
        case ("GET", "_apis/connectionData"): return json(ConnectionDataWire(deploymentType: "onPremises"))
        case ("GET", "_apis/distributedtask/pools"):
            let name = request.query("poolName")
            return json(WireList(state.value.pools.filter { name == nil || $0.name == name }))
        case ("GET", "_apis/distributedtask/pools/1/agents"):
            let name = request.query("agentName")
            return json(WireList(state.value.agents.filter { name == nil || $0.name == name }))
        case ("POST", "_apis/distributedtask/pools/1/agents"): return register(request, 7, state)
        case ("PUT", "_apis/distributedtask/pools/1/agents/7"): return register(request, 7, state)
        case ("DELETE", "_apis/distributedtask/pools/1/agents/7"):
            state.change { $0.agents = [] }
            return SocketServer.Answer()
        default: return failure(404, "", "There is nothing at \(path).")
        }
    }

    private static func register(_ request: SocketRequest, _ id: Int, _ state: Watched<State>) -> SocketServer.Answer {
        guard var agent = decode(TaskAgentWire.self, request) else { return failure(400, "VssException", "No agent.") }
        agent.id = id
        agent.authorization?.clientId = UUID()
        agent.authorization?.authorizationUrl = "https://inner.example/org/_apis/oauth2/token/host"
        let registered = agent
        state.change { $0.agents = [registered] }
        return json(registered)
    }
}
