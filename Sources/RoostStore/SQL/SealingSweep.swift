import FoundationEssentials
import RoostModel

/// Seals the secrets of a store anew with the newest key, some rows at a time.
///
/// A row that was sealed anew is as good as before for whoever has both keys, so that a sweep may end anywhere and begin again.
struct SealingSweep<Connection: SQLConnection> {
    let reader: StateReader<Connection>
    let sealer: any SecretSealer
    /// What only the owner of a setting knows how to seal anew; nil when there is nothing to do.
    let setting: @Sendable (String, Data) throws -> Data?

    private var connection: Connection { reader.connection }
    private var coding: BodyCoding { reader.coding }

    /// The tables, in order.
    enum Table: Int, CaseIterable {
        case pipelines, variableGroups, serviceConnections, runs, jobs, records, secrets, settings
    }

    /// How far a sweep is.
    struct Place: Sendable {
        var table = Table.pipelines
        /// The key of the last row; empty before the first.
        var after: [SQLValue] = []

        func next(_ last: [SQLValue]?) -> Place? {
            if let last { return Place(table: table, after: last) }
            return Table(rawValue: table.rawValue + 1).map { Place(table: $0) }
        }
    }

    /// Does the next rows.
    ///
    /// - Parameters:
    ///   - place: where the last batch ended.
    ///   - limit: most rows.
    /// - Returns: where the next batch begins, or nil at the end.
    /// - Throws: when a row cannot be read or written, or a secret cannot be opened.
    func sweep(_ place: Place, limit: Int) throws -> Place? {
        let last: [SQLValue]?
        switch place.table {
        case .pipelines: last = try bodies(PipelineRow.self, place, limit) { (.integer($0.id), $0.body) }
        case .variableGroups: last = try bodies(VariableGroupRow.self, place, limit) { (.integer($0.id), $0.body) }
        case .serviceConnections:
            last = try bodies(ServiceConnectionRow.self, place, limit) { (.id(ServiceConnectionID($0.id)), $0.body) }
        case .runs: last = try runs(place, limit)
        case .jobs: last = try jobs(place, limit)
        case .records: last = try records(place, limit)
        case .secrets: last = try secrets(place, limit)
        case .settings: last = try settings(place, limit)
        }
        return place.next(last)
    }

    private static var hasSecret: String { "body LIKE '%\"sealed\"%'" }

    private func bodies<Row: StoredRow>(
        _ type: Row.Type,
        _ place: Place,
        _ limit: Int,
        _ body: (Row) -> (SQLValue, String)
    ) throws -> [SQLValue]? {
        let condition = place.after.isEmpty ? "" : "id > ? AND "
        let rest = "WHERE \(condition)\(Self.hasSecret) ORDER BY id LIMIT ?"
        let nouns = try connection.nouns(Row.self, coding, rest, place.after + [.integer(limit)])
        var last: SQLValue?
        for noun in nouns {
            let (id, text) = body(try Row(noun, coding))
            try connection.execute("UPDATE \(Row.table.name) SET body = ? WHERE id = ?", [.text(text), id])
            last = id
        }
        return last.map { [$0] }
    }

    private func runs(_ place: Place, _ limit: Int) throws -> [SQLValue]? {
        let condition = place.after.isEmpty ? "" : "runs.id > ? AND "
        let rest = "WHERE \(condition)runs.\(Self.hasSecret) ORDER BY runs.id LIMIT ?"
        let runs = try reader.runs(rest, place.after + [.integer(limit)])
        for run in runs {
            let body = try RunRow(run, coding).body
            try connection.execute("UPDATE runs SET body = ? WHERE id = ?", [.text(body), .id(run.id)])
        }
        return runs.last.map { [.id($0.id)] }
    }

    private func jobs(_ place: Place, _ limit: Int) throws -> [SQLValue]? {
        let condition = place.after.isEmpty ? "" : "id > ? AND "
        let jobs = try reader.jobs(
            "WHERE \(condition)\(Self.hasSecret) ORDER BY id LIMIT ?",
            place.after + [.integer(limit)]
        )
        for job in jobs {
            let body = try JobRow.body(of: job, coding)
            try connection.execute("UPDATE jobs SET body = ? WHERE id = ?", [.text(body), .id(job.id)])
        }
        return jobs.last.map { [.id($0.id)] }
    }

    private func records(_ place: Place, _ limit: Int) throws -> [SQLValue]? {
        let condition = place.after.isEmpty ? "" : "(run_id, id) > (?, ?) AND "
        let rest = "WHERE \(condition)\(Self.hasSecret) ORDER BY run_id, id LIMIT ?"
        let records = try reader.records(rest, place.after + [.integer(limit)])
        for (run, record) in records {
            let body = try RecordRow(record, run: run, coding).body
            let values: [SQLValue] = [.text(body), .id(run), .id(record.id)]
            try connection.execute("UPDATE timeline_records SET body = ? WHERE run_id = ? AND id = ?", values)
        }
        return records.last.map { [.id($0.0), .id($0.1.id)] }
    }

    private func secrets(_ place: Place, _ limit: Int) throws -> [SQLValue]? {
        let found = try rows("secret_versions", ["vault_id", "name_key", "version"], "value", place, limit)
        for (key, text) in found {
            guard let new = try sealer.reseal(text) else { continue }
            try update("secret_versions", key: key, "value", new)
        }
        return found.last.map { $0.key.map { .text($0.1) } }
    }

    private func settings(_ place: Place, _ limit: Int) throws -> [SQLValue]? {
        let found = try rows("settings", ["name"], "content", place, limit)
        for (key, content) in found {
            guard let name = key.first?.1, let value = Data(base64Encoded: content) else { continue }
            let known = try setting(name, value)
            let text = String(validating: known ?? value, as: UTF8.self)
            guard let new = try text.flatMap({ try sealer.reseal($0).map { Data($0.utf8) } }) ?? known else { continue }
            try update("settings", key: key, "content", new.base64EncodedString())
        }
        return found.last.map { $0.key.map { .text($0.1) } }
    }

    private typealias Key = [(String, String)]

    private func rows(
        _ table: String,
        _ key: [String],
        _ column: String,
        _ place: Place,
        _ limit: Int
    ) throws -> [(key: Key, text: String)] {
        let names = key.joined(separator: ", ")
        let marks = key.map { _ in "?" }.joined(separator: ", ")
        let condition = place.after.isEmpty ? "" : "WHERE (\(names)) > (\(marks)) "
        var rows: [(Key, String)] = []
        try connection.query(
            "SELECT \(names), \(column) FROM \(table) \(condition)ORDER BY \(names) LIMIT ?",
            place.after + [.integer(limit)],
            table: table
        ) { columns in
            var found: Key = []
            for name in key { found.append((name, try columns.text())) }
            rows.append((found, try columns.text()))
        }
        return rows
    }

    private func update(_ table: String, key: Key, _ column: String, _ text: String) throws {
        let condition = key.map { "\($0.0) = ?" }.joined(separator: " AND ")
        let values = [SQLValue.text(text)] + key.map { SQLValue.text($0.1) }
        try connection.execute("UPDATE \(table) SET \(column) = ? WHERE \(condition)", values)
    }
}
