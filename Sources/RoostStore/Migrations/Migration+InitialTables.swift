extension Migration {
    /// The tables of the first release.
    ///
    /// Moments are seconds since 2001-01-01 UTC, flags are 0 or 1, UUIDs are lower-case texts, bodies are JSON.
    static let initialTables = Migration(
        number: 1,
        sql: """
            CREATE TABLE projects (
                id TEXT PRIMARY KEY,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE TABLE pools (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE TABLE queues (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                pool_id INTEGER NOT NULL,
                project_id TEXT NOT NULL
            );
            CREATE TABLE agents (
                id INTEGER PRIMARY KEY,
                pool_id INTEGER NOT NULL,
                name TEXT NOT NULL,
                enabled INTEGER NOT NULL,
                retired_at DOUBLE PRECISION,
                status_changed_at DOUBLE PRECISION,
                last_request_id INTEGER,
                body TEXT NOT NULL
            );
            CREATE TABLE pipelines (
                id INTEGER PRIMARY KEY,
                project_id TEXT NOT NULL,
                name TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE TABLE runs (
                id INTEGER PRIMARY KEY,
                project_id TEXT NOT NULL,
                pipeline_id INTEGER NOT NULL,
                plan_id TEXT NOT NULL,
                number TEXT NOT NULL,
                state TEXT NOT NULL,
                result TEXT,
                source_branch TEXT NOT NULL,
                requested_by TEXT NOT NULL,
                queued_at DOUBLE PRECISION NOT NULL,
                started_at DOUBLE PRECISION,
                finished_at DOUBLE PRECISION,
                body TEXT NOT NULL
            );
            CREATE UNIQUE INDEX runs_by_plan ON runs (plan_id);
            CREATE INDEX runs_by_project ON runs (project_id, id);
            CREATE INDEX runs_by_pipeline ON runs (pipeline_id, id);
            CREATE INDEX runs_active ON runs (id) WHERE result IS NULL;
            CREATE TABLE run_plans (
                run_id INTEGER PRIMARY KEY,
                body TEXT NOT NULL
            );
            CREATE TABLE jobs (
                id TEXT PRIMARY KEY,
                run_id INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                request_id INTEGER,
                pool_id INTEGER,
                agent_id INTEGER,
                agent_name TEXT,
                state TEXT NOT NULL,
                result TEXT,
                machine_failure INTEGER NOT NULL,
                queued_at DOUBLE PRECISION,
                started_at DOUBLE PRECISION,
                finished_at DOUBLE PRECISION,
                lease_agent_name TEXT,
                assigned_at DOUBLE PRECISION,
                locked_until DOUBLE PRECISION,
                message_id INTEGER,
                message_acknowledged INTEGER NOT NULL,
                cancel_deadline DOUBLE PRECISION,
                body TEXT NOT NULL
            );
            CREATE INDEX jobs_by_run ON jobs (run_id, seq);
            CREATE UNIQUE INDEX jobs_by_request ON jobs (request_id);
            CREATE INDEX jobs_finished_by_pool ON jobs (pool_id, finished_at) WHERE result IS NOT NULL;
            CREATE INDEX jobs_finished_by_agent ON jobs (agent_id, finished_at) WHERE result IS NOT NULL;
            CREATE TABLE timeline_records (
                run_id INTEGER NOT NULL,
                id TEXT NOT NULL,
                seq INTEGER NOT NULL,
                body TEXT NOT NULL,
                PRIMARY KEY (run_id, id)
            );
            CREATE INDEX timeline_records_in_order ON timeline_records (run_id, seq);
            CREATE TABLE run_logs (
                run_id INTEGER NOT NULL,
                id INTEGER NOT NULL,
                path TEXT NOT NULL,
                created_at DOUBLE PRECISION NOT NULL,
                line_count INTEGER NOT NULL,
                byte_count INTEGER NOT NULL,
                finished INTEGER NOT NULL,
                PRIMARY KEY (run_id, id)
            );
            CREATE TABLE access_tokens (
                id TEXT PRIMARY KEY,
                owner TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE TABLE settings (
                name TEXT PRIMARY KEY,
                content TEXT NOT NULL
            );
            CREATE TABLE audit_events (
                seq INTEGER PRIMARY KEY,
                happened_at DOUBLE PRECISION NOT NULL,
                body TEXT NOT NULL
            );
            CREATE INDEX audit_events_by_time ON audit_events (happened_at, seq);
            CREATE TABLE counters (
                name TEXT PRIMARY KEY,
                highest INTEGER NOT NULL
            );
            """
    )
}
