import ArgumentParser
import Foundation
import RoostClient
import RoostWire

/// Values of variables; secret ones come from a file, because others can read arguments.
struct VariableGroupValues: ParsableArguments {
    @Argument(help: ArgumentHelp("Variables and their values.", valueName: "name=value"))
    var values: [Assignment] = []

    @Option(
        help: ArgumentHelp(
            "Secret variable whose value is in a file ('-' is the standard input); may be repeated.",
            valueName: "name=file"
        )
    )
    var secretFile: [Assignment] = []

    /// What the server is told.
    func wires() throws -> [String: VariableValueWire] {
        var wires = Assignment.dictionary(values).mapValues { VariableValueWire(value: $0) }
        for secret in secretFile {
            wires[secret.name] = VariableValueWire(value: try Self.content(of: secret.value), isSecret: true)
        }
        return wires
    }

    /// Without the line end behind it, which editors add.
    private static func content(of path: String) throws -> String {
        let data: Data
        if path == "-" {
            data = FileHandle.standardInput.readDataToEndOfFile()
        } else {
            do { data = try Data(contentsOf: URL(filePath: path)) } catch {
                throw ValidationError("The file '\(path)' with a secret cannot be read.")
            }
        }
        var text = String(decoding: data, as: UTF8.self)
        while text.last?.isNewline == true { text.removeLast() }
        guard !text.isEmpty else { throw ValidationError("The file '\(path)' with a secret is empty.") }
        return text
    }
}
