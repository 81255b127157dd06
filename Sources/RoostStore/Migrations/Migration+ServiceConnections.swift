extension Migration {
    /// What projects know of systems outside.
    static let serviceConnections = Migration(
        number: 3,
        sql: """
            CREATE TABLE service_connections (
                id TEXT PRIMARY KEY,
                project_id TEXT NOT NULL,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            )
            """
    )
}
