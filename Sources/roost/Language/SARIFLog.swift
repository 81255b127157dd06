import Foundation
import RoostLanguage

/// Problems in the Static Analysis Results Interchange Format, version 2.1.0, which code hosts and editors show beside the code.
struct SARIFLog: Encodable {
    struct Text: Encodable { var text: String }

    struct Rule: Encodable { var id: String }

    struct Driver: Encodable {
        var name = "roost"
        var version: String
        var rules: [Rule]
    }

    struct Tool: Encodable { var driver: Driver }

    struct Artifact: Encodable { var uri: String }

    struct Region: Encodable {
        var startLine: Int
        var startColumn: Int
        var endLine: Int
        var endColumn: Int
    }

    struct Physical: Encodable {
        var artifactLocation: Artifact
        var region: Region
    }

    struct Location: Encodable {
        var physicalLocation: Physical
        var message: Text?
    }

    struct Result: Encodable {
        var ruleId: String
        var level: String
        var message: Text
        var locations: [Location]
        var relatedLocations: [Location]?
    }

    struct Run: Encodable {
        var tool: Tool
        /// Columns count characters, not UTF-16 units.
        var columnKind = "unicodeCodePoints"
        var results: [Result]
    }

    private enum CodingKeys: String, CodingKey { case schema = "$schema", version, runs }

    var schema = "https://json.schemastore.org/sarif-2.1.0.json"
    var version = "2.1.0"
    var runs: [Run]

    init(_ diagnostics: [Diagnostic], version: String) {
        let rules = Set(diagnostics.map(\.code)).sorted().map(Rule.init)
        let driver = Driver(version: version, rules: rules)
        runs = [Run(tool: Tool(driver: driver), results: diagnostics.map(Self.result))]
    }

    private static func result(_ diagnostic: Diagnostic) -> Result {
        let parts = [diagnostic.summary, diagnostic.detail, diagnostic.advice].compactMap { $0 }
        let related = diagnostic.notes.compactMap { note in note.span.map { location($0, note.text) } }
        return Result(
            ruleId: diagnostic.code,
            level: diagnostic.severity.rawValue,
            message: Text(text: parts.joined(separator: "\n")),
            locations: diagnostic.span.map { [location($0, nil)] } ?? [],
            relatedLocations: related.isEmpty ? nil : related
        )
    }

    private static func location(_ span: SourceSpan, _ text: String?) -> Location {
        let region = Region(
            startLine: span.start.line,
            startColumn: span.start.column,
            endLine: span.end.line,
            endColumn: max(span.end.column, span.end.line == span.start.line ? span.start.column : 1)
        )
        let physical = Physical(artifactLocation: Artifact(uri: uri(span.file)), region: region)
        return Location(physicalLocation: physical, message: text.map(Text.init))
    }

    /// A relative path as a relative reference, an absolute one as a file URL.
    private static func uri(_ path: String) -> String {
        if path.hasPrefix("/") { return URL(fileURLWithPath: path).absoluteString }
        return path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    }
}
