public import FoundationEssentials
public import RoostModel
public import RoostWire

/// Where a job reports to: the plan of its run.
public struct PlanAddress: Sendable, Hashable {
    public var scope: UUID
    public var hub: String
    public var plan: UUID
    public var timeline: UUID

    public init(scope: UUID, hub: String = "build", plan: UUID, timeline: UUID) {
        self.scope = scope
        self.hub = hub
        self.plan = plan
        self.timeline = timeline
    }

    var path: String {
        "\(scope.uuidString.lowercased())/_apis/distributedtask/hubs/\(hub)/plans/\(plan.uuidString.lowercased())"
    }
    var timelinePath: String { "\(path)/timelines/\(timeline.uuidString.lowercased())" }
}

extension RoostClient {
    /// Merges records into the timeline.
    @discardableResult
    public func updateRecords(
        _ address: PlanAddress,
        _ records: [TimelineRecordWire],
        retries: Int? = nil
    )
        async throws(ClientError) -> [TimelineRecordWire]
    {
        try await call(
            Call(
                method: "PATCH",
                path: "\(address.timelinePath)/records",
                body: try Self.body(WireList(records)),
                timeout: .seconds(60),
                retries: retries
            ),
            as: WireList<TimelineRecordWire>.self
        ).value
    }

    /// An id token of a job for a service connection that it has.
    public func idToken(_ address: PlanAddress, job: UUID, connection: String) async throws(ClientError) -> Secret {
        let path = "\(address.path)/jobs/\(job.uuidString.lowercased())/oidctoken"
        let answer = try await call(
            Call(method: "POST", path: path, query: [("serviceConnectionId", connection)], body: Data("{}".utf8)),
            as: JobIDTokenWire.self
        )
        guard let token = answer.oidcToken, !token.isEmpty else {
            throw .malformedAnswer(url: path, reason: "it has no id token")
        }
        return Secret(token)
    }

    public func timeline(_ address: PlanAddress) async throws(ClientError) -> TimelineWire {
        try await call(Call(method: "GET", path: address.timelinePath, query: [("includeRecords", "true")]))
    }

    public func createLog(_ address: PlanAddress, path: String) async throws(ClientError) -> TaskLogWire {
        try await call(Call(method: "POST", path: "\(address.path)/logs", body: try Self.body(TaskLogWire(path: path))))
    }

    /// Adds bytes to a log; the offset makes a repeated call harmless.
    public func appendLog(_ address: PlanAddress, log: Int, bytes: [UInt8], offset: Int) async throws(ClientError) {
        try await callForNothing(
            Call(
                method: "POST",
                path: "\(address.path)/logs/\(log)",
                body: Data(bytes),
                contentType: "application/octet-stream",
                headers: [("X-Roost-Log-Offset", String(offset))]
            )
        )
    }

    /// Console lines, which servers without a log that can be followed show.
    public func feed(_ address: PlanAddress, record: UUID, _ lines: FeedLinesWire) async throws(ClientError) {
        let path = "\(address.timelinePath)/records/\(record.uuidString.lowercased())/feed"
        try await callForNothing(Call(method: "POST", path: path, body: try Self.body(lines), retries: 0))
    }

    /// Stores a file beside a record.
    public func attach(
        _ address: PlanAddress,
        record: UUID,
        type: String,
        name: String,
        bytes: [UInt8]
    )
        async throws(ClientError)
    {
        let path =
            "\(address.timelinePath)/records/\(record.uuidString.lowercased())/attachments/\(Self.escape(type))/\(Self.escape(name))"
        try await callForNothing(
            Call(method: "PUT", path: path, body: Data(bytes), contentType: "application/octet-stream")
        )
    }

    /// Posts news of a job.
    public func postEvent(_ address: PlanAddress, _ event: JobEventWire, retries: Int? = nil) async throws(ClientError)
    {
        try await callForNothing(
            Call(
                method: "POST",
                path: "\(address.path)/events",
                body: try Self.body(event),
                version: "2.0-preview.1",
                retries: retries
            )
        )
    }
}
