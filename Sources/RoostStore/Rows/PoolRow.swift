import FoundationEssentials
import RoostModel

/// A stored pool.
struct PoolRow: StoredRow {
    struct Body: Codable {
        var createdAt: Double
        var createdBy: String
        var autoProvision: Bool
        var autoUpdate: Bool
        var singleUse: Bool
        var openToAll: Bool
        var authorizedPipelines: [Int]?
        var concurrencyLimit: Int?
        /// Absent is allowed.
        var patEnrollment: String?
        var pause: PauseBody?
    }

    static let table = SQLTable("pools", columns: ["id", "name", "body"])

    var id: Int
    var name: String
    var body: String

    var values: [SQLValue] { [.integer(id), .text(name), .text(body)] }

    init(_ pool: AgentPool, _ coding: BodyCoding) throws {
        id = pool.id.rawValue
        name = pool.name
        let pipelines = pool.authorizedPipelines.map(\.rawValue).sorted()
        body = try coding.encode(
            Body(
                createdAt: pool.createdAt.timeIntervalSinceReferenceDate,
                createdBy: pool.createdBy,
                autoProvision: pool.autoProvision,
                autoUpdate: pool.autoUpdate,
                singleUse: pool.singleUse,
                openToAll: pool.openToAll,
                authorizedPipelines: pipelines.isEmpty ? nil : pipelines,
                concurrencyLimit: pool.concurrencyLimit,
                patEnrollment: pool.patEnrollment == .allowed ? nil : pool.patEnrollment.rawValue,
                pause: pool.pause.map(PauseBody.init)
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        id = try columns.integer()
        name = try columns.text()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> AgentPool {
        let body: Body = try coding.decode(body, table: Self.table.name, row: id)
        return AgentPool(
            id: PoolID(id),
            name: name,
            createdAt: Date(timeIntervalSinceReferenceDate: body.createdAt),
            createdBy: body.createdBy,
            autoProvision: body.autoProvision,
            autoUpdate: body.autoUpdate,
            singleUse: body.singleUse,
            openToAll: body.openToAll,
            authorizedPipelines: Set((body.authorizedPipelines ?? []).map { PipelineID($0) }),
            concurrencyLimit: body.concurrencyLimit,
            patEnrollment: body.patEnrollment.flatMap(PATEnrollment.init(rawValue:)) ?? .allowed,
            pause: body.pause?.noun
        )
    }
}
