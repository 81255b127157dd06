public import FoundationEssentials
import GRDB

extension SQLiteStore {
    /// Seals all secrets of the store anew with the newest key of its sealer, in transactions of some rows each.
    ///
    /// To be called before the store is used otherwise. It may be ended at any moment and called again.
    ///
    /// - Parameters:
    ///   - batch: most rows of one transaction.
    ///   - setting: what only the owner of a setting knows how to seal anew, from its name and value; nil when there is nothing to do.
    ///   - passed: told after each transaction.
    /// - Throws: ``StoreError``.
    public func resealAll(
        batch: Int = 200,
        setting: @escaping @Sendable (String, Data) throws -> Data? = { _, _ in nil },
        passed: @Sendable () async throws -> Void = {}
    ) async throws {
        var place: SealingSweep<SQLiteConnection>.Place? = .init()
        while let from = place {
            place = try await write { reader, sealer in
                try SealingSweep(reader: reader, sealer: sealer, setting: setting).sweep(from, limit: batch)
            }
            try await passed()
        }
        try await emptyLog()
    }

    /// The settings whose names begin with a text.
    public func settings(prefix: String) async throws(StoreError) -> [String: Data] {
        try await read { try $0.settings().filter { $0.key.hasPrefix(prefix) } }
    }
}
