extension Migration {
    /// Which jobs ran on which image; rows are only added, and go with their run.
    static let imageUses = Migration(
        number: 9,
        sql: """
            CREATE TABLE image_uses (
                seq INTEGER PRIMARY KEY,
                image TEXT NOT NULL,
                run_id INTEGER NOT NULL,
                job_id TEXT NOT NULL,
                agent_name TEXT NOT NULL,
                happened_at DOUBLE PRECISION NOT NULL
            );
            CREATE INDEX image_uses_by_run ON image_uses (run_id);
            CREATE INDEX image_uses_by_image ON image_uses (image, happened_at)
            """
    )
}
