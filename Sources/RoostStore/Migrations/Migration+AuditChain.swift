extension Migration {
    /// Hashes that chain the audit, and where the chain ends; the events that are there already are chained by the engine.
    static let auditChain = Migration(
        number: 7,
        sql: """
            ALTER TABLE audit_events ADD COLUMN previous_hash TEXT NOT NULL DEFAULT '';
            ALTER TABLE audit_events ADD COLUMN hash TEXT NOT NULL DEFAULT '';
            CREATE TABLE audit_head (
                id INTEGER PRIMARY KEY,
                seq INTEGER NOT NULL,
                hash TEXT NOT NULL
            );
            INSERT INTO audit_head (id, seq, hash)
            VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')
            """,
        chainsAudit: true
    )
}
