import FoundationEssentials
import GRDB
import Synchronization

/// Counts statements, from any thread.
final class StatementCounter: Sendable {
    private let counted = Atomic(0)

    var count: Int { counted.load(ordering: .relaxed) }
    func add() { counted.wrappingAdd(1, ordering: .relaxed) }
}

/// A GRDB connection, with each statement prepared once.
struct SQLiteConnection: SQLConnection {
    let database: Database
    let counter: StatementCounter

    func execute(_ sql: String, _ values: [SQLValue]) throws {
        counter.add()
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments(values))
    }

    func query(_ sql: String, _ values: [SQLValue], table: String, _ row: (inout ColumnReader) throws -> Void) throws {
        counter.add()
        let statement = try database.cachedStatement(sql: sql)
        let rows = try Row.fetchCursor(statement, arguments: StatementArguments(values))
        while let next = try rows.next() {
            var columns = ColumnReader(table: table, next.databaseValues.map { SQLValue($0) })
            try row(&columns)
        }
    }
}

extension SQLValue: DatabaseValueConvertible {
    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let number): number.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text): text.databaseValue
        }
    }

    static func fromDatabaseValue(_ value: DatabaseValue) -> SQLValue? { SQLValue(value) }

    init(_ value: DatabaseValue) {
        self =
            switch value.storage {
            case .null: .null
            case .int64(let number): .integer(Int(number))
            case .double(let number): .real(number)
            case .string(let text): .text(text)
            case .blob(let data): .text(String(decoding: data, as: UTF8.self))
            }
    }
}
