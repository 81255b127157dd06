/// A connection of an engine inside one transaction; all statements of this module go through it.
///
/// The statements are written once for all engines. They use `?` for values, `INSERT … ON CONFLICT … DO UPDATE`, partial
/// indexes and plain joins, and nothing that only one engine has.
protocol SQLConnection {
    /// Runs a statement that gives no rows.
    func execute(_ sql: String, _ values: [SQLValue]) throws

    /// Runs a query and hands each row over; `table` names it in errors.
    func query(_ sql: String, _ values: [SQLValue], table: String, _ row: (inout ColumnReader) throws -> Void) throws
}
