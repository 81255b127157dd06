extension Migration {
    /// Environments with their checks and history, stops of runs before checks, and variable groups.
    static let environments = Migration(
        number: 2,
        sql: """
            CREATE TABLE environments (
                id INTEGER PRIMARY KEY,
                project_id TEXT NOT NULL,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE TABLE checks (
                id INTEGER PRIMARY KEY,
                environment_id INTEGER NOT NULL,
                body TEXT NOT NULL
            );
            CREATE TABLE checkpoints (
                id TEXT PRIMARY KEY,
                run_id INTEGER NOT NULL,
                stage TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE INDEX checkpoints_by_run ON checkpoints (run_id);
            CREATE TABLE deployments (
                id TEXT PRIMARY KEY,
                environment_id INTEGER NOT NULL,
                run_id INTEGER NOT NULL,
                queued_at DOUBLE PRECISION NOT NULL,
                finished_at DOUBLE PRECISION,
                result TEXT,
                body TEXT NOT NULL
            );
            CREATE INDEX deployments_by_environment ON deployments (environment_id, queued_at);
            CREATE INDEX deployments_by_run ON deployments (run_id);
            CREATE TABLE variable_groups (
                id INTEGER PRIMARY KEY,
                project_id TEXT NOT NULL,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            )
            """
    )
}
