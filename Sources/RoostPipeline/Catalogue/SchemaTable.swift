/// The tables of the schema, in the form ``SchemaTableReader`` reads.
enum SchemaTable {
    static let all = [parts, triggers, resources, jobs, steps, root].joined(separator: "\n")
}
