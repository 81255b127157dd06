import FoundationEssentials
import RoostModel

/// A stored checkout; rows are only added.
struct CheckoutRow {
    struct Body: Codable {
        var pipeline: String
        var job: UUID
        var agent: String
        var alias: String
        var url: String
        var commit: String
        var source: String
        var reason: String
        var bytes: Int
        var times: Checkout.Times
    }

    static let insert = """
        INSERT INTO checkouts (seq, run_id, repository, happened_at, body) \
        VALUES ((SELECT COALESCE(MAX(seq), 0) + 1 FROM checkouts), ?, ?, ?, ?)
        """

    static let count = "SELECT COUNT(*) FROM checkouts WHERE run_id = ?"

    /// The question for those of a run, of a repository, or all; newest first.
    static func select(run: RunID?, repository: String?, limit: Int) -> (sql: String, values: [SQLValue]) {
        var conditions: [String] = []
        var values: [SQLValue] = []
        if let run {
            conditions.append("run_id = ?")
            values.append(.id(run))
        }
        if let repository {
            conditions.append("repository = ?")
            values.append(.text(repository))
        }
        let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
        return (
            "SELECT run_id, repository, happened_at, body FROM checkouts \(filter)ORDER BY seq DESC LIMIT ?",
            values + [.integer(max(limit, 0))]
        )
    }

    var run: Int
    var repository: String
    var happenedAt: Date
    var body: String

    var values: [SQLValue] { [.integer(run), .text(repository), .date(happenedAt), .text(body)] }

    init(_ checkout: Checkout, _ coding: BodyCoding) throws {
        run = checkout.run.rawValue
        repository = checkout.repository
        happenedAt = checkout.at
        body = try coding.encode(
            Body(
                pipeline: checkout.pipeline,
                job: checkout.job.rawValue,
                agent: checkout.agent,
                alias: checkout.alias,
                url: checkout.url,
                commit: checkout.commit,
                source: checkout.source,
                reason: checkout.reason,
                bytes: checkout.bytes,
                times: checkout.times
            )
        )
    }

    init(reading columns: inout ColumnReader) throws {
        run = try columns.integer()
        repository = try columns.text()
        happenedAt = try columns.date()
        body = try columns.text()
    }

    func noun(_ coding: BodyCoding) throws -> Checkout {
        let body: Body = try coding.decode(body, table: "checkouts", row: "a checkout of run \(run)")
        return Checkout(
            run: RunID(run),
            pipeline: body.pipeline,
            job: JobID(body.job),
            agent: body.agent,
            alias: body.alias,
            repository: repository,
            url: body.url,
            commit: body.commit,
            source: body.source,
            reason: body.reason,
            bytes: body.bytes,
            times: body.times,
            at: happenedAt
        )
    }
}
