import FoundationEssentials
import Glibc
import RoostModel
import RoostWire

@testable import RoostAgent

extension ScriptedServer {
    // MARK: The listener

    static func listenerAnswer(
        _ request: SocketRequest,
        _ path: String,
        _ parts: [String],
        _ state: Watched<State>
    ) -> SocketServer.Answer? {
        if parts.contains("messages") { return message(request, parts, state) }
        if parts.contains("jobrequests") { return lease(request, parts, state) }
        switch (request.method, path) {
        case ("GET", "_apis/connectionData"): return SocketServer.Answer(body: Array("{}".utf8))
        case ("GET", "_apis/roost/server"):
            return state.value.isRoost
                ? json(ServerInfoWire(name: "Roost")) : failure(404, "", "There is no such thing.")
        case ("DELETE", "_apis/distributedtask/pools/1/agents/7"):
            state.change { $0.agents = [] }
            return SocketServer.Answer()
        case ("POST", "_apis/distributedtask/pools/1/sessions"): return open(request, state)
        case ("PUT", "_apis/roost/pools/1/agents/7/systemcapabilities"):
            let told = decode([String: String].self, request) ?? [:]
            state.change { $0.capabilities = told }
            return SocketServer.Answer()
        case ("DELETE", _) where parts.contains("sessions"):
            state.change { $0.session = nil }
            return SocketServer.Answer()
        default: return failure(403, "AccessDeniedException", "This is not for a listener.")
        }
    }

    private static func open(_ request: SocketRequest, _ state: Watched<State>) -> SocketServer.Answer {
        let key = Data((0..<32).map { _ in UInt8.random(in: 0...255) })
        let wire = decode(TaskAgentSessionWire.self, request)
        guard let modulus = state.value.agents.first?.authorization?.publicKey?.modulus,
            let exponent = state.value.agents.first?.authorization?.publicKey?.exponent,
            let wrapped = try? MessageCrypto.wrap(
                key: key,
                to: AgentPublicKey(exponent: exponent, modulus: modulus),
                hash: wire?.useFipsEncryption == true ? .sha256 : .sha1
            )
        else { return failure(404, "TaskAgentNotFoundException", "There is no such agent.") }
        let id = UUID()
        state.change { state in
            state.session = id
            state.sessionKey = key
            state.sessionsOpened += 1
            state.capabilities = wire?.systemCapabilities ?? [:]
        }
        return json(
            TaskAgentSessionWire(sessionId: id, encryptionKey: TaskAgentSessionKeyWire(encrypted: true, value: wrapped))
        )
    }

    /// Holds a poll until there is a message, the session ends, or the server closes.
    private static func message(
        _ request: SocketRequest,
        _ parts: [String],
        _ state: Watched<State>
    ) -> SocketServer.Answer? {
        if request.method == "DELETE" {
            let number = parts.last.flatMap { Int($0) }
            state.change { $0.messages.removeAll { $0.messageId == number } }
            return SocketServer.Answer()
        }
        let session = request.query("sessionId").flatMap { UUID(uuidString: $0) }
        let last = request.query("lastMessageId").flatMap { Int($0) } ?? 0
        state.change { $0.polls += 1 }
        let isReady: @Sendable (State) -> Bool = { state in
            state.isClosed || !state.isRegistered || state.isAway || state.session != session
                || state.messages.contains { ($0.messageId ?? 0) > last }
        }
        wait(state, until: isReady)
        let now = state.value
        if now.isClosed || now.isAway { return nil }
        if !now.isRegistered { return failure(404, "TaskAgentNotFoundException", "The agent was removed.") }
        guard now.session == session else {
            return failure(404, "TaskAgentSessionExpiredException", "The session has ended.")
        }
        return now.messages.first { ($0.messageId ?? 0) > last }.map(json)
    }

    /// Blocks this connection's thread.
    private static func wait(_ state: Watched<State>, until holds: @escaping @Sendable (State) -> Bool) {
        let ends = [Int32](unsafeUninitializedCapacity: 2) { buffer, count in
            pipe(buffer.baseAddress)
            count = 2
        }
        Task {
            await state.wait(until: holds)
            close(ends[1])
        }
        var byte: UInt8 = 0
        _ = read(ends[0], &byte, 1)
        close(ends[0])
    }

    private static func lease(
        _ request: SocketRequest,
        _ parts: [String],
        _ state: Watched<State>
    ) -> SocketServer.Answer {
        let number = parts.last.flatMap { Int($0) } ?? 0
        if request.method == "GET" { return json(TaskAgentJobRequestWire(requestId: number)) }
        if state.value.lostLeases.contains(number) {
            return failure(404, "TaskAgentJobNotFoundException", "The job is no longer there.")
        }
        state.change { $0.renewals[number, default: 0] += 1 }
        return json(
            TaskAgentJobRequestWire(requestId: number, lockedUntil: Date().addingTimeInterval(state.value.leaseSeconds))
        )
    }

    // MARK: The job

    static func jobAnswer(_ request: SocketRequest, _ parts: [String], _ state: Watched<State>) -> SocketServer.Answer {
        guard request.authorization == "Bearer \(jobToken)" else {
            return failure(401, "VssUnauthorizedException", "Not the job's token.")
        }
        switch (request.method, parts.last ?? "") {
        case ("PATCH", "records"):
            let records = decode(WireList<TimelineRecordWire>.self, request)?.value ?? []
            state.change { state in
                for record in records {
                    guard let id = record.id else { continue }
                    state.records[id] = state.records[id].map { $0.merged(with: record) } ?? record
                }
            }
            return json(WireList(records))
        case ("POST", "logs"):
            let number = state.value.logs.count + 1
            state.change { $0.logs[number] = [] }
            return json(TaskLogWire(id: number))
        case ("POST", "events"):
            if let event = decode(JobEventWire.self, request) { state.change { $0.events.append(event) } }
            return SocketServer.Answer()
        case ("POST", let number) where parts.contains("logs"):
            if let id = Int(number) { state.change { $0.logs[id, default: []] += request.body } }
            return SocketServer.Answer(body: Array("{}".utf8))
        default: return SocketServer.Answer(body: Array("{}".utf8))
        }
    }

    static func json(_ value: some Encodable) -> SocketServer.Answer {
        SocketServer.Answer(body: Array((try? WireJSON.encode(value)) ?? Data()))
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ request: SocketRequest) -> Value? {
        try? WireJSON.decode(type, from: Data(request.body))
    }
}
