import FoundationEssentials
import RoostModel

/// A stored line of an elastic pool's log; the store numbers it.
enum ElasticLogRow {
    /// Lines of a pool that are kept.
    static let limit = 10_000

    static let insert = """
        INSERT INTO elastic_logs (pool_id, id, happened_at, level, operation, message, instance) \
        VALUES (?, (SELECT COALESCE(MAX(id), 0) + 1 FROM elastic_logs WHERE pool_id = ?), ?, ?, ?, ?, ?)
        """

    static let trim = """
        DELETE FROM elastic_logs WHERE pool_id = ? \
        AND id <= (SELECT MAX(id) FROM elastic_logs WHERE pool_id = ?) - \(limit)
        """

    static let delete = "DELETE FROM elastic_logs WHERE pool_id = ?"

    /// Newest first.
    static let select = """
        SELECT id, happened_at, level, operation, message, instance FROM elastic_logs \
        WHERE pool_id = ? ORDER BY id DESC LIMIT ?
        """

    static func values(_ line: ElasticPoolLog) -> [SQLValue] {
        [
            .id(line.pool), .id(line.pool), .date(line.at), .text(line.level.rawValue), .text(line.operation.rawValue),
            .text(line.message), .integer(line.instance),
        ]
    }

    /// Nil for words that this version does not know.
    static func noun(reading columns: inout ColumnReader, of pool: PoolID) throws -> ElasticPoolLog? {
        let (id, at) = (try columns.integer(), try columns.date())
        let (level, operation) = (try columns.text(), try columns.text())
        let (message, instance) = (try columns.text(), try columns.optionalInteger())
        guard let level = ElasticPoolLog.Level(rawValue: level),
            let operation = ElasticPoolLog.Operation(rawValue: operation)
        else { return nil }
        return ElasticPoolLog(
            id: id,
            pool: pool,
            at: at,
            level: level,
            operation: operation,
            message: message,
            instance: instance
        )
    }
}
