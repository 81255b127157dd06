extension Migration {
    /// Test results and code coverage of runs; texts of results are blobs.
    static let tests = Migration(
        number: 6,
        sql: """
            CREATE TABLE test_runs (
                id INTEGER PRIMARY KEY,
                run_id INTEGER NOT NULL,
                pipeline_id INTEGER NOT NULL,
                branch TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE INDEX test_runs_by_run ON test_runs (run_id);
            CREATE INDEX test_runs_by_pipeline ON test_runs (pipeline_id, id);
            CREATE TABLE test_names (
                id INTEGER PRIMARY KEY,
                pipeline_id INTEGER NOT NULL,
                name TEXT NOT NULL,
                title TEXT NOT NULL,
                storage TEXT NOT NULL
            );
            CREATE INDEX test_names_by_name ON test_names (name);
            CREATE TABLE test_results (
                test_run_id INTEGER NOT NULL,
                id INTEGER NOT NULL,
                run_id INTEGER NOT NULL,
                name_id INTEGER NOT NULL,
                outcome INTEGER NOT NULL,
                unstable INTEGER NOT NULL,
                duration DOUBLE PRECISION NOT NULL,
                attempts TEXT,
                text_offset INTEGER NOT NULL,
                text_length INTEGER NOT NULL,
                PRIMARY KEY (test_run_id, id)
            );
            CREATE INDEX test_results_by_name ON test_results (name_id, test_run_id);
            CREATE INDEX test_results_by_run ON test_results (run_id);
            CREATE TABLE code_coverage (
                run_id INTEGER PRIMARY KEY,
                pipeline_id INTEGER NOT NULL,
                branch TEXT NOT NULL,
                body TEXT NOT NULL
            );
            CREATE INDEX code_coverage_by_branch ON code_coverage (pipeline_id, branch, run_id)
            """
    )
}
