/// The columns of a table, and the statements made of them.
struct SQLTable: Sendable {
    let name: String
    /// Inserts a row, or replaces the one with the same key; takes the values of all columns in order.
    let upsert: String
    /// Deletes by key.
    let delete: String
    /// `table.column, …` of the columns that are read.
    let columns: String

    /// Describes a table.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - key: the columns of the primary key.
    ///   - columns: all columns that are read and written, those of the key first.
    ///   - computed: columns that are only set when the row is new, and the expressions that give them.
    ///   - merged: columns whose new value depends on the old one, and the expressions that give it.
    init(
        _ name: String,
        key: [String] = ["id"],
        columns: [String],
        computed: [(column: String, expression: String)] = [],
        merged: [String: String] = [:]
    ) {
        self.name = name
        self.columns = columns.map { "\(name).\($0)" }.joined(separator: ", ")
        let names = columns + computed.map(\.column)
        let values = columns.map { _ in "?" } + computed.map(\.expression)
        let changes = columns.filter { !key.contains($0) }.map { "\($0) = \(merged[$0] ?? "excluded.\($0)")" }
        upsert = """
            INSERT INTO \(name) (\(names.joined(separator: ", "))) VALUES (\(values.joined(separator: ", "))) \
            ON CONFLICT (\(key.joined(separator: ", "))) DO UPDATE SET \(changes.joined(separator: ", "))
            """
        delete = "DELETE FROM \(name) WHERE \(key.map { "\($0) = ?" }.joined(separator: " AND "))"
    }

    /// A query of the columns that are read.
    func select(_ rest: String = "") -> String { "SELECT \(columns) FROM \(name) \(rest)" }
}
