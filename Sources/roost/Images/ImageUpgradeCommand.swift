import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// `roost image upgrade`: writes a template of JSON as one of HCL2, as `packer hcl2_upgrade` does, and loses nothing on the way.
struct ImageUpgradeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Write a JSON template of Packer as HCL2.",
        discussion: """
            What cannot be said in HCL2 is an error with its place, and then nothing is written; what should be looked at is a warning.

              roost image upgrade template.json
              roost image upgrade -output-file build.pkr.hcl -with-annotations template.json
              roost image upgrade -output-file - template.json

            Exit codes: 0 written, 1 errors, 64 wrong usage.
            """
    )

    @Argument(help: "The template of JSON.", completion: .file(extensions: ["json"]))
    var template: String

    @Option(
        name: [.customLong("output-file", withSingleDash: true), .customLong("output-file")],
        help: "Where the text goes, - for standard output; by default the name of the template with .pkr.hcl after it.",
        completion: .file()
    )
    var outputFile: String?

    @Flag(
        name: [.customLong("with-annotations", withSingleDash: true), .customLong("with-annotations")],
        help: "Explain the parts in comments."
    )
    var withAnnotations = false

    @Flag(help: "Write over a file that is there already.")
    var force = false

    func run() throws {
        guard let data = FileManager.default.contents(atPath: template) else {
            throw HCLFileFailure.unreadable([template])
        }
        let upgraded = PackerUpgrade.upgraded([UInt8](data), name: template, isAnnotated: withAnnotations)
        if !upgraded.diagnostics.isEmpty {
            let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
            let text = DiagnosticRenderer(style: style, sources: [upgraded.source]).render(upgraded.diagnostics)
            Terminal.printError(String(text.dropLast()))
        }
        if upgraded.diagnostics.hasErrors { throw RoostExit.failed.code }
        try write(upgraded.text)
    }

    private func write(_ text: String) throws {
        let path = outputFile ?? template + ".pkr.hcl"
        guard path != "-" else { return Terminal.print(String(text.dropLast())) }
        guard force || !FileManager.default.fileExists(atPath: path) else {
            throw HCLFileFailure.exists(path)
        }
        do { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) } catch {
            throw HCLFileFailure.unwritable(path)
        }
        Terminal.print("Wrote \(path).")
    }
}
