import ArgumentParser
import Foundation
import RoostLanguage
import RoostTemplate

/// Problems of HCL files on standard error, as text with the lines they are in or as JSON.
struct HCLReport {
    private let isJSON: Bool
    private var sources: [SourceText] = []
    private var diagnostics: [Diagnostic] = []

    init(isJSON: Bool) { self.isJSON = isJSON }

    /// Remembers the file, so that its lines can be shown.
    mutating func add(_ file: HCLFile) -> HCLFile {
        sources.append(file.source)
        return file
    }

    /// Ends the command when there is an error, with all that was found so far.
    mutating func end(adding problems: [Diagnostic]) throws {
        diagnostics += problems
        guard diagnostics.hasErrors else { return }
        if isJSON {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let data = try encoder.encode(HCLReportJSON(diagnostics: diagnostics.map(HCLReportJSON.Entry.init)))
            Terminal.printError(String(decoding: data, as: UTF8.self))
        } else {
            let style: DiagnosticRenderer.Style = Terminal.standardError.hasColor ? .coloured : .plain
            let text = DiagnosticRenderer(style: style, sources: sources).render(diagnostics)
            Terminal.printError(String(text.dropLast()))
        }
        throw ExitCode(2)
    }
}

/// Problems as `hcldec --diags=json` prints them.
private struct HCLReportJSON: Encodable {
    struct Entry: Encodable {
        let severity: String
        let summary: String
        let detail: String?
        let subject: HCLRangeJSON?

        init(_ diagnostic: Diagnostic) {
            severity = diagnostic.severity.rawValue
            summary = diagnostic.summary
            detail = [diagnostic.detail, diagnostic.advice].compactMap(\.self).joined(separator: " ")
            subject = diagnostic.span.map(HCLRangeJSON.init)
        }
    }

    let diagnostics: [Entry]
}
