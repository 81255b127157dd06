public import FoundationEssentials
public import RoostWire

extension RoostClient {
    public func createSession(
        pool: Int,
        _ session: TaskAgentSessionWire
    ) async throws(ClientError) -> TaskAgentSessionWire {
        let path = "_apis/distributedtask/pools/\(pool)/sessions"
        return try await call(Call(method: "POST", path: path, body: try Self.body(session), retries: 0))
    }

    public func deleteSession(pool: Int, id: UUID) async throws(ClientError) {
        let path = "_apis/distributedtask/pools/\(pool)/sessions/\(id.uuidString.lowercased())"
        try await callForNothing(Call(method: "DELETE", path: path, timeout: .seconds(30), retries: 0))
    }

    /// Waits for the next message; nil when there was none in the time the server holds a poll.
    public func nextMessage(
        pool: Int,
        session: UUID,
        after last: Int?
    ) async throws(ClientError) -> TaskAgentMessageWire? {
        let query: [(String, String?)] = [
            ("sessionId", session.uuidString.lowercased()), ("lastMessageId", last.map(String.init)),
        ]
        let path = "_apis/distributedtask/pools/\(pool)/messages"
        return try await callOptional(
            Call(method: "GET", path: path, query: query, timeout: .seconds(100), retries: 0),
            as: TaskAgentMessageWire.self
        )
    }

    public func deleteMessage(pool: Int, session: UUID, id: Int) async throws(ClientError) {
        let query: [(String, String?)] = [("sessionId", session.uuidString.lowercased())]
        let path = "_apis/distributedtask/pools/\(pool)/messages/\(id)"
        try await callForNothing(Call(method: "DELETE", path: path, query: query, timeout: .seconds(30)))
    }

    // MARK: Requests

    /// Holds a job on.
    public func renewRequest(
        pool: Int,
        id: Int,
        timeout: Duration = .seconds(60)
    ) async throws(ClientError)
        -> TaskAgentJobRequestWire
    {
        try await call(
            Call(
                method: "PATCH",
                path: "_apis/distributedtask/pools/\(pool)/jobrequests/\(id)",
                query: [("lockToken", "00000000-0000-0000-0000-000000000000")],
                body: try Self.body(TaskAgentJobRequestWire(requestId: id)),
                timeout: timeout,
                retries: 0
            )
        )
    }

    public func request(pool: Int, id: Int) async throws(ClientError) -> TaskAgentJobRequestWire {
        try await call(Call(method: "GET", path: "_apis/distributedtask/pools/\(pool)/jobrequests/\(id)"))
    }
}
