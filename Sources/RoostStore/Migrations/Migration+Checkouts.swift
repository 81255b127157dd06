extension Migration {
    /// How checkouts of repositories went; rows are only added, and go with their run.
    static let checkouts = Migration(
        number: 5,
        sql: """
            CREATE TABLE checkouts (
                seq INTEGER PRIMARY KEY,
                run_id INTEGER NOT NULL,
                repository TEXT NOT NULL,
                happened_at DOUBLE PRECISION NOT NULL,
                body TEXT NOT NULL
            );
            CREATE INDEX checkouts_by_run ON checkouts (run_id, seq);
            CREATE INDEX checkouts_by_repository ON checkouts (repository, seq)
            """
    )
}
