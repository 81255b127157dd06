/// A sequence of numbers that are never given twice.
///
/// The highest number in use is the highest in its table, or, when that row has been deleted, the one noted in the table `counters` by
/// the deletion. So giving a number costs no statement, and deleting costs one.
enum NumberCounter: String, CaseIterable {
    case pool, queue, agent, pipeline, run, request, environment, check, variableGroup, artifact, cache, testRun

    /// The column that holds the numbers.
    private var source: (table: String, column: String) {
        switch self {
        case .pool: ("pools", "id")
        case .queue: ("queues", "id")
        case .agent: ("agents", "id")
        case .pipeline: ("pipelines", "id")
        case .run: ("runs", "id")
        case .request: ("jobs", "request_id")
        case .environment: ("environments", "id")
        case .check: ("checks", "id")
        case .variableGroup: ("variable_groups", "id")
        case .artifact: ("artifacts", "id")
        case .cache: ("cache_entries", "id")
        case .testRun: ("test_runs", "id")
        }
    }

    /// Notes the highest number of the rows that are about to be deleted; its one value is the key of those rows.
    var noteBeforeDeletion: String {
        let condition = self == .request ? "run_id = ?" : "id = ?"
        return """
            INSERT INTO counters (name, highest) \
            SELECT '\(rawValue)', COALESCE(MAX(\(source.column)), 0) FROM \(source.table) WHERE \(condition) \
            ON CONFLICT (name) DO UPDATE SET highest = \
            CASE WHEN excluded.highest > counters.highest THEN excluded.highest ELSE counters.highest END
            """
    }

    /// Names and highest numbers; a name may come twice, and the higher one counts.
    static let highestNumbers: String = {
        let used = allCases.map { counter in
            "SELECT '\(counter.rawValue)' AS name, COALESCE(MAX(\(counter.source.column)), 0) AS highest "
                + "FROM \(counter.source.table)"
        }
        return (used + ["SELECT name, highest FROM counters"]).joined(separator: " UNION ALL ")
    }()
}
