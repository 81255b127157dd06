public import FoundationEssentials
public import RoostWire

/// One event of a stream: its name and its data.
public struct ServerEvent: Sendable, Hashable {
    public var name: String
    public var data: String
}

extension RoostClient {
    /// Why a job waits, by the number of its request.
    public func why(request: Int) async throws(ClientError) -> JobWhyWire {
        try await call(Call(method: "GET", path: "_apis/roost/requests/\(request)/why"))
    }

    /// Why a run's jobs wait: one answer for each job that has not ended.
    public func why(run: Int) async throws(ClientError) -> [JobWhyWire] {
        try await call(Call(method: "GET", path: "_apis/roost/runs/\(run)/why"), as: WireList<JobWhyWire>.self).value
    }

    /// Jobs that wait for an agent.
    public func queue(pool: Int? = nil) async throws(ClientError) -> [QueueEntryWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/queue", query: [("poolId", pool.map(String.init))]),
            as: WireList<QueueEntryWire>.self
        ).value
    }

    // MARK: Tokens and audit

    public func createToken(_ request: TokenRequestWire) async throws(ClientError) -> TokenWire {
        try await call(Call(method: "POST", path: "_apis/roost/tokens", body: try Self.body(request)))
    }

    public func tokens() async throws(ClientError) -> [TokenWire] {
        try await call(Call(method: "GET", path: "_apis/roost/tokens"), as: WireList<TokenWire>.self).value
    }

    /// Refuses a token from now on; with it, if wanted, the sign-ins that began with it.
    public func revokeToken(_ id: UUID, endSignIns: Bool = false) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "DELETE",
                path: "_apis/roost/tokens/\(id.uuidString.lowercased())",
                query: endSignIns ? [("endSignIns", "true")] : []
            )
        )
    }

    public func audit(top: Int = 100) async throws(ClientError) -> [AuditEventWire] {
        try await call(
            Call(method: "GET", path: "_apis/roost/audit", query: [("$top", String(top))]),
            as: WireList<AuditEventWire>.self
        ).value
    }

    /// The whole audit as lines of JSON, oldest first, in the chunks in which it comes.
    public func auditExport() async throws(ClientError) -> AsyncThrowingStream<[UInt8], any Error> {
        try await stream(Call(method: "GET", path: "_apis/roost/audit/export"))
    }

    public func serverInfo() async throws(ClientError) -> ServerInfoWire {
        try await call(Call(method: "GET", path: "_apis/roost/server"))
    }

    // MARK: Streams

    /// Events of a run (`run`, `records`, `log`, `lines`, `end`), beginning with what it is now; ends with the run.
    public func runEvents(_ run: Int) async throws(ClientError) -> AsyncThrowingStream<ServerEvent, any Error> {
        try await events("_apis/roost/runs/\(run)/events")
    }

    /// Bytes of a log from an offset on (`bytes` events in base64, then `end`).
    public func followLog(
        run: Int,
        log: Int,
        from offset: Int = 0
    ) async throws(ClientError)
        -> AsyncThrowingStream<ServerEvent, any Error>
    {
        try await events("_apis/roost/runs/\(run)/logs/\(log)/follow", query: [("offset", String(offset))])
    }

    /// Changes of a pool's agents (`agent` events with the agent as JSON, `removed` with its number).
    public func poolEvents(_ pool: Int) async throws(ClientError) -> AsyncThrowingStream<ServerEvent, any Error> {
        try await events("_apis/roost/pools/\(pool)/events")
    }

    private func events(
        _ path: String,
        query: [(String, String?)] = []
    ) async throws(ClientError)
        -> AsyncThrowingStream<ServerEvent, any Error>
    {
        let bytes = try await stream(Call(method: "GET", path: path, query: query, accept: "text/event-stream"))
        return AsyncThrowingStream { continuation in
            let task = Task {
                var parser = EventParser()
                do {
                    for try await chunk in bytes { for event in parser.feed(chunk) { continuation.yield(event) } }
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }
}

/// Reads a stream of server-sent events, whatever chunks it comes in.
struct EventParser {
    private var rest: [UInt8] = []
    private var name = ""
    private var data: [String] = []

    mutating func feed(_ chunk: [UInt8]) -> [ServerEvent] {
        rest += chunk
        var events: [ServerEvent] = []
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: 10) {
            let line = String(decoding: rest[start..<end], as: UTF8.self)
            start = end + 1
            if let event = take(line.hasSuffix("\r") ? String(line.dropLast()) : line) { events.append(event) }
        }
        rest.removeSubrange(..<start)
        return events
    }

    private mutating func take(_ line: String) -> ServerEvent? {
        if line.isEmpty {
            defer { (name, data) = ("", []) }
            return name.isEmpty && data.isEmpty ? nil : ServerEvent(name: name, data: data.joined(separator: "\n"))
        }
        if line.hasPrefix("event:") { name = line.dropFirst(6).drop { $0 == " " }.description }
        if line.hasPrefix("data:") { data.append(line.dropFirst(line.hasPrefix("data: ") ? 6 : 5).description) }
        return nil
    }
}
