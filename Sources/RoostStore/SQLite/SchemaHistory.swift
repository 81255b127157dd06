import FoundationEssentials
import GRDB
import Logging

/// Applies the migrations a file has not seen.
struct SchemaHistory {
    let database: Database
    let path: String
    let logger: Logger

    /// Applies what is missing, each step in a transaction of its own.
    ///
    /// - Throws: ``StoreError/newerVersion(path:found:known:)`` before anything is changed, or that the file belongs to another program.
    func bringUpToDate() throws {
        let version = try storedVersion()
        guard version <= Migration.newest else {
            throw StoreError.newerVersion(path: path, found: version, known: Migration.newest)
        }
        for migration in Migration.all where migration.number > version { try apply(migration) }
    }

    /// 0 when the file is new.
    private func storedVersion() throws -> Int {
        if try database.tableExists("roost_schema") {
            return try Int.fetchOne(database, sql: Migration.currentVersion) ?? 0
        }
        let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        guard tables == 0 else {
            throw StoreError.cannotOpen(path: path, reason: "it is a database of another program")
        }
        try database.execute(sql: Migration.historyTable)
        return 0
    }

    private func apply(_ migration: Migration) throws {
        try database.inTransaction(.immediate) {
            try database.execute(sql: migration.sql)
            if migration.chainsAudit {
                let connection = SQLiteConnection(database: database, counter: StatementCounter())
                try AuditChaining.chainStored(on: connection)
            }
            try database.execute(
                sql: Migration.record,
                arguments: [migration.number, Date.now.timeIntervalSinceReferenceDate]
            )
            return .commit
        }
        logger.info("the store's schema was changed", metadata: ["version": "\(migration.number)", "path": "\(path)"])
    }
}
