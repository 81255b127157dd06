import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// How the commands of images print: for a person, as JSON, or as lines for machines as packer has them.
struct ImageOutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "How to print: table (for a person) or json.")
    var output: OutputFormat = .table

    @Flag(
        name: [.customLong("machine-readable", withSingleDash: true), .customLong("machine-readable")],
        help: "Print lines of time, target, category and data, as packer does."
    )
    var machineReadable = false

    @Option(
        name: [.customLong("color", withSingleDash: true), .customLong("color")],
        help: ArgumentHelp("Whether to colour; by default on a terminal.", valueName: "true|false")
    )
    var color: Bool?

    var form: ImageOutput.Form {
        machineReadable ? .machine : output == .json ? .json : .person(isColoured: color)
    }

    func validate() throws {
        if output == .json, machineReadable {
            throw ValidationError("Choose one of --output json and -machine-readable.")
        }
    }
}

/// Prints what was found in a template; nothing secret of it is shown in any form.
struct ImageOutput {
    /// For whom it prints.
    enum Form {
        /// With colours on a terminal, unless it is said.
        case person(isColoured: Bool?)
        case json
        case machine
    }

    private let form: Form
    private let secrets: SecretTexts
    private let sources: [SourceText]

    init(_ form: Form, _ reading: ImageTemplateReading) {
        self.form = form
        secrets = SecretTexts(reading.plan)
        sources = reading.sources
    }

    var isJSON: Bool {
        if case .json = form { true } else { false }
    }

    private var isForMachines: Bool {
        if case .machine = form { true } else { false }
    }

    /// For a person, or as a line for machines.
    func say(_ text: String) {
        let text = secrets.masked(text)
        Terminal.print(isForMachines ? MachineLine("ui", ["say", text]).text : text)
    }

    /// Only for machines; a person reads it in what is said.
    func tell(_ category: String, _ data: [String]) {
        if isForMachines { Terminal.print(MachineLine(category, data.map(secrets.masked)).text) }
    }

    func print(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        Terminal.print(secrets.masked(String(decoding: try encoder.encode(value), as: UTF8.self)))
    }

    /// Problems, on standard error unless they are for machines; as JSON they are a part of the answer.
    func report(_ diagnostics: [Diagnostic]) {
        guard !diagnostics.isEmpty else { return }
        switch form {
        case .json: break
        case .machine:
            for diagnostic in diagnostics {
                Terminal.print(MachineLine("ui", ["error", rendered([diagnostic], .plain, counted: false)]).text)
            }
        case .person(let isColoured):
            let style: DiagnosticRenderer.Style =
                isColoured ?? Terminal.standardError.hasColor ? .coloured : .plain
            Terminal.printError(String(rendered(diagnostics, style, counted: true).dropLast()))
        }
    }

    /// Problems as text without secrets; a word that is one may well stand in the name of a file, which is kept.
    private func rendered(_ diagnostics: [Diagnostic], _ style: DiagnosticRenderer.Style, counted: Bool) -> String {
        let tokens = Dictionary(sources.enumerated().map { ($1.name, "⟦\($0)⟧") }) { first, _ in first }
        let hidden = sources.map { SourceText(name: tokens[$0.name] ?? $0.name, text: $0.text) }
        let renamed = diagnostics.map { $0.renamingFiles { tokens[$0] ?? $0 } }
        let renderer = DiagnosticRenderer(style: style, sources: hidden)
        let text = counted ? renderer.render(renamed) : renamed.map(renderer.render).joined()
        return tokens.reduce(secrets.masked(text)) { $0.replacing($1.value, with: $1.key) }
    }
}

/// A line for machines: time, target, category, data.
struct MachineLine {
    let text: String

    init(_ category: String, _ data: [String], target: String = "", at time: Date = Date()) {
        let fields = [String(Int(time.timeIntervalSince1970)), target, category] + data
        text = fields.map(Self.escaped).joined(separator: ",")
    }

    /// Commas and ends of lines are written so that a line stays one and its fields can be told apart.
    private static func escaped(_ field: String) -> String {
        field.replacing("\r\n", with: "\\r\\n").replacing("\n", with: "\\n").replacing("\r", with: "\\r")
            .replacing(",", with: "%!(PACKER_COMMA)")
    }
}
