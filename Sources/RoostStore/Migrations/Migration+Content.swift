extension Migration {
    /// Artifacts of runs and entries of the cache; what is in them is in the chunk store.
    static let content = Migration(
        number: 4,
        sql: """
            CREATE TABLE artifacts (
                id INTEGER PRIMARY KEY,
                run_id INTEGER NOT NULL,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE UNIQUE INDEX artifacts_by_run ON artifacts (run_id, name);
            CREATE TABLE cache_entries (
                id INTEGER PRIMARY KEY,
                project_id TEXT NOT NULL,
                pipeline_id INTEGER NOT NULL,
                scope TEXT NOT NULL,
                last_used_at DOUBLE PRECISION NOT NULL,
                body TEXT NOT NULL
            )
            """
    )
}
