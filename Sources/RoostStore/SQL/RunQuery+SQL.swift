import RoostModel

extension RunQuery {
    /// The limit, kept within what is promised.
    var allowedLimit: Int { min(max(limit, 1), 1_000) }

    /// Whether no run can match, because a list to choose from is empty.
    var matchesNothing: Bool {
        pipelines?.isEmpty == true || ids?.isEmpty == true || results?.isEmpty == true
    }

    /// What follows the tables in the query, and its values.
    var conditions: (sql: String, values: [SQLValue]) {
        var conditions: [String] = []
        var values: [SQLValue] = []
        func require(_ condition: String, _ value: SQLValue) {
            conditions.append(condition)
            values.append(value)
        }
        func require(_ column: String, among choices: [SQLValue]) {
            let places = Self.padded(choices)
            conditions.append("\(column) IN (\(places.map { _ in "?" }.joined(separator: ", ")))")
            values += places
        }
        if let project { require("runs.project_id = ?", .id(project)) }
        if let pipelines { require("runs.pipeline_id", among: pipelines.sorted().map { .id($0) }) }
        if let ids { require("runs.id", among: ids.map { .id($0) }) }
        if let completed { conditions.append(completed ? "runs.result IS NOT NULL" : "runs.result IS NULL") }
        if let results { require("runs.result", among: results.map(\.rawValue).sorted().map { .text($0) }) }
        if let branch { require("runs.source_branch = ?", .text(branch)) }
        if let requestedBy { require("runs.requested_by = ?", .text(requestedBy)) }
        if let number { require("runs.number = ?", .text(number)) }
        if let before { require("runs.id < ?", .id(before)) }
        let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
        return ("\(filter)ORDER BY runs.id DESC LIMIT ?", values + [.integer(allowedLimit)])
    }

    /// The choices, the last repeated up to a power of two: so lists of all lengths share a few prepared statements.
    private static func padded(_ choices: [SQLValue]) -> [SQLValue] {
        guard let last = choices.last else { return [] }
        var count = 1
        while count < choices.count { count *= 2 }
        return choices + [SQLValue](repeating: last, count: count - choices.count)
    }

    /// Whether a run is asked for; the same in words of the model.
    func matches(_ run: Run) -> Bool {
        (project.map { $0 == run.project } ?? true)
            && (pipelines.map { $0.contains(run.pipeline) } ?? true)
            && (ids.map { $0.contains(run.id) } ?? true)
            && (completed.map { $0 == run.state.isCompleted } ?? true)
            && (results.map { results in run.state.result.map(results.contains) ?? false } ?? true)
            && (branch.map { $0 == run.sourceBranch } ?? true)
            && (requestedBy.map { $0 == run.requestedBy } ?? true)
            && (number.map { $0 == run.number } ?? true)
            && (before.map { run.id < $0 } ?? true)
    }
}
