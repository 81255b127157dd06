/// The stored shape of a noun: the columns that are searched or that change often, and a JSON body with the rest.
///
/// Bodies are only ever extended: a new field is optional, and a body without it gives the noun's default.
protocol StoredRow {
    associatedtype Noun

    static var table: SQLTable { get }
    /// In the order of the table's columns.
    var values: [SQLValue] { get }

    init(_ noun: Noun, _ coding: BodyCoding) throws
    init(reading columns: inout ColumnReader) throws
    func noun(_ coding: BodyCoding) throws -> Noun
}

extension SQLConnection {
    /// Inserts a noun or replaces it.
    func put<Row: StoredRow>(_ row: Row) throws {
        try execute(Row.table.upsert, row.values)
    }

    /// Nouns of a query of the row's columns; `rest` is what follows `FROM table`.
    func nouns<Row: StoredRow>(
        _ type: Row.Type,
        _ coding: BodyCoding,
        _ rest: String = "",
        _ values: [SQLValue] = []
    ) throws -> [Row.Noun] {
        var nouns: [Row.Noun] = []
        try query(Row.table.select(rest), values, table: Row.table.name) { columns in
            nouns.append(try Row(reading: &columns).noun(coding))
        }
        return nouns
    }
}
