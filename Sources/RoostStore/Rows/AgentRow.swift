import FoundationEssentials
import RoostModel

/// A stored agent; what changes with each of its jobs and sessions stands in columns.
struct AgentRow: StoredRow {
    struct Body: Codable {
        var version: String
        var osDescription: String
        var systemCapabilities: [String: String]?
        var userCapabilities: [String: String]?
        var clientID: UUID
        /// Base64 of the big-endian bytes.
        var keyExponent: String
        var keyModulus: String
        var createdAt: Double
        var createdBy: String
        var singleUse: Bool
        var warmUp: WarmUp?
        var enrolledBy: Enrolment?
        var pause: PauseBody?
    }

    struct Enrolment: Codable {
        var signIn: String
        var actor: String
        var at: Double
    }

    struct WarmUp: Codable {
        var state: String
        var reason: String
        var since: Double
    }

    static let table = SQLTable(
        "agents",
        columns: [
            "id", "pool_id", "name", "enabled", "retired_at", "status_changed_at", "last_request_id", "body",
        ]
    )

    var id: Int
    var pool: Int
    var name: String
    var enabled: Bool
    var retiredAt: Date?
    var statusChangedAt: Date?
    var lastRequest: Int?
    var body: String

    var values: [SQLValue] {
        [
            .integer(id), .integer(pool), .text(name), .flag(enabled), .date(retiredAt), .date(statusChangedAt),
            .integer(lastRequest), .text(body),
        ]
    }

    init(_ agent: Agent, _ coding: BodyCoding) throws {
        self.init(agent, body: try Self.body(of: agent, coding))
    }

    /// With a body that was encoded before.
    init(_ agent: Agent, body: String) {
        id = agent.id.rawValue
        pool = agent.pool.rawValue
        name = agent.name
        enabled = agent.enabled
        retiredAt = agent.retiredAt
        statusChangedAt = agent.statusChangedAt
        lastRequest = agent.lastRequest?.rawValue
        self.body = body
    }

    static func body(of agent: Agent, _ coding: BodyCoding) throws -> String {
        try coding.encode(
            Body(
                version: agent.version,
                osDescription: agent.osDescription,
                systemCapabilities: agent.systemCapabilities.isEmpty ? nil : agent.systemCapabilities.dictionary,
                userCapabilities: agent.userCapabilities.isEmpty ? nil : agent.userCapabilities.dictionary,
                clientID: agent.clientID.rawValue,
                keyExponent: agent.publicKey.exponent.base64EncodedString(),
                keyModulus: agent.publicKey.modulus.base64EncodedString(),
                createdAt: agent.createdAt.timeIntervalSinceReferenceDate,
                createdBy: agent.createdBy,
                singleUse: agent.singleUse,
                warmUp: agent.warmUp.map {
                    WarmUp(
                        state: $0.state.rawValue,
                        reason: $0.reason,
                        since: $0.since.timeIntervalSinceReferenceDate
                    )
                },
                enrolledBy: agent.enrolledBy.map {
                    Enrolment(
                        signIn: $0.signIn.rawValue,
                        actor: $0.actor,
                        at: $0.at.timeIntervalSinceReferenceDate
                    )
                },
                pause: agent.pause.map(PauseBody.init)
            )
        )
    }

    /// Whether two agents have the same body: they may differ in what stands in columns.
    static func isSameBody(_ left: Agent, _ right: Agent) -> Bool {
        left.version == right.version && left.osDescription == right.osDescription
            && left.systemCapabilities == right.systemCapabilities && left.userCapabilities == right.userCapabilities
            && left.clientID == right.clientID && left.publicKey == right.publicKey
            && left.createdAt == right.createdAt && left.createdBy == right.createdBy
            && left.singleUse == right.singleUse && left.warmUp == right.warmUp
            && left.enrolledBy == right.enrolledBy && left.pause == right.pause
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        pool = try columns.integer()
        name = try columns.text()
        enabled = try columns.flag()
        retiredAt = try columns.optionalDate()
        statusChangedAt = try columns.optionalDate()
        lastRequest = try columns.optionalInteger()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Agent {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        guard let exponent = Data(base64Encoded: body.keyExponent), let modulus = Data(base64Encoded: body.keyModulus)
        else {
            throw StoredRowError(table: Self.table.name, reason: "the public key of \(id) is not base64")
        }
        return Agent(
            id: AgentID(id),
            pool: PoolID(pool),
            name: name,
            version: body.version,
            osDescription: body.osDescription,
            enabled: enabled,
            systemCapabilities: Capabilities(body.systemCapabilities ?? [:]),
            userCapabilities: Capabilities(body.userCapabilities ?? [:]),
            clientID: ClientID(body.clientID),
            publicKey: AgentPublicKey(exponent: exponent, modulus: modulus),
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy,
            singleUse: body.singleUse,
            retiredAt: retiredAt,
            statusChangedAt: statusChangedAt,
            lastRequest: lastRequest.map { RequestID($0) },
            warmUp: body.warmUp.flatMap { stored in
                AgentWarmUp.State(rawValue: stored.state).map {
                    AgentWarmUp(
                        state: $0,
                        reason: stored.reason,
                        since: Date(timeIntervalSinceReferenceDate: stored.since)
                    )
                }
            },
            enrolledBy: body.enrolledBy.flatMap { stored in
                SignIn(rawValue: stored.signIn).map {
                    AgentEnrolment(
                        signIn: $0,
                        actor: stored.actor,
                        at: Date(timeIntervalSinceReferenceDate: stored.at)
                    )
                }
            },
            pause: body.pause?.noun
        )
    }
}
