extension Migration {
    /// What happened in elastic pools; rows are only added, and go when there are too many of a pool.
    static let elasticLogs = Migration(
        number: 10,
        sql: """
            CREATE TABLE elastic_logs (
                pool_id INTEGER NOT NULL,
                id INTEGER NOT NULL,
                happened_at DOUBLE PRECISION NOT NULL,
                level TEXT NOT NULL,
                operation TEXT NOT NULL,
                message TEXT NOT NULL,
                instance INTEGER,
                PRIMARY KEY (pool_id, id)
            )
            """
    )
}
