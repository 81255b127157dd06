import ArgumentParser
import Foundation

/// How a command prints its answer.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}

/// The option that every command with an answer has.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "How to print: table or json.")
    var output: OutputFormat = .table

    /// Prints a value as JSON, or what the closure makes for a person.
    func print<Value: Encodable>(_ value: Value, table: (Terminal) -> String) throws {
        switch output {
        case .table: Terminal.print(table(.standard))
        case .json:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            Terminal.print(String(decoding: try encoder.encode(value), as: UTF8.self))
        }
    }

    /// Prints a list, or a sentence when nothing is in it.
    func print<Value: Encodable>(list: [Value], empty: String, table: (Terminal) -> Table) throws {
        try print(list) { list.isEmpty ? empty : table($0).render($0) }
    }
}
