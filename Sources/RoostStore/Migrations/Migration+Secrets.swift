extension Migration {
    /// Versions of the secrets of vaults; values are sealed.
    ///
    /// The newest of a name has the highest `seq`.
    static let secrets = Migration(
        number: 8,
        sql: """
            CREATE TABLE secret_versions (
                vault_id TEXT NOT NULL,
                name_key TEXT NOT NULL,
                version TEXT NOT NULL,
                seq INTEGER NOT NULL,
                deleted_at DOUBLE PRECISION,
                purge_at DOUBLE PRECISION,
                body TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (vault_id, name_key, version)
            );
            CREATE UNIQUE INDEX secret_versions_in_order ON secret_versions (seq);
            CREATE INDEX secret_versions_of_secret ON secret_versions (vault_id, name_key, seq);
            CREATE INDEX secret_versions_to_purge ON secret_versions (purge_at) WHERE purge_at IS NOT NULL
            """
    )
}
