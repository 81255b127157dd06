/// One step of the schema's history.
///
/// Migrations are numbered from 1 without gaps and never changed once released: a new step is a new number. Their text is plain
/// SQL that names no type of the program, so that an old step still runs when the nouns have moved on. They are written for all
/// engines: `INTEGER` stands for a whole number of 64 bits (an engine whose `INTEGER` is narrower replaces the word).
struct Migration: Sendable {
    let number: Int
    let sql: String
    /// Whether the events of the audit are chained after it, in the same transaction.
    var chainsAudit = false
}

extension Migration {
    /// Remembers which steps a store has been through; made before the first of them.
    static let historyTable = """
        CREATE TABLE IF NOT EXISTS roost_schema (version INTEGER PRIMARY KEY, applied_at DOUBLE PRECISION NOT NULL)
        """
    static let currentVersion = "SELECT MAX(version) FROM roost_schema"
    static let record = "INSERT INTO roost_schema (version, applied_at) VALUES (?, ?)"

    /// All steps, oldest first.
    static let all: [Migration] = [
        initialTables, environments, serviceConnections, content, checkouts, tests, auditChain, secrets, imageUses,
        elasticLogs,
    ]

    /// The version of a store that went through all steps.
    static var newest: Int { all.last?.number ?? 0 }
}
